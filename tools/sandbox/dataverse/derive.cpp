#include "tools/sandbox/dataverse/derive.h"

#include <cmath>

#include "base/time.h"
#include "tools/sandbox/dataverse/error.h"

namespace cosell::sandbox::dataverse {
namespace {

// The cell of a column that not every table has.
Value* CellIf(const Table& table, Row& row, std::string_view column) {
  const auto at = table.Find(column);
  return at ? &row.cells[*at] : nullptr;
}

template <typename T>
const T* GetIf(const Value* cell) {
  return cell == nullptr ? nullptr : std::get_if<T>(cell);
}

void DeriveMoney(const Database& database, const Table& table, Row& row) {
  Value* currency = CellIf(table, row, "transactioncurrencyid");
  if (currency == nullptr) return;
  const Row* base = database.FindCurrency(database.options().base_currency);
  if (IsNull(*currency) && base != nullptr) *currency = Reference{"transactioncurrency", base->id};
  const auto* reference = GetIf<Reference>(currency);
  const Table& currencies = *database.Find("transactioncurrency");
  const Row* used = reference == nullptr ? nullptr : currencies.FindRow(reference->id);
  if (used == nullptr) return;
  const auto digits =
      static_cast<int>(std::get<std::int64_t>(currencies.Cell(*used, "currencyprecision")));
  const Value& rate = currencies.Cell(*used, "exchangerate");
  *CellIf(table, row, "exchangerate") = rate;
  const double factor = ToDouble(std::get<std::int64_t>(rate), kRateScale);
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    const auto twin = table.columns()[i].type == ColumnType::money
                          ? table.Find(table.columns()[i].name + "_base")
                          : std::nullopt;
    if (!twin) continue;
    auto* amount = std::get_if<std::int64_t>(&row.cells[i]);
    if (amount == nullptr) {
      row.cells[*twin] = std::monostate{};
      continue;
    }
    *amount = RoundDecimal(*amount, kMoneyScale, digits);
    row.cells[*twin] =
        static_cast<std::int64_t>(std::llround(static_cast<double>(*amount) / factor));
  }
}

// 5.1: Potential Customer follows Account, else Contact, when it is empty.
void DeriveCustomer(const Table& table, Row& row) {
  Value* customer = CellIf(table, row, "customerid");
  if (customer == nullptr || !IsNull(*customer)) return;
  for (const auto* parent : {"parentaccountid", "parentcontactid"}) {
    const Value* cell = CellIf(table, row, parent);
    if (cell == nullptr || IsNull(*cell)) continue;
    *customer = *cell;
    return;
  }
}

void DeriveFullName(const Table& table, Row& row) {
  Value* full = CellIf(table, row, "fullname");
  if (full == nullptr) return;
  std::string name;
  for (const auto* part : {"firstname", "lastname"}) {
    const auto* text = GetIf<std::string>(CellIf(table, row, part));
    if (text == nullptr) continue;
    name += (name.empty() ? "" : " ") + *text;
  }
  *full = name.empty() ? Value{} : Value(name);
}

void DeriveOwner(const Table& table, Row& row) {
  const auto* owner = GetIf<Reference>(CellIf(table, row, "ownerid"));
  if (owner == nullptr) return;
  const bool user = owner->table == "systemuser";
  const Value reference = *owner;
  *CellIf(table, row, "owninguser") = user ? reference : Value{};
  *CellIf(table, row, "owningteam") = user ? Value{} : reference;
}

// 3.4: system-calculated revenue overwrites what was written.
void DeriveRevenue(const Table& table, Row& row) {
  const auto* calculated = GetIf<bool>(CellIf(table, row, "isrevenuesystemcalculated"));
  if (calculated == nullptr || !*calculated) return;
  *CellIf(table, row, "estimatedvalue") = *CellIf(table, row, "totalamount");
}

}  // namespace

Row NewRow(Database& database, const Table& table, const std::string& id, const Caller& caller) {
  Row row{id, 0, {}};
  for (const auto& column : table.columns()) row.cells.push_back(column.initial);
  row.cells[table.At(table.info().primary_id)] = id;
  row.cells[table.At("createdon")] = FormatSeconds(database.Now());
  row.cells[table.At("createdby")] = Reference{"systemuser", caller.user_id};
  if (Value* owner = CellIf(table, row, "ownerid")) {
    *owner = Reference{"systemuser", caller.user_id};
  }
  return row;
}

void SetState(const Table& table, Row& row, std::optional<std::int64_t> state,
              std::optional<std::int64_t> reason) {
  if (!state && !reason) return;
  const auto state_at = table.At("statecode");
  const auto reason_at = table.At("statuscode");
  const std::int64_t wanted = state.value_or(std::get<std::int64_t>(row.cells[state_at]));
  const Column& status = table.columns()[reason_at];
  if (table.columns()[state_at].FindOption(wanted) == nullptr) {
    throw ServiceError(400, kBadState, "Invalid state code " + std::to_string(wanted) + ".");
  }
  for (const auto& option : status.options) {
    if (option.state != wanted || option.value != reason.value_or(option.value)) continue;
    row.cells[state_at] = wanted;
    row.cells[reason_at] = option.value;
    return;
  }
  throw ServiceError(400, kBadState,
                     std::to_string(*reason) + " is not a valid status code for state code " +
                         std::to_string(wanted) + " on " + table.name() + " with Id " + row.id +
                         ".");
}

void Derive(const Database& database, const Table& table, Row& row) {
  DeriveRevenue(table, row);
  DeriveMoney(database, table, row);
  DeriveCustomer(table, row);
  DeriveFullName(table, row);
  DeriveOwner(table, row);
}

void StampModified(Database& database, const Table& table, Row& row, const Caller& caller) {
  row.version = database.NextVersion();
  row.cells[table.At("versionnumber")] = static_cast<std::int64_t>(row.version);
  row.cells[table.At("modifiedon")] = FormatSeconds(database.Now());
  row.cells[table.At("modifiedby")] = Reference{"systemuser", caller.user_id};
}

}  // namespace cosell::sandbox::dataverse
