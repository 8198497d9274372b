#pragma once

#include <optional>
#include <string_view>

#include "truth_table/cell.h"

// What the design says about one cell of the per-field rule, written from the design and from the
// contracts alone. It shares no function with the code under test.
namespace cosell::truth {

struct FieldExpectation {
  FieldDecision::Kind kind = FieldDecision::Kind::nothing;
  std::optional<Letter> written_to_partner_center;
  std::optional<Letter> written_to_crm;
  std::optional<Side> loser;  // whose edit a rule decided against: kept, can be brought back
  bool put_back = false;
  std::string_view rule;  // the oracle's own rule that speaks for the cell
};

FieldExpectation ExpectField(const Cell& cell);

}  // namespace cosell::truth
