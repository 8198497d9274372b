#pragma once

#include <string>
#include <string_view>

#include "mapping/mapping.h"
#include "model/record.h"

// Canonical text of values, so that equality of texts is equality of values (contract
// cosell-field-mapping.md section 6.4). Pure.
namespace cosell {

// Line ends unified, trailing blanks cut, nothing for an empty text.
Value NormalizeText(std::string_view text);
// A decimal without exponent, leading or trailing zeros: "084500.50" and "8.45005e4" become
// "84500.5". Accepts what JSON and a quoted number allow; nothing for any other text.
Value NormalizeDecimal(std::string_view text);
// "true" / "false".
Value NormalizeBoolean(bool value);

// Whether the two sides' values of a field say the same: amounts to two decimals (a missing one is
// a zero), a text against its own cut to the CRM's column, an absent switch as off. Status values
// agree when they mean the same state of the deal, members while all of the CRM's are in Partner
// Center, whoever else is there. Strict enough that an edit is never taken for agreement.
bool Agree(const FieldRule& rule, const Value& partner_center, const Value& crm);

// Whether one may be what a remote made of the other when it stored it: an amount rounded to fewer
// decimals, or a text that exceeds the column cut by another way of counting. An edit could look
// the same, so this speaks only of values that nobody has changed.
bool MayBeKeptAs(const FieldRule& rule, const Value& partner_center, const Value& crm);

// Whether what one side shows is what a write of the other's value leaves behind: equal, or as the
// remote keeps it.
bool IsEffectOf(const FieldRule& rule, const Value& partner_center, const Value& crm);

// Rounds a canonical decimal half away from zero to `digits` decimals.
std::string RoundDecimal(std::string_view decimal, int digits);

// Sets: canonical form is the sorted lower-case members joined with '\n'.
std::vector<std::string> SetMembers(const Value& value);
Value MakeSet(std::vector<std::string> members);

}  // namespace cosell
