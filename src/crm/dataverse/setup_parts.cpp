#include "crm/dataverse/setup_parts.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell::dataverse {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kEnglish = 1033;
constexpr std::int64_t kOptionPrefix = 41'170;  // of our publisher: option values begin with it
constexpr std::int64_t kOptionUnit = 10'000;
constexpr const char* kType = "@odata.type";

std::string TypeName(std::string_view name) {
  return "Microsoft.Dynamics.CRM." + std::string(name);
}

Json Label(const std::string& text) {
  return {
      {kType, TypeName("Label")},
      {"LocalizedLabels",
       Json::array(
           {{{kType, TypeName("LocalizedLabel")}, {"Label", text}, {"LanguageCode", kEnglish}}})}};
}

Json Option(std::int64_t value, const std::string& label) {
  return {{"Value", value}, {"Label", Label(label)}};
}

Json YesNo(const PartColumn& column) {
  return {{kType, TypeName("BooleanOptionSetMetadata")},
          {"OptionSetType", "Boolean"},
          {"FalseOption", Option(0, column.choices.at(0))},
          {"TrueOption", Option(1, column.choices.at(1))}};
}

Json Choice(const PartColumn& column) {
  Json options = Json::array();
  std::int64_t value = kOptionPrefix * kOptionUnit;
  for (const std::string& label : column.choices) options.push_back(Option(value++, label));
  return {{kType, TypeName("OptionSetMetadata")},
          {"IsGlobal", false},
          {"OptionSetType", "Picklist"},
          {"Options", options}};
}

void AddType(Json& body, const std::string& type) {
  body[kType] = TypeName(type + "AttributeMetadata");
  body["AttributeType"] = type;
  body["AttributeTypeName"] = {{"Value", type + "Type"}};
}

Json ColumnBody(std::string_view prefix, const PartColumn& column) {
  Json body;
  switch (column.type) {
    case PartType::text:
    case PartType::url:
      AddType(body, "String");
      body["MaxLength"] = column.length;
      body["FormatName"] = {{"Value", column.type == PartType::url ? "Url" : "Text"}};
      break;
    case PartType::memo:
      AddType(body, "Memo");
      body["MaxLength"] = column.length;
      body["Format"] = "TextArea";
      break;
    case PartType::yes_no:
      AddType(body, "Boolean");
      body["DefaultValue"] = false;
      body["OptionSet"] = YesNo(column);
      break;
    case PartType::choice:
      AddType(body, "Picklist");
      body["OptionSet"] = Choice(column);
      break;
  }
  body["SchemaName"] = std::string(prefix) + "_" + column.schema_name;
  body["DisplayName"] = Label(column.label);
  if (!column.description.empty()) body["Description"] = Label(column.description);
  body["RequiredLevel"] = {{"Value", "None"},
                           {"CanBeChanged", true},
                           {"ManagedPropertyLogicalName", "canmodifyrequirementlevelsettings"}};
  return body;
}

Operation Post(std::string path, const Json& body, bool of_solution) {
  Operation operation;
  operation.method = "POST";
  operation.path = std::move(path);
  operation.body = body.dump();
  if (of_solution) {
    operation.headers.emplace_back("MSCRM.SolutionUniqueName", std::string(kSolution));
  }
  return operation;
}

std::vector<PartColumn> ColumnsOfSolution() {
  return {{"", "Name", "Solution Name", PartType::text, 200},
          {"", "SolutionIdentifier", "Solution Identifier", PartType::text, 100},
          {"", "Type", "Type", PartType::text, 50},
          {"", "PublisherName", "Publisher Name", PartType::text, 200}};
}

}  // namespace

std::vector<PartColumn> ColumnsOfLead() {
  return {{"sync",
           "SyncWithPartnerCenter",
           "Sync with Partner Center",
           PartType::yes_no,
           0,
           {"No", "Yes"},
           "Yes shares the record with Microsoft Partner Center and keeps it in step"},
          {"referral_id",
           "ReferralIdentifier",
           "Referral Identifier",
           PartType::text,
           100,
           {},
           "Written by cosell-sync: the referral this record is paired with"},
          {"referral_link",
           "ReferralLink",
           "Referral Link",
           PartType::url,
           255,
           {},
           "Written by cosell-sync: opens the referral in Partner Center"},
          {"audit",
           "Audit",
           "Audit",
           PartType::memo,
           100'000,
           {},
           "Written by cosell-sync: what was synchronised, and what is missing"}};
}

std::vector<PartColumn> ColumnsOfDeal() {
  std::vector<PartColumn> columns = ColumnsOfLead();
  columns.insert(columns.end(),
                 {{"help",
                   "HowCanMicrosoftHelp",
                   "How can Microsoft help?",
                   PartType::choice,
                   0,
                   {"Workload Specific Value Proposition", "Customer Technical Architecture",
                    "Proof Of Concept or Demo", "Quotes or Licensing",
                    "Post Sales Customer Success", "General or Other"},
                   "Asks Microsoft for help with the deal; it cannot be withdrawn"},
                  {"visibility",
                   "ReferralVisibility",
                   "Referral Visibility",
                   PartType::yes_no,
                   0,
                   {"Not visible to Microsoft sellers", "Visible to Microsoft sellers"},
                   "Once visible to Microsoft sellers, a deal stays visible"},
                  {"microsoft_crm_id",
                   "MicrosoftCRMIdentifier",
                   "Microsoft CRM Identifier",
                   PartType::text,
                   100,
                   {},
                   "Written by cosell-sync: Microsoft's own number of the deal"},
                  {"program",
                   "ReferralProgram",
                   "Referral Program",
                   PartType::text,
                   100,
                   {},
                   "Written by cosell-sync"}});
  return columns;
}

PartTable SolutionsOfDeal() {
  return {"MicrosoftSolution", "Microsoft Solution", "Microsoft Solutions", true,
          ColumnsOfSolution()};
}

PartTable SolutionCatalogue() {
  return {"MicrosoftSolutionDetail", "Microsoft Solution Detail", "Microsoft Solution Details",
          false, ColumnsOfSolution()};
}

std::string LogicalName(std::string_view prefix, std::string_view schema_name) {
  return ToLower(std::string(prefix) + "_" + std::string(schema_name));
}

std::string Describe(const PartColumn& column) {
  const std::string length = std::to_string(column.length) + " characters";
  switch (column.type) {
    case PartType::text:
      return column.label + ": text of " + length;
    case PartType::url:
      return column.label + ": link of " + length;
    case PartType::memo:
      return column.label + ": multi-line text of " + length;
    case PartType::yes_no:
      return column.label + ": yes/no (" + Join(column.choices, " / ") + ")";
    case PartType::choice:
      return column.label + ": choice of " + Join(column.choices, "; ");
  }
  return column.label;
}

Operation MakePublisher() {
  return Post("publishers",
              {{"uniquename", kPublisher},
               {"friendlyname", "cosell-sync"},
               {"customizationprefix", kPrefix},
               {"customizationoptionvalueprefix", kOptionPrefix}},
              false);
}

Operation MakeSolution(const std::string& publisher_id) {
  return Post("solutions",
              {{"uniquename", kSolution},
               {"friendlyname", "cosell-sync columns"},
               {"version", "1.0.0.0"},
               {"publisherid@odata.bind", "/publishers(" + publisher_id + ")"}},
              false);
}

Operation MakeColumn(std::string_view prefix, std::string_view table, const PartColumn& column) {
  return Post("EntityDefinitions(LogicalName='" + std::string(table) + "')/Attributes",
              ColumnBody(prefix, column), true);
}

Operation MakeTable(std::string_view prefix, const PartTable& table) {
  Json attributes = Json::array();
  for (const PartColumn& column : table.columns) attributes.push_back(ColumnBody(prefix, column));
  attributes[0]["IsPrimaryName"] = true;
  return Post("EntityDefinitions",
              {{kType, TypeName("EntityMetadata")},
               {"SchemaName", std::string(prefix) + "_" + table.schema_name},
               {"DisplayName", Label(table.label)},
               {"DisplayCollectionName", Label(table.label_plural)},
               {"OwnershipType", table.user_owned ? "UserOwned" : "OrganizationOwned"},
               {"HasActivities", false},
               {"HasNotes", false},
               {"IsActivity", false},
               {"ChangeTrackingEnabled", true},
               {"Attributes", attributes}},
              true);
}

Operation MakeLookup(std::string_view prefix, const PartTable& table) {
  const std::string name = std::string(prefix) + "_";
  return Post("RelationshipDefinitions",
              {{kType, TypeName("OneToManyRelationshipMetadata")},
               {"SchemaName", name + "Opportunity_" + table.schema_name},
               {"ReferencedEntity", "opportunity"},
               {"ReferencedAttribute", "opportunityid"},
               {"ReferencingEntity", LogicalName(prefix, table.schema_name)},
               {"CascadeConfiguration",
                {{"Assign", "NoCascade"},
                 {"Delete", "Cascade"},
                 {"Merge", "NoCascade"},
                 {"Reparent", "NoCascade"},
                 {"Share", "NoCascade"},
                 {"Unshare", "NoCascade"}}},
               {"Lookup",
                {{kType, TypeName("LookupAttributeMetadata")},
                 {"AttributeType", "Lookup"},
                 {"AttributeTypeName", {{"Value", "LookupType"}}},
                 {"SchemaName", name + "OpportunityId"},
                 {"DisplayName", Label("Opportunity")}}}},
              true);
}

Operation MakePublish(const std::vector<std::string>& tables) {
  std::string xml = "<importexportxml><entities>";
  for (const std::string& table : tables) xml += "<entity>" + table + "</entity>";
  return Post("PublishXml", {{"ParameterXml", xml + "</entities></importexportxml>"}}, false);
}

}  // namespace cosell::dataverse
