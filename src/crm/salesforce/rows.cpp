#include "crm/salesforce/rows.h"

#include <simdjson.h>

#include <algorithm>
#include <set>

#include "base/record_id.h"
#include "base/text.h"
#include "crm/salesforce/json_text.h"
#include "model/digest.h"

namespace cosell::salesforce {
namespace {

namespace json = simdjson::ondemand;

constexpr std::string_view kContactLookup = "ContactId";
constexpr std::size_t kDigestLength = 16;

// They move without an edit.
constexpr std::string_view kStamps[] = {
    "SystemModstamp", "LastModifiedDate", "LastModifiedById",   "CreatedDate",
    "CreatedById",    "LastViewedDate",   "LastReferencedDate", "LastActivityDate",
    "IsDeleted",      "HasOpenActivity",  "HasOverdueTask",
};

bool IsStamp(std::string_view name) {
  return std::find(std::begin(kStamps), std::end(kStamps), name) != std::end(kStamps);
}

std::string IdText(std::string_view text) {
  return Quoted(NormalizeSalesforceId(text).value_or(std::string(text)));
}

std::string InstantText(std::string_view text) {
  const auto at = ParseInstant(text);
  return Quoted(at ? FormatInstant(*at) : std::string(text));
}

std::string TextOf(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::date:
      return Quoted(CalendarDate(text).value_or(std::string(text)));
    case FieldType::datetime:
      return InstantText(text);
    case FieldType::multi_choice:
      return Quoted(Join(Split(text, ';'), "; "));
    case FieldType::reference:
      return IdText(text);
    default:
      return Quoted(text);
  }
}

std::string FlatValue(FieldType type, json::value value) {
  switch (value.type()) {
    case json::json_type::string:
      return TextOf(type, value.get_string());
    case json::json_type::number:
      return NormalizeNumber(value.raw_json_token());
    case json::json_type::boolean:
      return value.get_bool() ? "true" : "false";
    default:
      return "null";
  }
}

std::string String(json::value value) {
  if (value.type() != json::json_type::string) return "";
  return std::string(std::string_view(value.get_string()));
}

Error NotTheJsonExpected(const char* detail) {
  Error error;
  error.kind = ErrorKind::invalid_response;
  error.message =
      "Salesforce's answer is not the JSON its REST API gives (" + std::string(detail) + ")";
  return error;
}

}  // namespace

// Reads one answer; lives no longer than that.
class RowParser {
 public:
  explicit RowParser(const RowReader& reader) : reader_(reader) {}

  Page ParsePage(json::document& document) {
    Page page;
    bool has_records = false;
    for (auto field : document.get_object()) {
      const std::string_view member = field.unescaped_key();
      if (member == "nextRecordsUrl") {
        page.next = String(field.value());
      } else if (member == "records") {
        has_records = true;
        for (auto item : field.value().get_array()) Take(Parse(item.get_object()), page);
      }
    }
    if (!has_records) throw simdjson::simdjson_error(simdjson::NO_SUCH_FIELD);
    return page;
  }

  Page ParseRetrieved(json::document& document) {
    Page page;
    for (auto item : document.get_array()) {
      json::value value = item.value();
      if (value.type() == json::json_type::object) Take(Parse(value.get_object()), page);
    }
    return page;
  }

 private:
  Row Parse(json::object object) {
    Row row;
    row.values.assign(reader_.names_.size(), "null");
    AddNulls(row);
    for (auto field : object)
      Member(std::string(std::string_view(field.unescaped_key())), field.value(), row);
    return row;
  }

  static void Take(Row row, Page& page) {
    if (row.id.empty()) {
      ++page.unreadable_rows;
    } else {
      page.rows.push_back(std::move(row));
    }
  }

  // A missing related record gives null, so every dotted column has a value to begin with.
  void AddNulls(Row& row) {
    const auto add = [&row](const RowReader::RelatedSlot& slot) {
      for (const std::string& name : slot.fields) {
        row.related.emplace_back(slot.lookup + "." + name, "null");
      }
    };
    for (const auto& [relationship, slot] : reader_.parents_) add(slot);
    add(reader_.contact_);
  }

  void Member(const std::string& member, json::value value, Row& row) {
    if (const auto slot = reader_.slots_.find(member); slot != reader_.slots_.end()) {
      return OwnMember(member, slot->second, value, row);
    }
    if (const auto parent = reader_.parents_.find(member); parent != reader_.parents_.end()) {
      return Related(parent->second, value, row);
    }
    if (!reader_.contact_roles_.empty() && member == reader_.contact_roles_)
      PrimaryRole(value, row);
  }

  void OwnMember(const std::string& member, const RowReader::Slot& slot, json::value value,
                 Row& row) {
    if (member == "SystemModstamp") {
      row.stamp = String(value);
      row.values[slot.index] = InstantText(row.stamp);
      return;
    }
    std::string flat = FlatValue(slot.type, value);
    if (member == "Id") row.id = NormalizeSalesforceId(Unquoted(flat)).value_or("");
    if (member == "IsDeleted") row.deleted = flat == "true";
    row.values[slot.index] = std::move(flat);
  }

  void Related(const RowReader::RelatedSlot& slot, json::value value, Row& row) {
    if (value.type() != json::json_type::object) return;
    for (auto field : value.get_object()) {
      const std::string name =
          slot.lookup + "." + std::string(std::string_view(field.unescaped_key()));
      const auto known = std::find_if(row.related.begin(), row.related.end(),
                                      [&](const auto& each) { return each.first == name; });
      if (known != row.related.end()) known->second = FlatValue(FieldType::text, field.value());
    }
  }

  // {"records": [{"Contact": {...}}]}
  void PrimaryRole(json::value value, Row& row) {
    if (value.type() != json::json_type::object) return;
    for (auto field : value.get_object()) {
      if (std::string_view(field.unescaped_key()) != "records") continue;
      for (auto role : field.value().get_array()) {
        for (auto member : role.get_object()) {
          if (std::string_view(member.unescaped_key()) == "Contact") {
            Related(reader_.contact_, member.value(), row);
          }
        }
      }
    }
  }

  const RowReader& reader_;
};

RowReader::RowReader(const Object& object, const Columns& columns) {
  std::set<std::string> wanted(columns.own.begin(), columns.own.end());
  wanted.insert("Id");
  wanted.insert(columns.computed.begin(), columns.computed.end());
  for (const std::string& name : wanted) {
    if (columns.computed.contains(name)) {
      names_.push_back(name);
      continue;
    }
    const Field* field = object.Find(name);
    if (field == nullptr || field->type == FieldType::compound) continue;
    slots_.emplace(name, Slot{names_.size(), field->type});
    names_.push_back(name);
    fields_.push_back(name);
  }
  select_ = fields_;
  SelectRelated(object, columns);
}

void RowReader::SelectRelated(const Object& object, const Columns& columns) {
  for (const auto& [lookup, names] : columns.related) {
    if (names.empty()) continue;
    if (lookup == kContactLookup) {
      if (columns.contact_roles.empty()) continue;
      contact_roles_ = columns.contact_roles;
      contact_ = {lookup, names};
      continue;
    }
    const Field* field = object.Find(lookup);
    if (field == nullptr || field->relationship.empty()) continue;
    for (const std::string& name : names) select_.push_back(field->relationship + "." + name);
    parents_.emplace(field->relationship, RelatedSlot{lookup, names});
  }
  if (contact_roles_.empty()) return;
  std::vector<std::string> paths;
  for (const std::string& name : contact_.fields) paths.push_back("Contact." + name);
  select_.push_back("(SELECT " + Join(paths, ", ") + " FROM " + contact_roles_ +
                    " WHERE IsPrimary = true)");
}

std::optional<std::size_t> RowReader::IndexOf(std::string_view field) const {
  const auto found = std::lower_bound(names_.begin(), names_.end(), field);
  if (found == names_.end() || *found != field) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

bool RowReader::ReadsRelated(std::string_view lookup, std::string_view field) const {
  const auto has = [&](const RelatedSlot& slot) {
    return slot.lookup == lookup &&
           std::find(slot.fields.begin(), slot.fields.end(), field) != slot.fields.end();
  };
  return has(contact_) || std::any_of(parents_.begin(), parents_.end(),
                                      [&](const auto& parent) { return has(parent.second); });
}

Result<Page> RowReader::ReadPage(const std::string& body) const {
  try {
    json::parser parser;
    const simdjson::padded_string text(body);
    json::document document = parser.iterate(text);
    return RowParser(*this).ParsePage(document);
  } catch (const simdjson::simdjson_error& problem) {
    return NotTheJsonExpected(problem.what());
  }
}

Result<Page> RowReader::ReadRetrieved(const std::string& body) const {
  try {
    json::parser parser;
    const simdjson::padded_string text(body);
    json::document document = parser.iterate(text);
    return RowParser(*this).ParseRetrieved(document);
  } catch (const simdjson::simdjson_error& problem) {
    return NotTheJsonExpected(problem.what());
  }
}

void RowReader::SetComputed(Row& row, std::string_view column, std::string json) const {
  if (const auto index = IndexOf(column)) row.values[*index] = std::move(json);
}

std::string RowReader::ValueOf(const Row& row, std::string_view field) const {
  const auto index = IndexOf(field);
  return index ? row.values[*index] : std::string{};
}

std::string RowReader::PrintFlat(const Row& row) const {
  std::string out = "{";
  const auto add = [&out](const std::string& name, const std::string& value) {
    if (out.size() > 1) out += ',';
    AppendQuoted(out, name);
    out.append(":").append(value);
  };
  for (std::size_t i = 0; i < names_.size(); ++i) add(names_[i], row.values[i]);
  for (const auto& [name, value] : row.related) add(name, value);
  return out + "}";
}

std::string RowReader::EtagOf(const Row& row) const {
  std::string content;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!IsStamp(names_[i])) content.append(names_[i]).append("=").append(row.values[i]) += '\n';
  }
  return row.stamp + "#" + ContentHash(content).substr(0, kDigestLength);
}

std::optional<Instant> StampOf(std::string_view etag) {
  return ParseInstant(etag.substr(0, etag.rfind('#')));
}

}  // namespace cosell::salesforce
