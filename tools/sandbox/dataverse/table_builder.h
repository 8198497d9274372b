#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "tools/sandbox/dataverse/table.h"

// Words to describe a table with. Each call adds one column to the table under construction; the
// modifiers after it (ReadOnly, CreateOnly, ...) change the column added last.
namespace cosell::sandbox::dataverse {

class TableBuilder {
 public:
  // Adds the primary id and the columns every table has: versionnumber, createdon, modifiedon,
  // createdby, modifiedby.
  TableBuilder(TableInfo info, Random& random);

  TableBuilder& Text(std::string name, std::size_t length_max, std::string label = "");
  TableBuilder& Memo(std::string name, std::size_t length_max, std::string label = "");
  TableBuilder& Integer(std::string name, std::int64_t min, std::int64_t max,
                        std::string label = "");
  TableBuilder& Decimal(std::string name, int scale, std::string label = "");
  // With its read-only twin "<name>_base".
  TableBuilder& Money(std::string name, std::int64_t min, std::int64_t max, std::string label = "");
  TableBuilder& Boolean(std::string name, std::string label = "", std::string no = "No",
                        std::string yes = "Yes");
  TableBuilder& Choice(std::string name, std::vector<Option> options, std::string label = "");
  TableBuilder& Date(std::string name, std::string label = "");
  TableBuilder& DateTime(std::string name, std::string label = "");
  TableBuilder& Guid(std::string name);
  // Bound under its own name.
  TableBuilder& Lookup(std::string name, std::set<std::string> targets, std::string label = "");
  // Bound as "<name>_<target>", one navigation per target.
  TableBuilder& Customer(std::string name, std::set<std::string> targets, std::string label = "");
  TableBuilder& State(std::vector<Option> states, std::vector<Option> reasons);
  // ownerid and what goes with it.
  TableBuilder& Owned();
  // transactioncurrencyid and exchangerate; money columns need them.
  TableBuilder& WithCurrency();

  TableBuilder& ReadOnly();
  TableBuilder& CreateOnly();
  TableBuilder& Required();
  TableBuilder& Initially(Value value);
  TableBuilder& Schema(std::string schema_name);  // custom columns: mixed case; also binds so
  TableBuilder& CascadesDelete();

  Table Build() const;

 private:
  TableBuilder& Put(Column column);

  Random& random_;
  TableInfo info_;
  std::vector<Column> columns_;
};

}  // namespace cosell::sandbox::dataverse
