#include "tools/sandbox/dataverse/metadata_objects.h"

#include <map>

namespace cosell::sandbox::dataverse {
namespace {

constexpr int kEnglish = 1033;
constexpr int kGerman = 1031;

Json LocalizedLabel(const std::string& text, int language) {
  return {{"Label", text}, {"LanguageCode", language}, {"IsManaged", false}};
}

Json Label(const std::string& text, const DataverseSwitches& switches) {
  if (text.empty()) return {{"LocalizedLabels", Json::array()}, {"UserLocalizedLabel", nullptr}};
  Json labels = Json::array();
  if (switches.other_language_first) labels.push_back(LocalizedLabel(text + " (DE)", kGerman));
  labels.push_back(LocalizedLabel(text, kEnglish));
  return {{"LocalizedLabels", labels}, {"UserLocalizedLabel", LocalizedLabel(text, kEnglish)}};
}

std::string AttributeType(const Column& column) {
  switch (column.type) {
    case ColumnType::text:
      return "String";
    case ColumnType::memo:
      return "Memo";
    case ColumnType::integer:
      return "Integer";
    case ColumnType::big_integer:
      return "BigInt";
    case ColumnType::decimal:
      return "Decimal";
    case ColumnType::money:
      return "Money";
    case ColumnType::boolean:
      return "Boolean";
    case ColumnType::choice:
      return "Picklist";
    case ColumnType::state:
      return "State";
    case ColumnType::status:
      return "Status";
    case ColumnType::date:
    case ColumnType::date_time:
      return "DateTime";
    case ColumnType::guid:
      return "Uniqueidentifier";
    case ColumnType::lookup:
      return column.lookup_kind;
  }
  return "";
}

// "StringAttributeMetadata"; Customer and Owner columns are lookups there.
std::string MetadataType(const Column& column) {
  if (column.type == ColumnType::lookup) return "LookupAttributeMetadata";
  if (column.type == ColumnType::guid) return "UniqueIdentifierAttributeMetadata";
  if (column.type == ColumnType::big_integer) return "BigIntAttributeMetadata";
  return AttributeType(column) + "AttributeMetadata";
}

Json OptionJson(const Option& option, const DataverseSwitches& switches) {
  return {{"Value", option.value}, {"Label", Label(option.label, switches)}};
}

Json OptionSet(const Column& column, const DataverseSwitches& switches) {
  Json set = {{"Name", column.name},
              {"IsGlobal", false},
              {"DisplayName", Label(column.label, switches)},
              {"OptionSetType", AttributeType(column)}};
  if (column.type == ColumnType::boolean) {
    set["TrueOption"] = OptionJson(column.options[1], switches);
    set["FalseOption"] = OptionJson(column.options[0], switches);
    return set;
  }
  set["Options"] = Json::array();
  for (const auto& option : column.options) {
    Json item = OptionJson(option, switches);
    if (column.type == ColumnType::status) item["State"] = option.state;
    set["Options"].push_back(std::move(item));
  }
  return set;
}

Json BaseAttribute(const Table& table, const Column& column, const DataverseSwitches& switches) {
  const bool custom = column.schema_name != column.name;
  return {{"MetadataId", column.metadata_id},
          {"LogicalName", column.name},
          {"SchemaName", column.schema_name},
          {"EntityLogicalName", table.name()},
          {"AttributeType", AttributeType(column)},
          {"AttributeTypeName",
           {{"Value", MetadataType(column).substr(0, MetadataType(column).size() - 17) + "Type"}}},
          {"AttributeOf", nullptr},
          {"DisplayName", Label(column.label, switches)},
          {"Description", Label("", switches)},
          {"IsValidForCreate", column.creatable},
          {"IsValidForUpdate", column.updatable},
          {"IsValidForRead", true},
          {"IsValidForAdvancedFind", {{"Value", true}}},
          {"IsCustomAttribute", custom},
          {"IsPrimaryId", column.name == table.info().primary_id},
          {"IsPrimaryName", column.name == table.info().primary_name},
          {"RequiredLevel", {{"Value", column.required ? "SystemRequired" : "None"}}}};
}

void AddTypeMembers(Json& attribute, const Column& column, const DataverseSwitches& switches) {
  switch (column.type) {
    case ColumnType::text:
    case ColumnType::memo:
      attribute["MaxLength"] = column.length_max;
      attribute["Format"] = column.type == ColumnType::memo ? "TextArea" : "Text";
      break;
    case ColumnType::integer:
      attribute["MinValue"] = column.value_min;
      attribute["MaxValue"] = column.value_max;
      break;
    case ColumnType::decimal:
      attribute["Precision"] = column.scale;
      break;
    case ColumnType::money:
      attribute["Precision"] = column.name.ends_with("_base") ? kMoneyScale : 2;
      attribute["PrecisionSource"] = 2;
      attribute["IsBaseCurrency"] = column.name.ends_with("_base");
      attribute["MinValue"] = ToDouble(column.value_min, kMoneyScale);
      attribute["MaxValue"] = ToDouble(column.value_max, kMoneyScale);
      break;
    case ColumnType::boolean:
    case ColumnType::choice:
    case ColumnType::state:
    case ColumnType::status:
      attribute["OptionSet"] = OptionSet(column, switches);
      attribute["GlobalOptionSet"] = nullptr;
      break;
    case ColumnType::date:
    case ColumnType::date_time: {
      const bool date_only = column.type == ColumnType::date && !switches.dates_as_timestamps;
      attribute["Format"] = column.type == ColumnType::date ? "DateOnly" : "DateAndTime";
      attribute["DateTimeBehavior"] = {{"Value", date_only ? "DateOnly" : "UserLocal"}};
      break;
    }
    case ColumnType::lookup: {
      std::set<std::string> targets;
      for (const auto& navigation : column.navigations) {
        targets.insert(navigation.targets.begin(), navigation.targets.end());
      }
      attribute["Targets"] = targets;
      break;
    }
    case ColumnType::guid:
    case ColumnType::big_integer:
      break;
  }
}

// "parentaccountidname", "statuscodename": labels for old clients, virtual.
Json NameAttribute(const Table& table, const Column& column, const DataverseSwitches& switches) {
  Json attribute = BaseAttribute(table, column, switches);
  const bool lookup = column.type == ColumnType::lookup;
  attribute["MetadataId"] = NameAttributeId(column);
  attribute["LogicalName"] = column.name + "name";
  attribute["SchemaName"] = column.schema_name + "Name";
  attribute["AttributeType"] = lookup ? "String" : "Virtual";
  attribute["AttributeTypeName"] = {{"Value", lookup ? "StringType" : "VirtualType"}};
  attribute["AttributeOf"] = column.name;
  attribute["DisplayName"] = Label("", switches);
  attribute["IsValidForCreate"] = attribute["IsValidForUpdate"] = false;
  attribute["IsPrimaryId"] = attribute["IsPrimaryName"] = false;
  return attribute;
}

bool HasNameAttribute(const Column& column) {
  return column.type == ColumnType::lookup || !column.options.empty();
}

}  // namespace

Json EntityMetadata(const Table& table, const DataverseSwitches& switches) {
  const auto& info = table.info();
  return {{"MetadataId", info.metadata_id},
          {"LogicalName", info.name},
          {"SchemaName", info.schema_name},
          {"EntitySetName", info.set_name},
          {"LogicalCollectionName", info.set_name},
          {"DisplayName", Label(info.label, switches)},
          {"DisplayCollectionName", Label(info.label, switches)},
          {"PrimaryIdAttribute", info.primary_id},
          {"PrimaryNameAttribute", info.primary_name},
          {"ChangeTrackingEnabled", info.change_tracking && switches.change_tracking},
          {"IsOptimisticConcurrencyEnabled", info.optimistic_concurrency},
          {"IsCustomEntity",
           info.schema_name != info.name && info.name.find('_') != std::string::npos}};
}

Json KeyMetadata(const Table& table, const AlternateKey& key, const DataverseSwitches& switches) {
  std::string logical = key.name;
  for (char& c : logical) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return {{"MetadataId", table.info().metadata_id},
          {"LogicalName", logical},
          {"SchemaName", key.name},
          {"EntityLogicalName", table.name()},
          {"DisplayName", Label(key.label, switches)},
          {"KeyAttributes", key.columns},
          {"EntityKeyIndexStatus", "Active"}};
}

std::vector<Json> RelationshipMetadata(const Table& table) {
  std::vector<Json> relationships;
  for (const auto& column : table.columns()) {
    for (const auto& navigation : column.navigations) {
      for (const auto& target : navigation.targets) {
        relationships.push_back({{"SchemaName", target + "_" + table.name() + "_" + column.name},
                                 {"ReferencingEntity", table.name()},
                                 {"ReferencingAttribute", column.name},
                                 {"ReferencingEntityNavigationPropertyName", navigation.name},
                                 {"ReferencedEntity", target},
                                 {"ReferencedAttribute", target + "id"}});
      }
    }
  }
  return relationships;
}

std::string NameAttributeId(const Column& column) {
  return column.metadata_id.substr(0, 35) + (column.metadata_id.back() == '0' ? "1" : "0");
}

bool IsAttributeType(const std::string& type) {
  static const std::set<std::string> types = {"StringAttributeMetadata",
                                              "MemoAttributeMetadata",
                                              "IntegerAttributeMetadata",
                                              "BigIntAttributeMetadata",
                                              "DecimalAttributeMetadata",
                                              "MoneyAttributeMetadata",
                                              "BooleanAttributeMetadata",
                                              "PicklistAttributeMetadata",
                                              "StateAttributeMetadata",
                                              "StatusAttributeMetadata",
                                              "DateTimeAttributeMetadata",
                                              "LookupAttributeMetadata",
                                              "UniqueIdentifierAttributeMetadata",
                                              "MultiSelectPicklistAttributeMetadata"};
  return types.contains(type);
}

std::vector<Json> AttributeMetadata(const Table& table, const std::string& type,
                                    const DataverseSwitches& switches) {
  std::vector<Json> attributes;
  for (const auto& column : table.columns()) {
    if (!type.empty() && MetadataType(column) != type) continue;
    attributes.push_back(BaseAttribute(table, column, switches));
    if (!type.empty()) {
      AddTypeMembers(attributes.back(), column, switches);
    } else if (HasNameAttribute(column)) {
      attributes.push_back(NameAttribute(table, column, switches));
    }
  }
  return attributes;
}

bool IsMetadataNavigation(const std::string& member) {
  static const std::set<std::string> navigations = {"OptionSet", "GlobalOptionSet", "Keys",
                                                    "Attributes"};
  return navigations.contains(member);
}

}  // namespace cosell::sandbox::dataverse
