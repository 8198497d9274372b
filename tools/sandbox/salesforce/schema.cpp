#include "tools/sandbox/salesforce/schema.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "tools/sandbox/salesforce/error.h"

namespace cosell::sandbox::salesforce {

extern const std::string_view kSchema;  // schema.json, embedded by the build

namespace {

constexpr std::array<std::pair<FieldType, std::string_view>, 17> kTypes = {{
    {FieldType::id, "id"},
    {FieldType::reference, "reference"},
    {FieldType::string, "string"},
    {FieldType::textarea, "textarea"},
    {FieldType::phone, "phone"},
    {FieldType::email, "email"},
    {FieldType::url, "url"},
    {FieldType::picklist, "picklist"},
    {FieldType::multipicklist, "multipicklist"},
    {FieldType::boolean, "boolean"},
    {FieldType::integer, "int"},
    {FieldType::number, "double"},
    {FieldType::currency, "currency"},
    {FieldType::percent, "percent"},
    {FieldType::date, "date"},
    {FieldType::datetime, "datetime"},
    {FieldType::address, "address"},
}};

FieldType TypeOf(const std::string& name) {
  for (const auto& [type, text] : kTypes) {
    if (text == name) return type;
  }
  throw std::logic_error("schema.json: unknown type " + name);
}

template <typename Items>
auto FindName(const Items& items, std::string_view name) {
  return std::find_if(items.begin(), items.end(),
                      [&](const auto& item) { return EqualsIgnoreCase(item.name, name); });
}

// Parsed once: worlds are many.
const Json& Source() {
  static const Json source = Json::parse(kSchema);
  return source;
}

class Loader {
 public:
  explicit Loader(const SalesforceWorldOptions& options) : options_(options), source_(Source()) {}

  Schema Load() {
    for (const auto& [code, label] : source_["countries"].items()) {
      schema_.countries.push_back({code, label.get<std::string>()});
    }
    schema_.currencies = source_["currencies"].get<std::vector<std::string>>();
    schema_.inactive_currencies = source_["inactive_currencies"].get<std::vector<std::string>>();
    for (const auto& stage : source_["stages"]) {
      schema_.stages.push_back({stage["name"], stage["probability"], stage["forecast"],
                                stage.value("closed", false), stage.value("won", false)});
    }
    schema_.lead_statuses = LeadStatuses();
    for (const auto& object : source_["objects"]) {
      if (Exists(object, "")) schema_.objects.push_back(ReadObject(object));
    }
    return std::move(schema_);
  }

 private:
  std::vector<SalesforceLeadStatus> LeadStatuses() const {
    std::vector<SalesforceLeadStatus> statuses = options_.lead_statuses;
    if (statuses.empty()) {
      for (const auto& status : source_["lead_statuses"]) {
        statuses.push_back(
            {status["name"], status.value("default", false), status.value("converted", false)});
      }
    }
    if (std::any_of(statuses.begin(), statuses.end(), [](const auto& s) { return s.converted; })) {
      return statuses;
    }
    throw std::invalid_argument("an organisation needs a lead status for converted leads");
  }

  // "only" names the option an object or field depends on. `object`: the one a field belongs to.
  bool Exists(const Json& item, const std::string& object) const {
    const std::string only = item.value("only", "");
    if (only == "multi_currency") return options_.multi_currency;
    if (only == "country_picklists") return options_.country_picklists;
    if (only == "solutions_object") return options_.solutions_object;
    if (only == "lead_deal_fields") return options_.lead_deal_fields;
    if (only == "opportunity_teams") return options_.opportunity_teams;
    if (!item.value("cosell", false)) return true;
    const std::string name = item["name"];
    return !options_.without_fields.contains(name) &&
           !options_.without_fields.contains(object + "." + name);
  }

  // The package's names carry its namespace.
  std::string Name(const Json& item, const char* member) const {
    const std::string name = item.value(member, "");
    const bool ours = item.value("cosell", false) && name.find("__") != std::string::npos;
    return ours ? FullName(options_, name) : name;
  }

  std::string Label(const Json& item) const {
    const auto other = options_.labels.find(item["name"].get<std::string>());
    const bool ours = item.value("cosell", false) && other != options_.labels.end();
    return ours ? other->second : item["label"].get<std::string>();
  }

  static Field ReadOnly(std::string name, std::string label, FieldType type) {
    Field field;
    field.name = std::move(name);
    field.label = std::move(label);
    field.type = type;
    field.createable = field.updateable = false;
    field.required = field.defaulted = true;
    return field;
  }

  static Field UserReference(std::string name, std::string label, std::string relationship) {
    Field field = ReadOnly(std::move(name), std::move(label), FieldType::reference);
    field.to = "User";
    field.relationship = std::move(relationship);
    return field;
  }

  ObjectType ReadObject(const Json& item) {
    ObjectType type;
    type.name = Name(item, "name");
    type.label = Label(item);
    type.plural = item["plural"];
    type.prefix = item["prefix"];
    type.setup = item.value("setup", false);
    type.deletable = item.value("deletable", !type.setup);
    type.mergeable = item.value("mergeable", false);
    type.fields.push_back(ReadOnly("Id", type.label + " ID", FieldType::id));
    type.fields.back().length = 18;
    type.fields.push_back(ReadOnly("IsDeleted", "Deleted", FieldType::boolean));
    for (const auto& field : item["fields"]) {
      if (Exists(field, item["name"])) type.fields.push_back(ReadField(type, field));
    }
    AddAudit(type);
    for (auto& field : type.fields) field.hidden = IsHidden(item["name"], field.name);
    return type;
  }

  static void AddAudit(ObjectType& type) {
    type.fields.push_back(ReadOnly("CreatedDate", "Created Date", FieldType::datetime));
    type.fields.push_back(UserReference("CreatedById", "Created By ID", "CreatedBy"));
    type.fields.push_back(ReadOnly("LastModifiedDate", "Last Modified Date", FieldType::datetime));
    type.fields.push_back(
        UserReference("LastModifiedById", "Last Modified By ID", "LastModifiedBy"));
    type.fields.push_back(ReadOnly("SystemModstamp", "System Modstamp", FieldType::datetime));
  }

  bool IsHidden(const std::string& object, const std::string& field) const {
    const auto& hidden = options_.hidden_fields;
    return hidden.contains(object + "." + field) ||
           (object == "Opportunity" && hidden.contains(field));
  }

  Field ReadField(const ObjectType& object, const Json& item) {
    Field field;
    field.name = Name(item, "name");
    field.label = Label(item);
    field.type = TypeOf(item["type"]);
    field.length = item.value("length", std::size_t{0});
    field.precision = item.value("precision", 0);
    field.scale = item.value("scale", 0);
    field.required = item.value("required", field.type == FieldType::boolean);
    field.defaulted = item.value("defaulted", field.type == FieldType::boolean);
    field.createable = !object.setup && !item.value("read_only", false);
    field.updateable = field.createable && !item.value("create_only", false);
    field.external_id = item.value("external_id", false);
    field.unique = item.value("unique", false);
    if (item["name"] == "Referral_Identifier__c") {
      field.external_id = options_.identifier_external_id;
      field.unique = options_.identifier_unique;
    }
    field.restricted = item.value("restricted", false);
    field.values = Values(item);
    field.to = item.value("to", "");
    field.relationship = Name(item, "relationship");
    field.children = Name(item, "children");
    field.cascade = item.value("cascade", false);
    field.cosell = item.value("cosell", false);
    return field;
  }

  std::vector<PicklistValue> Values(const Json& item) const {
    const std::string from = item.value("values_from", "");
    std::vector<PicklistValue> values;
    if (from == "countries") return schema_.countries;
    if (from == "stages") {
      for (const auto& stage : schema_.stages) values.push_back({stage.name, stage.name});
    } else if (from == "lead_statuses") {
      for (const auto& status : schema_.lead_statuses) {
        values.push_back({status.name, status.name, status.is_default});
      }
    } else if (from == "currencies") {
      for (const auto& code : schema_.currencies) {
        values.push_back({code, code, code == options_.currency});
      }
    } else {
      for (const auto& value : item.value("values", std::vector<std::string>{})) {
        values.push_back({value, value});
      }
    }
    return values;
  }

  const SalesforceWorldOptions& options_;
  const Json& source_;
  Schema schema_;
};

}  // namespace

std::string_view TypeName(FieldType type) {
  return std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.first == type; })
      ->second;
}

bool IsText(FieldType type) {
  return type == FieldType::string || type == FieldType::textarea || type == FieldType::phone ||
         type == FieldType::email || type == FieldType::url || type == FieldType::picklist ||
         type == FieldType::multipicklist;
}

bool IsNumber(FieldType type) {
  return type == FieldType::integer || type == FieldType::number || type == FieldType::currency ||
         type == FieldType::percent;
}

bool Field::filterable() const {
  return type != FieldType::address && !(type == FieldType::textarea && length > 255);
}

std::optional<std::size_t> ObjectType::Find(std::string_view field) const {
  const auto at = FindName(fields, field);
  if (at == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(at - fields.begin());
}

std::optional<std::size_t> ObjectType::Visible(std::string_view field) const {
  const auto at = Find(field);
  return at && fields[*at].hidden ? std::nullopt : at;
}

std::optional<std::size_t> ObjectType::FindRelationship(std::string_view relationship) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    if (!field.hidden && !field.relationship.empty() &&
        EqualsIgnoreCase(field.relationship, relationship)) {
      return i;
    }
  }
  return std::nullopt;
}

std::size_t ObjectType::At(std::string_view field) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return i;
  }
  throw std::logic_error(name + " has no field " + std::string(field));
}

const ObjectType* Schema::Find(std::string_view object) const {
  const auto at = FindName(objects, object);
  return at == objects.end() ? nullptr : &*at;
}

const StageInfo* Schema::FindStage(std::string_view name) const {
  const auto at = FindName(stages, name);
  return at == stages.end() ? nullptr : &*at;
}

Schema LoadSchema(const SalesforceWorldOptions& options) { return Loader(options).Load(); }

std::string FullName(const SalesforceWorldOptions& options, const std::string& name) {
  return options.name_space.empty() ? name : options.name_space + "__" + name;
}

}  // namespace cosell::sandbox::salesforce
