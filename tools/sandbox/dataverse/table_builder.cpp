#include "tools/sandbox/dataverse/table_builder.h"

#include <limits>

#include "base/guid.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::int64_t kMoneyUnit = 10'000;

Column Make(std::string name, ColumnType type, std::string label) {
  Column column;
  column.name = std::move(name);
  column.schema_name = column.name;
  column.label = std::move(label);
  column.type = type;
  return column;
}

Column MakeLookup(std::string name, std::set<std::string> targets, std::string label) {
  Column column = Make(std::move(name), ColumnType::lookup, std::move(label));
  column.navigations = {{column.name, std::move(targets)}};
  return column;
}

}  // namespace

TableBuilder::TableBuilder(TableInfo info, Random& random)
    : random_(random), info_(std::move(info)) {
  info_.metadata_id = NewGuid(random_);
  Guid(info_.primary_id).CreateOnly();
  Put(Make("versionnumber", ColumnType::big_integer, "Version Number")).ReadOnly();
  DateTime("createdon", "Created On").ReadOnly();
  DateTime("modifiedon", "Modified On").ReadOnly();
  DateTime("overriddencreatedon", "Record Created On").CreateOnly();
  Lookup("createdby", {"systemuser"}, "Created By").ReadOnly();
  Lookup("modifiedby", {"systemuser"}, "Modified By").ReadOnly();
}

TableBuilder& TableBuilder::Put(Column column) {
  column.metadata_id = NewGuid(random_);
  columns_.push_back(std::move(column));
  return *this;
}

TableBuilder& TableBuilder::Text(std::string name, std::size_t length_max, std::string label) {
  Column column = Make(std::move(name), ColumnType::text, std::move(label));
  column.length_max = length_max;
  return Put(std::move(column));
}

TableBuilder& TableBuilder::Memo(std::string name, std::size_t length_max, std::string label) {
  Column column = Make(std::move(name), ColumnType::memo, std::move(label));
  column.length_max = length_max;
  return Put(std::move(column));
}

TableBuilder& TableBuilder::Integer(std::string name, std::int64_t min, std::int64_t max,
                                    std::string label) {
  Column column = Make(std::move(name), ColumnType::integer, std::move(label));
  column.value_min = min;
  column.value_max = max;
  return Put(std::move(column));
}

TableBuilder& TableBuilder::Decimal(std::string name, int scale, std::string label) {
  Column column = Make(std::move(name), ColumnType::decimal, std::move(label));
  column.scale = scale;
  column.value_min = std::numeric_limits<std::int64_t>::min();
  column.value_max = std::numeric_limits<std::int64_t>::max();
  return Put(std::move(column));
}

TableBuilder& TableBuilder::Money(std::string name, std::int64_t min, std::int64_t max,
                                  std::string label) {
  Column column = Make(std::move(name), ColumnType::money, label);
  column.scale = kMoneyScale;
  column.value_min = min * kMoneyUnit;
  column.value_max = max * kMoneyUnit;
  Column base = column;
  base.name += "_base";
  base.schema_name = base.name;
  base.label = label.empty() ? "" : label + " (Base)";
  base.value_min = std::numeric_limits<std::int64_t>::min();
  base.value_max = std::numeric_limits<std::int64_t>::max();
  base.creatable = base.updatable = false;
  // The twin first, so that modifiers reach the column itself.
  return Put(std::move(base)).Put(std::move(column));
}

TableBuilder& TableBuilder::Boolean(std::string name, std::string label, std::string no,
                                    std::string yes) {
  Column column = Make(std::move(name), ColumnType::boolean, std::move(label));
  column.options = {{0, std::move(no)}, {1, std::move(yes)}};
  return Put(std::move(column));
}

TableBuilder& TableBuilder::Choice(std::string name, std::vector<Option> options,
                                   std::string label) {
  Column column = Make(std::move(name), ColumnType::choice, std::move(label));
  column.options = std::move(options);
  return Put(std::move(column));
}

TableBuilder& TableBuilder::Date(std::string name, std::string label) {
  return Put(Make(std::move(name), ColumnType::date, std::move(label)));
}

TableBuilder& TableBuilder::DateTime(std::string name, std::string label) {
  return Put(Make(std::move(name), ColumnType::date_time, std::move(label)));
}

TableBuilder& TableBuilder::Guid(std::string name) {
  return Put(Make(std::move(name), ColumnType::guid, ""));
}

TableBuilder& TableBuilder::Lookup(std::string name, std::set<std::string> targets,
                                   std::string label) {
  return Put(MakeLookup(std::move(name), std::move(targets), std::move(label)));
}

TableBuilder& TableBuilder::Customer(std::string name, std::set<std::string> targets,
                                     std::string label) {
  Column column = MakeLookup(std::move(name), targets, std::move(label));
  column.navigations.clear();
  for (const auto& target : targets) {
    column.navigations.push_back({column.name + "_" + target, {target}});
  }
  column.lookup_kind = "Customer";
  return Put(std::move(column));
}

TableBuilder& TableBuilder::State(std::vector<Option> states, std::vector<Option> reasons) {
  const std::int64_t state = states.front().value;
  const std::int64_t reason = reasons.front().value;
  Column status = Make("statuscode", ColumnType::status, "Status Reason");
  status.options = std::move(reasons);
  status.initial = reason;
  Column column = Make("statecode", ColumnType::state, "Status");
  column.options = std::move(states);
  column.initial = state;
  column.creatable = false;
  column.required = true;
  return Put(std::move(column)).Put(std::move(status));
}

TableBuilder& TableBuilder::Owned() {
  Lookup("owninguser", {"systemuser"}, "Owning User").ReadOnly();
  Lookup("owningteam", {"team"}, "Owning Team").ReadOnly();
  Lookup("modifiedonbehalfby", {"systemuser"}, "Modified By (Delegate)").ReadOnly();
  Lookup("createdonbehalfby", {"systemuser"}, "Created By (Delegate)").ReadOnly();
  Lookup("ownerid", {"systemuser", "team"}, "Owner").Required();
  columns_.back().lookup_kind = "Owner";
  return *this;
}

TableBuilder& TableBuilder::WithCurrency() {
  Decimal("exchangerate", kRateScale, "Exchange Rate").ReadOnly();
  return Lookup("transactioncurrencyid", {"transactioncurrency"}, "Currency");
}

TableBuilder& TableBuilder::ReadOnly() {
  columns_.back().creatable = columns_.back().updatable = false;
  return *this;
}

TableBuilder& TableBuilder::CreateOnly() {
  columns_.back().updatable = false;
  return *this;
}

TableBuilder& TableBuilder::Required() {
  columns_.back().required = true;
  return *this;
}

TableBuilder& TableBuilder::Initially(Value value) {
  columns_.back().initial = std::move(value);
  return *this;
}

TableBuilder& TableBuilder::Schema(std::string schema_name) {
  Column& column = columns_.back();
  for (auto& navigation : column.navigations) navigation.name = schema_name;
  column.schema_name = std::move(schema_name);
  return *this;
}

TableBuilder& TableBuilder::CascadesDelete() {
  columns_.back().cascades_delete = true;
  return *this;
}

Table TableBuilder::Build() const {
  Table table(info_);
  for (const auto& column : columns_) table.Add(column);
  return table;
}

}  // namespace cosell::sandbox::dataverse
