#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "mapping/built_in.h"
#include "mapping/mapping.h"
#include "model/digest.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

template <typename T>
using Names = std::vector<std::pair<std::string_view, T>>;

const Names<FieldType> kTypes = {
    {"text", FieldType::text}, {"money", FieldType::money},     {"code", FieldType::code},
    {"date", FieldType::date}, {"boolean", FieldType::boolean}, {"choice", FieldType::choice},
    {"set", FieldType::set},   {"members", FieldType::members}, {"status", FieldType::status}};
const Names<Route> kRoutes = {
    {"opportunity", Route::opportunity}, {"lead", Route::lead}, {"none", Route::none}};
const Names<Direction> kDirections = {{"both", Direction::both},
                                      {"to_crm", Direction::to_crm},
                                      {"to_partner_center", Direction::to_partner_center},
                                      {"off", Direction::off}};

// What a CRM record can say of a deal, what a referral can, and the acts that close a record.
const std::vector<std::string> kCrmStates = {"new", "active", "won", "lost"};
const std::vector<std::string> kReferralStates = {"new",      "active",  "won",  "lost",
                                                  "declined", "expired", "error"};
const std::vector<std::string> kWaysToClose = {"won", "lost"};

// Walks the JSON and collects every problem instead of stopping at the first.
class Parser {
 public:
  explicit Parser(const std::string& source) : source_(source) {}

  Result<Mapping> Parse(std::string_view text) {
    Json root;
    try {
      root = Json::parse(text, nullptr, true, true);
    } catch (const Json::parse_error& error) {
      return Error{ErrorKind::invalid_input,
                   source_ + ": not valid JSON at byte " + std::to_string(error.byte)};
    }
    Mapping mapping;
    ParseOpportunity(root, &mapping);
    if (root.is_object() && root.contains("lead")) {
      Mapping lead;
      ParseLead(Object(root, "", "lead"), &lead);
      mapping.lead = std::make_shared<const Mapping>(std::move(lead));
    }
    if (!problems_.empty()) {
      return Error{ErrorKind::invalid_input, source_ + ":\n  " + Join(problems_, "\n  ")};
    }
    mapping.fingerprint = ContentHash(root.dump());
    return mapping;
  }

 private:
  void ParseOpportunity(const Json& root, Mapping* mapping) {
    Begin("", mapping);
    OnlyKeys(
        root, "",
        {"crm", "routes", "fields", "status", "account", "contact", "owner", "create", "lead"});
    mapping->crm = Text(root, "", "crm");
    ParseRoutes(root.is_object() ? root.value("routes", Json()) : Json());
    ParseFields(Object(root, "", "fields"));
    ParseStatus(Object(root, "", "status"));
    mapping->account = ParseRelated(Object(root, "", "account"), "account");
    mapping->contact = ParseRelated(Object(root, "", "contact"), "contact");
    mapping->owner = ParseRelated(Object(root, "", "owner"), "owner");
    const Json& create = Object(root, "", "create");
    mapping->create_referral = Object(create, "create", "referral").dump();
    mapping->create_crm = Object(create, "create", "opportunity").dump();
    CheckFields(
        {kFieldName, kFieldStatus, kFieldVisibility, kFieldHelp, kFieldReferralId, kFieldCrmId});
    if (IsOff(kFieldVisibility) && !IsOff(kFieldHelp))
      ProblemOfOff(kFieldVisibility, "asking for help needs it; turn help off as well");
  }

  // The customer's data stand in the lead itself.
  void ParseLead(const Json& lead, Mapping* mapping) {
    Begin("lead.", mapping);
    mapping->kind = RecordKind::lead;
    OnlyKeys(lead, "lead", {"fields", "status", "customer", "create"});
    ParseFields(Object(lead, "lead", "fields"));
    ParseStatus(Object(lead, "lead", "status"));
    mapping->account.columns = ParsePointers(Object(lead, "lead", "customer"), "lead.customer");
    mapping->create_crm = Object(lead, "lead", "create").dump();
    CheckFields({kFieldName, kFieldStatus, kFieldReferralId, kFieldCrmId});
  }

  // What is parsed from here on belongs to this part of the file.
  void Begin(const std::string& prefix, Mapping* part) {
    prefix_ = prefix;
    part_ = part;
  }

  void Problem(const std::string& path, const std::string& text) {
    problems_.push_back((path.empty() ? "(top)" : path) + ": " + text);
  }

  static std::string Path(const std::string& parent, std::string_view key) {
    return parent.empty() ? std::string(key) : parent + "." + std::string(key);
  }

  void OnlyKeys(const Json& json, const std::string& path,
                const std::vector<std::string_view>& allowed) {
    if (!json.is_object()) return Problem(path, "must be an object");
    for (const auto& item : json.items()) {
      if (std::find(allowed.begin(), allowed.end(), item.key()) == allowed.end()) {
        Problem(Path(path, item.key()), "is not known here; remove it or correct its spelling");
      }
    }
  }

  const Json& Object(const Json& json, const std::string& path, std::string_view key) {
    static const Json kEmpty = Json::object();
    const auto it = json.is_object() ? json.find(key) : json.end();
    if (!json.is_object() || it == json.end()) {
      Problem(Path(path, key), "is missing; take it from the built-in mapping");
      return kEmpty;
    }
    if (!it->is_object()) {
      Problem(Path(path, key), "must be an object");
      return kEmpty;
    }
    return *it;
  }

  std::string Text(const Json& json, const std::string& path, std::string_view key,
                   bool required = true) {
    const auto it = json.find(key);
    if (it == json.end()) {
      if (required) Problem(Path(path, key), "is missing");
      return "";
    }
    if (!it->is_string()) {
      Problem(Path(path, key), "must be a text");
      return "";
    }
    return it->get<std::string>();
  }

  bool Flag(const Json& json, const std::string& path, std::string_view key) {
    const auto it = json.find(key);
    if (it == json.end()) return false;
    if (!it->is_boolean()) Problem(Path(path, key), "must be true or false");
    return it->is_boolean() && it->get<bool>();
  }

  template <typename T>
  T OneOf(const Json& json, const std::string& path, std::string_view key, const Names<T>& names,
          T fallback) {
    const std::string text = Text(json, path, key);
    std::vector<std::string> known;
    for (const auto& [name, value] : names) {
      if (name == text) return value;
      known.emplace_back(name);
    }
    if (!text.empty())
      Problem(Path(path, key), "'" + text + "' is not one of " + Join(known, ", "));
    return fallback;
  }

  void ParseRoutes(const Json& routes) {
    if (!routes.is_array())
      return Problem("routes", "must be a list of {when, is}; take it from the built-in mapping");
    for (std::size_t i = 0; i < routes.size(); ++i) {
      const std::string path = "routes." + std::to_string(i);
      OnlyKeys(routes[i], path, {"when", "is"});
      if (!routes[i].is_object()) continue;
      RouteRule rule;
      for (const auto& item : Object(routes[i], path, "when").items())
        rule.when.emplace_back(item.key(), ParseAccepted(item, path + ".when." + item.key()));
      rule.as = OneOf(routes[i], path, "is", kRoutes, Route::opportunity);
      part_->routes.push_back(std::move(rule));
    }
  }

  template <typename Item>
  std::vector<std::string> ParseAccepted(const Item& item, const std::string& path) {
    std::vector<std::string> accepted;
    if (item.key().empty() || item.key().front() != '/')
      Problem(path, "must be called by a JSON pointer such as /qualification");
    if (!item.value().is_array() || item.value().empty()) {
      Problem(path, "must be a list of at least one text");
      return accepted;
    }
    for (const Json& text : item.value()) {
      if (!text.is_string())
        Problem(path, "must hold texts only; \"\" stands for a missing member");
      if (text.is_string()) accepted.push_back(text.get<std::string>());
    }
    return accepted;
  }

  void ParseFields(const Json& fields) {
    for (const auto& item : fields.items()) {
      const std::string path = prefix_ + "fields." + item.key();
      OnlyKeys(item.value(), path,
               {"type", "partner_center", "template", "crm", "direction", "length_max", "marked",
                "one_way", "connected_referral", "item_key", "none", "values"});
      if (item.value().is_object())
        part_->fields.push_back(ParseField(item.key(), item.value(), path));
    }
  }

  FieldRule ParseField(const std::string& name, const Json& json, const std::string& path) {
    FieldRule rule;
    rule.name = name;
    rule.type = OneOf(json, path, "type", kTypes, FieldType::text);
    rule.direction = OneOf(json, path, "direction", kDirections, Direction::both);
    rule.template_name = Text(json, path, "template", false);
    if (!rule.template_name.empty() && rule.ReachesPartnerCenter())
      Problem(path + ".direction",
              "must be to_crm or off: a template has no place in the referral");
    rule.crm = Text(json, path, "crm", rule.type != FieldType::status);
    rule.item_key = Text(json, path, "item_key", rule.type == FieldType::set);
    if (rule.type == FieldType::members) CheckMembers(path, &rule);
    rule.none = Text(json, path, "none", false);
    rule.one_way = Flag(json, path, "one_way");
    if (rule.one_way && (rule.type == FieldType::set || rule.type == FieldType::status))
      Problem(path + ".one_way",
              "has no meaning for a " + Text(json, path, "type") + "; remove it");
    rule.connected_referral = Flag(json, path, "connected_referral");
    rule.marked = Flag(json, path, "marked");
    if (json.contains("length_max") && json["length_max"].is_number_unsigned()) {
      rule.length_max = json["length_max"].get<std::size_t>();
    }
    ParsePointer(json, path, &rule);
    ParseValues(json, path, &rule);
    return rule;
  }

  // The CRM's people are read, never written.
  void CheckMembers(const std::string& path, FieldRule* rule) {
    rule->item_key = "email";
    if (rule->crm != kPeopleOwner && rule->crm != kPeopleContact)
      Problem(path + ".crm", "must be #owner or #contact for members");
    if (rule->direction != Direction::to_partner_center && rule->direction != Direction::off)
      Problem(path + ".direction", "must be to_partner_center or off for members");
  }

  void ParsePointer(const Json& json, const std::string& path, FieldRule* rule) {
    if (rule->type == FieldType::status || !rule->template_name.empty()) return;
    rule->pointer = Text(json, path, "partner_center");
    if (rule->pointer.empty()) return;
    if (rule->pointer.front() != '/') {
      return Problem(path + ".partner_center", "must be a JSON pointer such as /details/notes");
    }
    rule->partner_center = Split(std::string_view(rule->pointer).substr(1), '/');
  }

  void ParseValues(const Json& json, const std::string& path, FieldRule* rule) {
    const auto it = json.find("values");
    if (it == json.end()) {
      if (rule->type == FieldType::choice)
        Problem(path + ".values", "is missing: a choice names its values");
      return;
    }
    if (!it->is_object())
      return Problem(path + ".values", "must be an object of referral value -> CRM label");
    for (const auto& item : it->items()) {
      if (item.value().is_string()) {
        rule->values[item.key()] = item.value().get<std::string>();
      } else {
        Problem(path + ".values." + item.key(), "must be a text");
      }
    }
  }

  std::vector<std::pair<std::string, std::string>> Scalars(const Json& json,
                                                           const std::string& path) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& item : json.items()) {
      if (!item.value().is_primitive()) Problem(Path(path, item.key()), "must be a plain value");
      out.emplace_back(item.key(), item.value().dump());
    }
    return out;
  }

  void ParseStatus(const Json& status) {
    OnlyKeys(status, prefix_ + "status", {"read", "write", "reason"});
    ParseStatusRead(status.is_object() ? status.value("read", Json()) : Json());
    for (const auto& item : Object(status, prefix_ + "status", "write").items()) {
      const std::string path = prefix_ + "status.write." + item.key();
      StatusWrite write;
      OneOfStates(kReferralStates, item.key(), path);
      write.columns = Scalars(Object(item.value(), path, "columns"), path);
      if (item.value().is_object()) write.close = Text(item.value(), path, "close", false);
      if (!write.close.empty()) OneOfStates(kWaysToClose, write.close, path + ".close");
      part_->status.write[item.key()] = write;
    }
    ParseReason(Object(status, prefix_ + "status", "reason"));
  }

  void ParseStatusRead(const Json& rules) {
    if (!rules.is_array() || rules.empty())
      return Problem(prefix_ + "status.read", "must be a list of at least one {when, is}");
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::string path = prefix_ + "status.read." + std::to_string(i);
      OnlyKeys(rules[i], path, {"when", "is"});
      if (!rules[i].is_object()) continue;
      StatusReadRule read;
      read.when = Scalars(Object(rules[i], path, "when"), path + ".when");
      read.is = Text(rules[i], path, "is");
      if (!read.is.empty()) OneOfStates(kCrmStates, read.is, path + ".is");
      part_->status.read.push_back(std::move(read));
    }
  }

  void OneOfStates(const std::vector<std::string>& known, const std::string& state,
                   const std::string& path) {
    if (std::find(known.begin(), known.end(), state) != known.end()) return;
    Problem(path, "'" + state + "' is not one of " + Join(known, ", "));
  }

  void ParseReason(const Json& reason) {
    if (reason.empty()) return;
    part_->status.reason_column = Text(reason, prefix_ + "status.reason", "column");
    part_->status.reason_default = Text(reason, prefix_ + "status.reason", "default");
    for (const auto& item : Object(reason, prefix_ + "status.reason", "values").items()) {
      if (item.value().is_string())
        part_->status.reasons[item.key()] = item.value().get<std::string>();
    }
  }

  RelatedMap ParseRelated(const Json& json, const std::string& path) {
    OnlyKeys(json, path, {"lookup", "match", "columns", "others"});
    RelatedMap out;
    out.others = Text(json, path, "others", false);
    out.lookup = Text(json, path, "lookup");
    for (const auto& column : json.value("match", Json::array())) {
      if (column.is_string()) out.match.push_back(column.get<std::string>());
    }
    out.columns = ParsePointers(Object(json, path, "columns"), path + ".columns");
    return out;
  }

  std::vector<std::pair<std::string, std::string>> ParsePointers(const Json& json,
                                                                 const std::string& path) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& item : json.items()) {
      if (item.value().is_string()) {
        out.emplace_back(item.key(), item.value().template get<std::string>());
      } else {
        Problem(path + "." + item.key(), "must be a JSON pointer");
      }
    }
    return out;
  }

  void CheckFields(const std::vector<std::string_view>& required) {
    for (const std::string_view name : required) {
      if (!part_->Find(name))
        Problem(prefix_ + "fields." + std::string(name), "is missing; every mapping needs it");
    }
    for (const std::string_view name : {kFieldName, kFieldStatus, kFieldReferralId, kFieldCrmId}) {
      if (IsOff(name)) ProblemOfOff(name, "nothing can be synced without it");
    }
  }

  bool IsOff(std::string_view name) const {
    const auto field = part_->Find(name);
    return field && part_->fields[*field].direction == Direction::off;
  }

  void ProblemOfOff(std::string_view name, const std::string& why) {
    Problem(prefix_ + "fields." + std::string(name) + ".direction", "cannot be off: " + why);
  }

  std::string source_;
  std::string prefix_;  // of paths in the part at hand
  Mapping* part_ = nullptr;
  std::vector<std::string> problems_;
};

// "@deal_value" -> "estimatedvalue"; false when the CRM lacks the role.
bool BindColumn(const std::map<std::string, std::string>& roles, std::string* column) {
  if (column->empty() || column->front() != '@') return true;
  const auto it = roles.find(column->substr(1));
  if (it == roles.end()) return false;
  *column = it->second;
  return true;
}

void BindRelated(const std::map<std::string, std::string>& roles, RelatedMap* related) {
  std::erase_if(related->columns, [&](auto& column) { return !BindColumn(roles, &column.first); });
  if (!BindColumn(roles, &related->others)) related->others.clear();
}

// Returns what binding adds to the mapping's identity.
std::string BindPart(const std::map<std::string, std::string>& roles, const std::string& prefix,
                     Mapping* part, std::vector<std::string>* dropped) {
  part->roles = roles;
  std::erase_if(part->fields, [&](FieldRule& rule) {
    if (rule.direction == Direction::off) return true;
    if (BindColumn(roles, &rule.crm)) return false;
    dropped->push_back(prefix + rule.name);
    return true;
  });
  for (RelatedMap* related : {&part->account, &part->contact, &part->owner})
    BindRelated(roles, related);
  std::string identity;
  for (const auto& [role, column] : roles) identity += "|" + role + "=" + column;
  return identity;
}

}  // namespace

std::optional<FieldIndex> Mapping::Find(std::string_view field) const {
  for (FieldIndex i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return i;
  }
  return std::nullopt;
}

std::string Mapping::Column(std::string_view role) const {
  const auto it = roles.find(std::string(role));
  return it == roles.end() ? "" : it->second;
}

Result<std::string> BuiltInMapping(std::string_view crm_kind) {
  if (crm_kind == "dynamics365") return std::string(kDynamics365Mapping);
  if (crm_kind == "salesforce") return std::string(kSalesforceMapping);
  return Error{ErrorKind::invalid_input,
               "there is no built-in mapping for the CRM kind '" + std::string(crm_kind) + "'"};
}

Result<Mapping> ParseMapping(std::string_view json, const std::string& source) {
  return Parser(source).Parse(json);
}

Mapping BindMapping(Mapping mapping, const std::map<std::string, std::string>& roles,
                    MappingOptions options, std::vector<std::string>* dropped,
                    const std::map<std::string, std::string>* lead_roles) {
  mapping.options = std::move(options);
  std::string identity = mapping.fingerprint + mapping.options.referral_link_template;
  identity += BindPart(roles, "", &mapping, dropped);
  if (mapping.lead && lead_roles != nullptr) {
    Mapping lead = *mapping.lead;
    lead.options = mapping.options;
    identity += "|lead" + BindPart(*lead_roles, "lead.", &lead, dropped);
    mapping.lead = std::make_shared<const Mapping>(std::move(lead));
  } else {
    mapping.lead.reset();
  }
  mapping.fingerprint = ContentHash(identity);
  return mapping;
}

std::vector<std::string> ColumnsToRead(const Mapping& mapping) {
  std::vector<std::string> columns;
  const auto add = [&](const std::string& column) {
    if (!column.empty() && column.front() != '#' &&
        std::find(columns.begin(), columns.end(), column) == columns.end()) {
      columns.push_back(column);
    }
  };
  for (const FieldRule& rule : mapping.fields) add(rule.crm);
  for (const std::string_view role : {"sync", "referral_id", "audit", "became"})
    add(mapping.Column(role));
  for (const StatusReadRule& rule : mapping.status.read) {
    for (const auto& condition : rule.when) add(condition.first);
  }
  add(mapping.status.reason_column);
  for (const RelatedMap* related : {&mapping.account, &mapping.contact, &mapping.owner}) {
    if (related->lookup.empty()) continue;
    add(related->lookup);
    add(related->others);
    for (const auto& column : related->columns) add(related->lookup + "." + column.first);
  }
  return columns;
}

}  // namespace cosell
