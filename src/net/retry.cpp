#include "net/retry.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/text.h"
#include "base/time.h"

namespace cosell::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kWaitMax = std::chrono::hours{24};

milliseconds Bounded(milliseconds wait) { return std::clamp(wait, milliseconds{0}, kWaitMax); }

// The number at the front of `text`; nothing when there is none.
std::optional<seconds> LeadingSeconds(std::string_view text) {
  std::int32_t count = 0;
  const auto [parsed_to, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0) return std::nullopt;
  return seconds{count};
}

std::optional<milliseconds> WaitByHeader(const HttpResponse& response, Instant now) {
  const auto header = FindHeader(response.headers, "Retry-After");
  if (!header) return std::nullopt;
  if (const auto at = ParseHttpDate(*header)) {
    const Instant from = ServerTime(response).value_or(now);
    return Bounded(std::chrono::ceil<milliseconds>(*at - from));
  }
  if (const auto wait = LeadingSeconds(Trim(*header))) return Bounded(*wait);
  return std::nullopt;
}

std::optional<milliseconds> WaitByText(std::string_view body) {
  constexpr std::string_view kPhrase = "ry again in ";
  const auto at = body.find(kPhrase);
  if (at == std::string_view::npos) return std::nullopt;
  const auto wait = LeadingSeconds(body.substr(at + kPhrase.size()));
  if (!wait) return std::nullopt;
  return Bounded(*wait);
}

// A code is a word or a number; anything longer is text, and text may name people.
std::string AsCode(const nlohmann::json& value) {
  constexpr std::size_t kCodeLengthMax = 64;
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  if (!value.is_string()) return {};
  const auto& text = value.get_ref<const std::string&>();
  const bool word = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
  return word && text.size() <= kCodeLengthMax ? text : std::string();
}

std::string CodeMember(const nlohmann::json& object) {
  for (const char* const name : {"code", "statusCode", "error", "errorCode"}) {
    if (const auto found = object.find(name); found != object.end()) return AsCode(*found);
  }
  return {};
}

}  // namespace

std::optional<Instant> ServerTime(const HttpResponse& response) {
  const auto date = FindHeader(response.headers, "Date");
  return date ? ParseHttpDate(*date) : std::nullopt;
}

std::optional<milliseconds> RequestedWait(const HttpResponse& response, Instant now) {
  if (const auto wait = WaitByHeader(response, now)) return wait;
  return response.status == 429 ? WaitByText(response.body) : std::nullopt;
}

milliseconds BackOff(const RetryPolicy& policy, int repeat, Random& random) {
  constexpr int kDoublingsMax = 20;
  const auto doubled = policy.delay_first * (1 << std::clamp(repeat - 1, 0, kDoublingsMax));
  const auto longest = std::min<milliseconds>(doubled, policy.delay_max);
  return milliseconds(random.Below(static_cast<std::uint64_t>(longest.count()) + 1));
}

std::string RemoteCode(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  const auto& first = json.is_array() && !json.empty() ? json.front() : json;
  if (!first.is_object()) return {};
  const auto error = first.find("error");
  return error != first.end() && error->is_object() ? CodeMember(*error) : CodeMember(first);
}

}  // namespace cosell::net
