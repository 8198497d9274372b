#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// What a cell of a row may hold, and exact decimal arithmetic for money. Values, pure functions.
namespace cosell::sandbox::dataverse {

struct Reference {
  std::string table;  // logical name of the target
  std::string id;
  bool operator==(const Reference&) const = default;
};

// Null, Yes/No, every kind of number (decimals as an integer count of 10^-scale, the scale being
// the column's), every kind of text (dates "YYYY-MM-DD", instants in whole seconds, GUIDs), lookup.
using Value = std::variant<std::monostate, bool, std::int64_t, std::string, Reference>;

inline bool IsNull(const Value& value) { return std::holds_alternative<std::monostate>(value); }

inline constexpr int kMoneyScale = 4;  // four decimals are printed (3.1)
inline constexpr int kRateScale = 10;  // exchangerate

// Decimal text ("84500", "-1.5", "1e3") as a count of 10^-scale, rounded half away from zero.
// Nothing for other text or when it does not fit.
std::optional<std::int64_t> ParseDecimal(std::string_view text, int scale);
// The same amount rounded half away from zero to `digits` decimals; requires digits <= scale.
std::int64_t RoundDecimal(std::int64_t units, int scale, int digits);
// "84500.0000"; all decimals of the scale are printed.
std::string DecimalText(std::int64_t units, int scale);
double ToDouble(std::int64_t units, int scale);

}  // namespace cosell::sandbox::dataverse
