#pragma once

#include <string>

#include "mapping/transform.h"

// Each transform's two functions, over a value that is there. Internal to this room.
namespace cosell::transforms {

Value ToCrm(const ValueMap& rule, const std::string& value);
Value FromCrm(const ValueMap& rule, const std::string& value);
Value ToCrm(const TrimBlanks& rule, const std::string& value);
Value FromCrm(const TrimBlanks& rule, const std::string& value);
Value ToCrm(const LetterCase& rule, const std::string& value);
Value FromCrm(const LetterCase& rule, const std::string& value);
Value ToCrm(const LengthLimit& rule, const std::string& value);
Value FromCrm(const LengthLimit& rule, const std::string& value);
Value ToCrm(const TakePart& rule, const std::string& value);
Value FromCrm(const TakePart& rule, const std::string& value);
Value ToCrm(const UnitFactor& rule, const std::string& value);
Value FromCrm(const UnitFactor& rule, const std::string& value);
Value ToCrm(const TimeOfDay& rule, const std::string& value);
Value FromCrm(const TimeOfDay& rule, const std::string& value);

}  // namespace cosell::transforms
