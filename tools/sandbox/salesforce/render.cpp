#include "tools/sandbox/salesforce/render.h"

#include <algorithm>

#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

// "BillingAddress" gathers the fields that begin with "Billing"; null when all of them are.
Json CompoundAddress(const Table& table, const Row& row, const Field& field) {
  const std::string prefix =
      field.name.substr(0, field.name.size() - std::string("Address").size());
  Json address = Json::object();
  bool empty = true;
  const auto add = [&](const char* member, const std::string& name) {
    const auto at = table.type().Visible(name);
    if (!at) return;
    address[member] = ToJson(table.type().fields[*at], row.cells[*at]);
    empty = empty && address[member].is_null();
  };
  add("city", prefix + "City");
  add("country", prefix + "Country");
  add("countryCode", prefix + "CountryCode");
  address["geocodeAccuracy"] = nullptr;
  add("latitude", prefix + "Latitude");
  add("longitude", prefix + "Longitude");
  add("postalCode", prefix + "PostalCode");
  add("state", prefix + "State");
  add("street", prefix + "Street");
  return empty ? Json(nullptr) : address;
}

Json RenderCell(const Database& database, const Table& table, const Row& row, std::size_t at) {
  const Field& field = table.type().fields[at];
  if (field.type == FieldType::address) return CompoundAddress(table, row, field);
  return ToJson(field, database.Read(table, row, at));
}

// Puts one field where its path says.
void Place(const ReadContext& context, const Table& root, const Row& root_row,
           const FieldPath& path, Json& record) {
  const Table* table = &root;
  const Row* row = &root_row;
  Json* at = &record;
  for (const std::size_t hop : path.hops) {
    const Field& field = table->type().fields[hop];
    const Row* parent = context.database.Parent(*table, *row, hop);
    const Table& parents = context.database.At(field.to);
    Json& nested = (*at)[context.naming.Out(field.relationship)];
    if (parent == nullptr) {
      nested = nullptr;
      return;
    }
    if (nested.is_null()) nested = {{"attributes", Attributes(context, parents, parent->id)}};
    at = &nested;
    table = &parents;
    row = parent;
  }
  const std::string& name = table->type().fields[path.field].name;
  (*at)[context.naming.Out(name)] = RenderCell(context.database, *table, *row, path.field);
}

}  // namespace

std::optional<FieldPath> FindPath(const ReadContext& context, const Table& table,
                                  const std::vector<std::string>& names) {
  FieldPath path;
  path.table = &table;
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    const auto hop = context.naming.Relationship(path.table->type(), names[i]);
    if (!hop) return std::nullopt;
    path.hops.push_back(*hop);
    path.table = context.database.Find(path.table->type().fields[*hop].to);
  }
  const auto field = context.naming.Field(path.table->type(), names.back());
  if (!field) return std::nullopt;
  path.field = *field;
  return path;
}

Value ReadPath(const Database& database, const Table& table, const Row& row,
               const FieldPath& path) {
  const Table* at = &table;
  const Row* record = &row;
  for (const std::size_t hop : path.hops) {
    record = database.Parent(*at, *record, hop);
    if (record == nullptr) return {};
    at = &database.At(at->type().fields[hop].to);
  }
  return database.Read(*at, *record, path.field);
}

Json Attributes(const ReadContext& context, const Table& table, const std::string& id) {
  return {{"type", context.naming.Out(table.type().name)},
          {"url", context.RecordUrl(table.type(), id)}};
}

Json RenderRecord(const ReadContext& context, const Table& table, const Row& row,
                  const std::vector<FieldPath>& paths) {
  Json record = {{"attributes", Attributes(context, table, row.id)}};
  for (const auto& path : paths) Place(context, table, row, path, record);
  return record;
}

std::vector<FieldPath> AllFields(const ReadContext& context, const Table& table) {
  std::vector<FieldPath> paths;
  for (std::size_t i = 0; i < table.type().fields.size(); ++i) {
    if (!table.type().fields[i].hidden || context.naming.sees_hidden) {
      paths.push_back({{}, &table, i});
    }
  }
  return paths;
}

}  // namespace cosell::sandbox::salesforce
