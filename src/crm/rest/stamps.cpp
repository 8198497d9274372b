#include "crm/rest/stamps.h"

#include <charconv>

namespace cosell::rest {
namespace {

// A whole number, as a JSON number or in a JSON string.
std::optional<std::int64_t> WholeNumber(const Json& member) {
  const std::string text = member.is_string() ? member.get<std::string>() : PrintExact(member);
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [to, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || to != end) return std::nullopt;
  return number;
}

constexpr std::int64_t kMsMax = 253'402'300'799'000;  // the year 9999

std::optional<Instant> FromNumber(const Json& member, std::int64_t factor) {
  const auto number = WholeNumber(member);
  if (!number || *number > kMsMax / factor || *number < -kMsMax / factor) return std::nullopt;
  return FromUnixMs(*number * factor);
}

}  // namespace

std::optional<Instant> ReadInstant(const Json* member, Stamp format) {
  if (member == nullptr || member->is_null()) return std::nullopt;
  switch (format) {
    case Stamp::unix_s:
      return FromNumber(*member, 1000);
    case Stamp::unix_ms:
      return FromNumber(*member, 1);
    case Stamp::date:
      return member->is_string() ? ParseInstant(member->get<std::string>() + "T00:00:00Z")
                                 : std::nullopt;
    case Stamp::rfc3339:
    case Stamp::rfc3339_seconds:
      break;
  }
  return member->is_string() ? ParseInstant(member->get<std::string>()) : std::nullopt;
}

std::string PrintStamp(Instant at, Stamp format) {
  switch (format) {
    case Stamp::rfc3339:
      return FormatInstant(at);
    case Stamp::rfc3339_seconds:
      return FormatSeconds(at);
    case Stamp::unix_s:
      return std::to_string(ToUnixMs(std::chrono::floor<std::chrono::seconds>(at)) / 1000);
    case Stamp::unix_ms:
      return std::to_string(ToUnixMs(at));
    case Stamp::date:
      return FormatSeconds(at).substr(0, 10);
  }
  return FormatInstant(at);
}

Json StampMemberOf(Instant at, Stamp format) {
  const std::string text = PrintStamp(at, format);
  const bool number = format == Stamp::unix_s || format == Stamp::unix_ms;
  return number ? ExactNumber(text) : Json(text);
}

}  // namespace cosell::rest
