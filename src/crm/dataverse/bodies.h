#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/dataverse/table.h"
#include "ports/crm.h"

// Flat values -> request bodies: the writing half of the port's central idea. Pure functions.
namespace cosell::dataverse {

struct Body {
  std::string json;                       // an object; "{}" when nothing is to be written
  std::vector<std::string> text_columns;  // what was sent as text
  std::vector<std::string> long_columns;  // those of them longer than the column is known to be
  bool empty() const { return json == "{}"; }
};

enum class BodyFor { create, update };

// Labels become option values, ISO codes and ids become binds. refused, naming the column, for a
// column the table does not have or that cannot be written, a label without an option, a currency
// the organisation lacks, and a lookup whose target is not known. statecode is left out: an
// opportunity's state moves by closing alone. `state` is sent for it where it is given.
Result<Body> BuildBody(const Table& table, const Currencies& currencies,
                       std::span<const Attribute> attributes, BodyFor purpose,
                       std::optional<std::int64_t> state = std::nullopt);

// The parameter of WinOpportunity and LoseOpportunity (contract section 6.2).
std::string CloseBody(const std::string& opportunity_id, std::int64_t status,
                      const std::string& subject, const std::string& description);

// The integer of a statuscode attribute, given as a number or as its English label. Nothing when
// `attributes` has none; refused when it is neither.
Result<std::optional<std::int64_t>> StatusOf(const Table& table,
                                             std::span<const Attribute> attributes);

}  // namespace cosell::dataverse
