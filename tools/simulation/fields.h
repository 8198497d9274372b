#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "tools/sandbox/desk/crm_desk.h"

// What both sides show of a deal, read from the remote sides alone and made comparable here: the
// simulation must not learn from src/mapping what "equal" means. Pure functions.
namespace cosell::simulation {

enum class Field {
  name,
  deal_value,
  currency,
  closing_date,
  notes,
  solutions,
  visibility,
  help,
  status,
};
inline constexpr std::array<Field, 9> kFields = {
    Field::name,      Field::deal_value, Field::currency, Field::closing_date, Field::notes,
    Field::solutions, Field::visibility, Field::help,     Field::status};

// The field's name in the mapping, in field_history and in the list of conflicts.
std::string_view ToString(Field field);

// A value as shown, in one spelling: plain decimals, bare dates, names without the sync mark, sets
// in order and lower case joined by a comma, status as new, active, won or lost, help as the
// referral's word. Nothing for empty and absent alike.
using Shown = std::optional<std::string>;

Shown InReferral(const nlohmann::json& referral, Field field);
Shown InCrm(const sandbox::CrmDesk& desk, const std::string& id, Field field);
// A value of field_history or of the list of conflicts in this spelling.
Shown FromTable(Field field, std::string_view text);

// Whether the two sides tell the same.
bool Same(Field field, const Shown& a, const Shown& b);

// For a person.
std::string Print(const Shown& value);

}  // namespace cosell::simulation
