#include "crm/dataverse/rows.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/odata.h"

namespace cosell::dataverse {
namespace {

namespace json = simdjson::ondemand;

constexpr std::string_view kTargetAnnotation = "@Microsoft.Dynamics.CRM.lookuplogicalname";

std::string LabelOf(const Column& column, std::int64_t value) {
  const auto found = column.labels.find(value);
  return found == column.labels.end() ? std::to_string(value) : found->second;
}

std::string ChoiceLabel(const Column& column, json::value value) {
  return Quoted(LabelOf(column, value.get_int64()));
}

// "1,9" -> "Email; Phone" (contract section 3.1).
std::string MultiChoiceLabels(const Column& column, std::string_view text) {
  std::vector<std::string> labels;
  for (const std::string& part : Split(text, ',')) {
    const std::string_view digits = Trim(part);
    std::int64_t value = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (!digits.empty() && problem == std::errc{}) labels.push_back(LabelOf(column, value));
  }
  return Quoted(Join(labels, "; "));
}

std::string InstantText(std::string_view text) {
  const auto at = ParseInstant(text);
  return Quoted(at ? FormatInstant(*at) : std::string(text));
}

std::string GuidText(std::string_view text) {
  return Quoted(NormalizeGuid(text).value_or(std::string(text)));
}

// The value as it is, whatever the column may be.
std::string Plain(json::value value) {
  switch (value.type()) {
    case json::json_type::string:
      return Quoted(value.get_string());
    case json::json_type::number:
      return NormalizeNumber(value.raw_json_token());
    case json::json_type::boolean:
      return value.get_bool() ? "true" : "false";
    default:
      return "null";
  }
}

std::string TextOf(const Column& column, std::string_view text) {
  switch (column.type) {
    case ColumnType::date:
      return Quoted(CalendarDate(text).value_or(std::string(text)));
    case ColumnType::datetime:
      return InstantText(text);
    case ColumnType::multi_choice:
      return MultiChoiceLabels(column, text);
    case ColumnType::lookup:
    case ColumnType::guid:
      return GuidText(text);
    default:
      return Quoted(text);
  }
}

std::string FlatValue(const Column& column, json::value value) {
  const json::json_type type = value.type();
  if (column.type == ColumnType::choice && type == json::json_type::number) {
    return ChoiceLabel(column, value);
  }
  if (type == json::json_type::string) return TextOf(column, value.get_string());
  return Plain(value);
}

// The id at the end of ".../opportunities(<guid>)", or the text itself.
std::optional<std::string> IdOf(std::string_view text) {
  const auto open = text.rfind('(');
  if (open != std::string_view::npos && text.ends_with(')')) {
    text = text.substr(open + 1, text.size() - open - 2);
  }
  return NormalizeGuid(text);
}

Error NotTheJsonExpected(const char* detail) {
  Error error;
  error.kind = ErrorKind::invalid_response;
  error.message =
      "The CRM's answer is not the JSON the Dataverse Web API gives (" + std::string(detail) + ")";
  return error;
}

}  // namespace

// Reads one answer; lives no longer than that.
class RowParser {
 public:
  RowParser(const RowReader& reader, const Currencies& currencies,
            std::vector<std::string>& unknown_currencies)
      : reader_(reader), currencies_(currencies), unknown_currencies_(unknown_currencies) {}

  struct Row {
    FlatRow flat;
    bool deleted = false;
  };

  Row Parse(json::object object) {
    Row row;
    row.flat.values.assign(reader_.names_.size(), "null");
    std::string deleted_id;
    for (auto field : object) {
      const std::string_view member = field.unescaped_key();
      if (member == "@odata.etag") {
        row.flat.etag = std::string_view(field.value().get_string());
      } else if (member == "@odata.context") {
        row.deleted |= std::string_view(field.value().get_string()).ends_with("/$deletedEntity");
      } else if (member == "id") {
        deleted_id = String(field.value());
      } else if (member == "reason") {
        row.deleted = true;
      } else {
        Member(member, field.value(), row.flat);
      }
    }
    if (row.deleted && row.flat.id.empty()) row.flat.id = IdOf(deleted_id).value_or("");
    return row;
  }

  Page ParsePage(json::document& document) {
    Page page;
    for (auto field : document.get_object()) {
      const std::string_view member = field.unescaped_key();
      if (member == "@odata.nextLink") {
        page.next_link = std::string_view(field.value().get_string());
      } else if (member == "@odata.deltaLink") {
        page.delta_link = std::string_view(field.value().get_string());
      } else if (member == "value") {
        page.has_rows = true;
        for (auto item : field.value().get_array()) Take(Parse(item.get_object()), page);
      }
    }
    return page;
  }

 private:
  static std::string String(json::value value) {
    if (value.type() != json::json_type::string) return "";
    return std::string(std::string_view(value.get_string()));
  }

  static void Take(Row row, Page& page) {
    if (row.flat.id.empty()) {
      ++page.unreadable_rows;
    } else if (row.deleted) {
      page.deleted.push_back(std::move(row.flat.id));
    } else {
      page.rows.push_back(std::move(row.flat));
    }
  }

  void Member(std::string_view member, json::value value, FlatRow& row) {
    member_.assign(member);
    const auto found = reader_.slots_.find(member_);
    if (found == reader_.slots_.end()) return;
    const RowReader::Slot& slot = found->second;
    if (slot.target_annotation) {
      LookupOf(slot.column->name, row).table = String(value);
      return;
    }
    if (slot.column->type == ColumnType::lookup) {
      row.values[slot.index] = Lookup(*slot.column, String(value), row);
      return;
    }
    std::string flat = FlatValue(*slot.column, value);
    if (slot.column->name == reader_.table_.id_column) row.id = Unquoted(flat);
    if (slot.column->name == "modifiedon") row.modified_at = ParseInstant(Unquoted(flat));
    row.values[slot.index] = std::move(flat);
  }

  // Only for GUIDs and instants, which contain nothing that is escaped.
  static std::string Unquoted(const std::string& quoted) {
    return quoted.size() < 2 ? std::string{} : quoted.substr(1, quoted.size() - 2);
  }

  static RowLookup& LookupOf(const std::string& column, FlatRow& row) {
    for (RowLookup& each : row.lookups) {
      if (each.column == column) return each;
    }
    return row.lookups.emplace_back(RowLookup{column, "", ""});
  }

  std::string Lookup(const Column& column, const std::string& text, FlatRow& row) {
    if (text.empty()) return "null";
    const std::string id = NormalizeGuid(text).value_or(text);
    LookupOf(column.name, row).id = id;
    if (column.name != "transactioncurrencyid") return Quoted(id);
    const auto code = currencies_.CodeOf(id);
    if (!code) unknown_currencies_.push_back(id);
    return code && !code->empty() ? Quoted(*code) : "null";
  }

  const RowReader& reader_;
  const Currencies& currencies_;
  std::vector<std::string>& unknown_currencies_;
  std::string member_;  // kept to save an allocation per member
};

RowReader::RowReader(const Table& table, const std::vector<std::string>& columns) : table_(table) {
  std::set<std::string> wanted(columns.begin(), columns.end());
  wanted.insert(table.id_column);
  for (const std::string& name : wanted) {
    const Column* column = table.Find(name);
    if (column == nullptr) continue;
    const bool lookup = column->type == ColumnType::lookup;
    const std::string member = lookup ? "_" + name + "_value" : name;
    slots_.emplace(member, Slot{names_.size(), column, false});
    if (lookup) slots_.emplace(member + std::string(kTargetAnnotation), Slot{0, column, true});
    if (!select_.empty()) select_ += ',';
    select_ += member;
    names_.push_back(name);
  }
}

std::optional<std::size_t> RowReader::IndexOf(std::string_view column) const {
  const auto found = std::lower_bound(names_.begin(), names_.end(), column);
  if (found == names_.end() || *found != column) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

Result<Page> RowReader::ReadPage(const std::string& body, const Currencies& currencies,
                                 std::vector<std::string>& unknown_currencies) const {
  if (Trim(body).empty()) return Page{};
  try {
    json::parser parser;
    const simdjson::padded_string text(body);
    json::document document = parser.iterate(text);
    return RowParser(*this, currencies, unknown_currencies).ParsePage(document);
  } catch (const simdjson::simdjson_error& problem) {
    return NotTheJsonExpected(problem.what());
  }
}

Result<FlatRow> RowReader::ReadRow(const std::string& body, const Currencies& currencies,
                                   std::vector<std::string>& unknown_currencies) const {
  try {
    json::parser parser;
    const simdjson::padded_string text(body);
    json::document document = parser.iterate(text);
    auto row = RowParser(*this, currencies, unknown_currencies).Parse(document.get_object());
    if (row.flat.id.empty()) return NotTheJsonExpected("the row has no id");
    return std::move(row.flat);
  } catch (const simdjson::simdjson_error& problem) {
    return NotTheJsonExpected(problem.what());
  }
}

std::string PrintFlat(const RowReader& reader, const FlatRow& row,
                      const std::vector<std::pair<std::string, std::string>>& extra) {
  std::string out = "{";
  const auto add = [&out](const std::string& name, const std::string& value) {
    if (out.size() > 1) out += ',';
    AppendQuoted(out, name);
    out.append(":").append(value);
  };
  for (std::size_t i = 0; i < reader.columns().size(); ++i) {
    add(reader.columns()[i], row.values[i]);
  }
  for (const auto& [name, value] : extra) add(name, value);
  return out + "}";
}

}  // namespace cosell::dataverse
