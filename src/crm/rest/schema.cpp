#include "crm/rest/schema.h"

#include "crm/rest/values.h"

namespace cosell::rest {
namespace {

struct Consequence {
  const char* role;
  const char* text;
};

constexpr Consequence kWithout[] = {
    {"audit", "sellers cannot see what was synchronised or why it failed"},
    {"referral_link", "sellers cannot open the referral from the deal"},
    {"help", "sellers cannot ask for Microsoft's help"},
    {"visibility", "sellers cannot see or set whether Microsoft sees the deal"}};

CrmColumn ToColumn(const Attribute& attribute, const std::vector<std::string>& currencies) {
  CrmColumn column;
  column.name = attribute.name;
  column.type = attribute.type == "list" ? "text" : attribute.type;
  column.length_max = attribute.length_max;
  column.creatable = attribute.creatable;
  column.updatable = attribute.updatable;
  if (attribute.type == "choice") {
    for (const auto& [label, value] : attribute.choices) column.choices[label] = TextOf(value);
  }
  if (attribute.type == "currency") {
    column.type = "choice";
    for (const std::string& code : currencies) column.choices[code] = code;
  }
  return column;
}

}  // namespace

CrmSchema ToSchema(const Description& description, const std::string& user,
                   const std::string& organization) {
  CrmSchema schema;
  schema.roles = description.deal.roles;
  for (const auto& [name, attribute] : description.deal.attributes) {
    schema.columns.emplace(name, ToColumn(attribute, description.currencies));
  }
  for (const Consequence& each : kWithout) {
    if (schema.roles.contains(each.role)) continue;
    schema.problems.push_back("The description file gives no attribute the role '" +
                              std::string(each.role) + "': without it " + each.text +
                              ". Create a field in the CRM and describe it");
  }
  schema.currencies = description.currencies;
  schema.user_id = user;
  schema.organization_id = organization;
  return schema;
}

}  // namespace cosell::rest
