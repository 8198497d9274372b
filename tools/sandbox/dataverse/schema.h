#pragma once

#include <vector>

#include "base/clock.h"
#include "tools/sandbox/dataverse/table.h"
#include "tools/sandbox/dataverse/types.h"

// The tables of the emulated organisation (contract sections 6, 12.1, 13 and, for the co-sell
// columns, cosell-field-mapping.md 3.1 and 3.3).
namespace cosell::sandbox::dataverse {

// All tables, empty. `random` gives the metadata ids.
std::vector<Table> MakeTables(const DataverseWorldOptions& options, Random& random);

// ISO code, name, symbol, decimals, and how much of it equals one euro.
struct CurrencySeed {
  std::string code;
  std::string name;
  std::string symbol;
  int precision = 2;
  double per_euro = 1;
};
const std::vector<CurrencySeed>& Currencies();

// A key over the referral identifier column (5.3).
AlternateKey ReferralKey(const DataverseWorldOptions& options);

}  // namespace cosell::sandbox::dataverse
