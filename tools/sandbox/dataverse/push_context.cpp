#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/sandbox/dataverse/push.h"

namespace cosell::sandbox::dataverse {
namespace {

using Json = nlohmann::ordered_json;

std::string TypeName(const std::string& type) {
  return type + ":http://schemas.microsoft.com/xrm/2011/Contracts";
}

// "/Date(1772528411000)/" and, with an offset, "/Date(1772528411000+0000)/".
std::string DateText(Instant at, const std::string& offset = "") {
  return "/Date(" + std::to_string(ToUnixMs(at)) + offset + ")/";
}

Json EntityReference(const std::string& table, const std::string& id) {
  return {{"__type", TypeName("EntityReference")},
          {"Id", id},
          {"KeyAttributes", Json::array()},
          {"LogicalName", table},
          {"Name", nullptr},
          {"RowVersion", nullptr}};
}

Json NumberValue(const Column& column, std::int64_t number) {
  switch (column.type) {
    case ColumnType::money:
      return {{"__type", TypeName("Money")}, {"Value", ToDouble(number, column.scale)}};
    case ColumnType::choice:
    case ColumnType::state:
    case ColumnType::status:
      return {{"__type", TypeName("OptionSetValue")}, {"Value", number}};
    case ColumnType::decimal:
      return ToDouble(number, column.scale);
    case ColumnType::text:
    case ColumnType::memo:
    case ColumnType::integer:
    case ColumnType::big_integer:
    case ColumnType::boolean:
    case ColumnType::date:
    case ColumnType::date_time:
    case ColumnType::guid:
    case ColumnType::lookup:
      break;
  }
  return number;
}

Json AttributeValue(const Column& column, const Value& value) {
  if (IsNull(value)) return nullptr;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return NumberValue(column, *number);
  if (const auto* reference = std::get_if<Reference>(&value)) {
    return EntityReference(reference->table, reference->id);
  }
  const auto& text = std::get<std::string>(value);
  if (column.type == ColumnType::date) return DateText(*ParseInstant(text + "T00:00:00Z"));
  if (column.type == ColumnType::date_time) return DateText(*ParseInstant(text));
  return text;
}

Json Attributes(const Table& table, const Row& row, const std::vector<std::size_t>& columns) {
  Json attributes = Json::array();
  for (const auto at : columns) {
    const Column& column = table.columns()[at];
    attributes.push_back({{"key", column.name}, {"value", AttributeValue(column, row.cells[at])}});
  }
  return attributes;
}

Json Entity(const Table& table, const Row& row, const std::vector<std::size_t>& columns) {
  return {{"__type", TypeName("Entity")},
          {"Attributes", Attributes(table, row, columns)},
          {"EntityState", nullptr},
          {"FormattedValues", Json::array()},
          {"Id", row.id},
          {"KeyAttributes", Json::array()},
          {"LogicalName", table.name()},
          {"RelatedEntities", Json::array()},
          {"RowVersion", nullptr}};
}

void AddOnce(std::vector<std::size_t>& columns, std::optional<std::size_t> column) {
  if (!column) return;
  for (const auto present : columns) {
    if (present == *column) return;
  }
  columns.push_back(*column);
}

// The columns an Update's target shows: those written, the id, and who wrote when.
std::vector<std::size_t> TargetColumns(const Change& change) {
  auto columns = change.columns;
  const Table& table = *change.table;
  for (const auto& name : {table.info().primary_id, std::string("modifiedon"),
                           std::string("modifiedby"), std::string("modifiedonbehalfby")}) {
    AddOnce(columns, table.Find(name));
  }
  if (change.message != "Create") return columns;
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    if (!IsNull(change.row.cells[i])) AddOnce(columns, i);
  }
  return columns;
}

Json InputParameters(Database& database, const Change& change) {
  const Table& table = *change.table;
  if (change.closing) {
    const Table& closes = database.At("opportunityclose");
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < closes.columns().size(); ++i) {
      if (!IsNull(change.closing->cells[i])) columns.push_back(i);
    }
    const Column& status = table.columns()[table.At("statuscode")];
    return Json::array(
        {{{"key", "OpportunityClose"}, {"value", Entity(closes, *change.closing, columns)}},
         {{"key", "Status"},
          {"value", AttributeValue(status, table.Cell(change.row, "statuscode"))}}});
  }
  const Json target = change.message == "Delete" ? EntityReference(table.name(), change.row.id)
                                                 : Entity(table, change.row, TargetColumns(change));
  return Json::array({{{"key", "Target"}, {"value", target}}});
}

Json PostImages(const Change& change) {
  if (change.message == "Delete") return Json::array();
  const Table& table = *change.table;
  Json image = Entity(table, change.row,
                      {table.At(table.info().primary_name), table.At(table.info().primary_id)});
  image.erase("__type");
  return Json::array({{{"key", "AsynchronousStepPrimaryName"}, {"value", image}}});
}

}  // namespace

std::string ContextBody(Database& database, const Change& change, bool stripped) {
  Json outputs = Json::array();
  if (change.message == "Create") {
    outputs.push_back({{"key", "id"}, {"value", change.row.id}});
  }
  Json step = EntityReference("sdkmessageprocessingstep", database.NewId());
  step.erase("__type");
  Json context = {{"BusinessUnitId", database.business_unit_id()},
                  {"CorrelationId", database.NewId()},
                  {"Depth", 1},
                  {"InitiatingUserId", change.caller.user_id},
                  {"InputParameters", InputParameters(database, change)},
                  {"IsExecutingOffline", false},
                  {"IsInTransaction", false},
                  {"IsOfflinePlayback", false},
                  {"IsolationMode", 1},
                  {"MessageName", change.message},
                  {"Mode", 1},
                  {"OperationCreatedOn", DateText(change.at, "+0000")},
                  {"OperationId", database.NewId()},
                  {"OrganizationId", database.organization_id()},
                  {"OrganizationName", database.options().organization_name},
                  {"OutputParameters", outputs},
                  {"OwningExtension", step},
                  {"ParentContext", nullptr},
                  {"PostEntityImages", PostImages(change)},
                  {"PreEntityImages", Json::array()},
                  {"PrimaryEntityId", change.row.id},
                  {"PrimaryEntityName", change.table->name()},
                  {"RequestId", nullptr},
                  {"SecondaryEntityName", "none"},
                  {"SharedVariables", Json::array()},
                  {"Stage", 40},
                  {"UserId", change.caller.user_id}};
  if (stripped) {
    for (const auto* member :
         {"ParentContext", "InputParameters", "PreEntityImages", "PostEntityImages"}) {
      context.erase(member);
    }
  }
  return ReplaceAll(context.dump(-1, ' ', false, Json::error_handler_t::replace), "/", "\\/");
}

}  // namespace cosell::sandbox::dataverse
