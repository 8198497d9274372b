#include "crm/salesforce/schema.h"

namespace cosell::salesforce {
namespace {

std::string_view TypeName(FieldType type) {
  switch (type) {
    case FieldType::memo:
      return "memo";
    case FieldType::money:
      return "money";
    case FieldType::number:
      return "number";
    case FieldType::date:
      return "date";
    case FieldType::datetime:
      return "datetime";
    case FieldType::boolean:
      return "boolean";
    case FieldType::choice:
    case FieldType::multi_choice:
      return "choice";
    case FieldType::reference:
      return "lookup";
    case FieldType::text:
    case FieldType::link:
    case FieldType::compound:
      return "text";
  }
  return "text";
}

std::map<std::string, CrmColumn> ColumnsOf(const Object& object) {
  std::map<std::string, CrmColumn> columns;
  for (const auto& [name, field] : object.fields) {
    CrmColumn column;
    column.name = name;
    column.type = TypeName(field.type);
    column.length_max = field.length_max;
    column.creatable = field.creatable;
    column.updatable = field.updatable;
    column.required = field.required;
    for (const PicklistValue& each : field.values) column.choices.emplace(each.value, each.value);
    columns.emplace(name, std::move(column));
  }
  return columns;
}

}  // namespace

CrmSchema ToSchema(const Organization& organization) {
  CrmSchema schema;
  schema.roles = organization.opportunity.roles;
  schema.columns = ColumnsOf(organization.opportunity.object);
  if (organization.solutions) {
    CrmColumn column;
    column.name = organization.solutions->relationship;
    column.type = "text";
    schema.columns.emplace(column.name, column);
  }
  if (organization.sales_team) {
    CrmColumn column;
    column.name = organization.sales_team->relationship;
    column.type = "people";
    column.creatable = column.updatable = false;
    schema.columns.emplace(column.name, column);
  }
  if (organization.lead) {
    schema.lead = RecordSchema{organization.lead->roles, ColumnsOf(organization.lead->object)};
  }
  schema.currencies = organization.currencies;
  schema.user_id = organization.user_id;
  schema.organization_id = organization.organization_id;
  return schema;
}

}  // namespace cosell::salesforce
