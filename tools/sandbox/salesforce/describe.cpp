#include "tools/sandbox/salesforce/describe.h"

namespace cosell::sandbox::salesforce {
namespace {

std::string SoapType(FieldType type) {
  switch (type) {
    case FieldType::id:
    case FieldType::reference:
      return "tns:ID";
    case FieldType::boolean:
      return "xsd:boolean";
    case FieldType::integer:
      return "xsd:int";
    case FieldType::number:
    case FieldType::currency:
    case FieldType::percent:
      return "xsd:double";
    case FieldType::date:
      return "xsd:date";
    case FieldType::datetime:
      return "xsd:dateTime";
    case FieldType::address:
      return "urn:address";
    case FieldType::string:
    case FieldType::textarea:
    case FieldType::phone:
    case FieldType::email:
    case FieldType::url:
    case FieldType::picklist:
    case FieldType::multipicklist:
      break;
  }
  return "xsd:string";
}

Json ObjectHead(const ReadContext& context, const ObjectType& type) {
  const std::string name = context.naming.Out(type.name);
  const std::string base = context.Base() + "/sobjects/" + name;
  const bool open = !type.setup;
  return {{"name", name},
          {"label", type.label},
          {"labelPlural", type.plural},
          {"keyPrefix", type.prefix},
          {"custom", type.custom()},
          {"customSetting", false},
          {"deprecatedAndHidden", false},
          {"createable", open},
          {"updateable", open},
          {"deletable", type.deletable},
          {"queryable", true},
          {"replicateable", open},
          {"retrieveable", true},
          {"undeletable", type.deletable},
          {"searchable", open},
          {"triggerable", open},
          {"layoutable", open},
          {"mergeable", type.mergeable},
          {"feedEnabled", open},
          {"activateable", false},
          {"urls",
           {{"sobject", base}, {"describe", base + "/describe"}, {"rowTemplate", base + "/{ID}"}}}};
}

Json Picklist(const Field& field) {
  Json values = Json::array();
  for (const auto& value : field.values) {
    values.push_back({{"active", value.active},
                      {"defaultValue", value.is_default},
                      {"label", value.label},
                      {"value", value.value},
                      {"validFor", nullptr}});
  }
  return values;
}

Json DescribeField(const ReadContext& context, const Field& field) {
  const bool text =
      IsText(field.type) || field.type == FieldType::id || field.type == FieldType::reference;
  const std::size_t length = text && field.length == 0 ? 18 : field.length;
  const bool calculated = !field.formula.empty();
  const bool id = field.type == FieldType::id;
  return {
      {"name", context.naming.Out(field.name)},
      {"label", field.label},
      {"type", TypeName(field.type)},
      {"soapType", SoapType(field.type)},
      {"length", text ? length : 0},
      {"byteLength", text ? length * (id ? 1 : 3) : 0},
      {"precision", field.precision},
      {"scale", field.scale},
      {"digits", field.type == FieldType::integer ? 8 : 0},
      {"nillable", !field.required},
      {"defaultedOnCreate", field.defaulted},
      {"createable", field.createable},
      {"updateable", field.updateable},
      {"filterable", field.filterable()},
      {"sortable", field.filterable() && field.type != FieldType::multipicklist},
      {"groupable", field.filterable() && !IsNumber(field.type) && !calculated},
      {"custom", field.custom()},
      {"calculated", calculated},
      {"externalId", field.external_id},
      {"unique", field.unique},
      {"caseSensitive", false},
      {"idLookup", id || field.external_id},
      {"nameField", field.name == "Name"},
      {"restrictedPicklist", field.restricted},
      {"dependentPicklist", false},
      {"controllerName", nullptr},
      {"picklistValues", Picklist(field)},
      {"referenceTo", field.to.empty() ? Json::array() : Json::array({field.to})},
      {"relationshipName",
       field.relationship.empty() ? Json(nullptr) : Json(context.naming.Out(field.relationship))},
      {"inlineHelpText", nullptr},
      {"defaultValue", nullptr},
      {"deprecatedAndHidden", false}};
}

Json Children(const ReadContext& context, const ObjectType& parent) {
  Json children = Json::array();
  for (const auto& table : context.database.tables()) {
    for (const auto& field : table->type().fields) {
      if (field.to != parent.name || field.hidden) continue;
      const Json name =
          field.children.empty() ? Json(nullptr) : Json(context.naming.Out(field.children));
      children.push_back({{"childSObject", context.naming.Out(table->type().name)},
                          {"field", context.naming.Out(field.name)},
                          {"relationshipName", name},
                          {"cascadeDelete", field.cascade},
                          {"restrictedDelete", false},
                          {"deprecatedAndHidden", false},
                          {"junctionIdListNames", Json::array()},
                          {"junctionReferenceTo", Json::array()}});
    }
  }
  return children;
}

}  // namespace

Json DescribeGlobal(const ReadContext& context) {
  Json objects = Json::array();
  for (const auto& table : context.database.tables()) {
    objects.push_back(ObjectHead(context, table->type()));
  }
  return {{"encoding", "UTF-8"}, {"maxBatchSize", 200}, {"sobjects", objects}};
}

Json DescribeObject(const ReadContext& context, const Table& table) {
  Json about = ObjectHead(context, table.type());
  about["childRelationships"] = Children(context, table.type());
  about["recordTypeInfos"] = Json::array({{{"name", "Master"},
                                           {"developerName", "Master"},
                                           {"recordTypeId", "012000000000000AAA"},
                                           {"available", true},
                                           {"active", true},
                                           {"defaultRecordTypeMapping", true},
                                           {"master", true}}});
  Json fields = Json::array();
  for (const auto& field : table.type().fields) {
    if (!field.hidden) fields.push_back(DescribeField(context, field));
  }
  about["fields"] = std::move(fields);
  return about;
}

}  // namespace cosell::sandbox::salesforce
