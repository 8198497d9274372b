#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/record.h"

// How a value changes its form between Partner Center and a CRM column: a small closed set, written
// in the mapping file in the order of the way to the CRM and undone in the opposite order on the
// way back. Every transform is a pair of pure functions over canonical texts; `nothing` stays
// nothing on both ways. Its law is what the lens check (mapping/lens.h) holds it to: what has gone
// to the CRM and come back is what it was, unless the mapping says that the field is normalised.
namespace cosell {

// Words of the referral and their counterparts in the CRM, both compared ignoring case. A word
// without a counterpart gets the default of the side it goes to; without a default it goes through
// as it is. Law: lossless for the words listed, if every counterpart is different.
struct ValueMap {
  std::map<std::string, std::string> to_crm;
  std::optional<std::string> crm_default;
  std::optional<std::string> referral_default;
  bool operator==(const ValueMap&) const = default;
};

// Blanks at the start, the end, both, or also repeated ones inside. Both ways. Law: normalises.
struct TrimBlanks {
  enum class Where { start, end, both, all };
  Where where = Where::both;
  bool operator==(const TrimBlanks&) const = default;
};

// Letters of the Latin, Greek and Cyrillic alphabets; others stay. Both ways. Law: normalises.
struct LetterCase {
  bool upper = true;
  bool operator==(const LetterCase&) const = default;
};

// The first `length_max` UTF-16 units, cut to the CRM only. Law: normalises longer texts.
struct LengthLimit {
  std::size_t length_max = 0;
  bool operator==(const LengthLimit&) const = default;
};

// One part of a text, counted from 1; negative ones from the end. To the CRM only: there is no way
// back to the whole, so that the value read from the CRM goes through. Law: one-way.
struct TakePart {
  std::string separator;
  int part = 1;
  bool operator==(const TakePart&) const = default;
};

// An amount in another unit: the CRM keeps the referral's divided by `factor`, rounded half away
// from zero to `decimals`. Law: lossless where the quotient needs no more decimals than that.
struct UnitFactor {
  std::string factor;  // a canonical decimal above zero
  int decimals = 0;
  bool operator==(const UnitFactor&) const = default;
};

// A calendar date kept in a column for date and time: at this time of day, at this distance from
// UTC. On the way back the time is dropped. Law: lossless for dates; times in the CRM are
// normalised.
struct TimeOfDay {
  int minute_of_day = 0;
  int utc_offset_minutes = 0;
  bool operator==(const TimeOfDay&) const = default;
};

using Transform =
    std::variant<ValueMap, TrimBlanks, LetterCase, LengthLimit, TakePart, UnitFactor, TimeOfDay>;

// One step to the CRM, and back.
Value ToCrm(const Transform& transform, const Value& value);
Value FromCrm(const Transform& transform, const Value& value);

// All of them, in order, and back in the opposite order.
Value ToCrm(const std::vector<Transform>& transforms, Value value);
Value FromCrm(const std::vector<Transform>& transforms, Value value);

// Whether nothing comes back: such a field is written to the CRM only.
bool IsOneWay(const Transform& transform);

// The exact product of two canonical decimals; the quotient rounded half away from zero to
// `decimals`. Requires decimals within 60 digits, a divisor that is not zero.
std::string MultiplyDecimals(const std::string& a, const std::string& b);
std::string DivideDecimals(const std::string& a, const std::string& b, int decimals);

}  // namespace cosell
