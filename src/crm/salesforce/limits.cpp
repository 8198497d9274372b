#include "crm/salesforce/limits.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "crm/salesforce/errors.h"

namespace cosell::salesforce {
namespace {

constexpr std::int64_t kSpacedPercent = 90;
constexpr std::int64_t kClosedPercent = 95;
constexpr std::chrono::seconds kSpacing{2};
constexpr std::string_view kItem = "api-usage=";

bool StartsItem(std::string_view header, std::size_t at) {
  return at == 0 || std::string_view(" ;,\t").find(header[at - 1]) != std::string_view::npos;
}

std::optional<std::int64_t> TakeNumber(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

Error UsedUp(std::chrono::nanoseconds left) {
  Error error;
  error.kind = ErrorKind::throttled;
  error.code = "REQUEST_LIMIT_EXCEEDED";
  error.message =
      "At least 95 % of the Salesforce organisation's daily API calls are used, so no more are made"
      " for a while: find the integration that uses them (Setup, Company Information), or buy more";
  error.retry_after = std::chrono::ceil<std::chrono::milliseconds>(left);
  return error;
}

}  // namespace

std::optional<ApiUsage> ParseApiUsage(std::string_view header) {
  for (auto at = header.find(kItem); at != std::string_view::npos;
       at = header.find(kItem, at + 1)) {
    if (!StartsItem(header, at)) continue;
    std::string_view rest = header.substr(at + kItem.size());
    const auto used = TakeNumber(rest);
    if (!used || !rest.starts_with('/')) continue;
    rest.remove_prefix(1);
    const auto max = TakeNumber(rest);
    if (max && *max > 0) return ApiUsage{*used, *max};
  }
  return std::nullopt;
}

Status CallBudget::Admit(bool finishes) {
  std::chrono::nanoseconds wait{0};
  {
    const std::scoped_lock lock(mutex_);
    const auto now = clock_.Monotonic();
    if (level_ == Level::closed && !finishes) {
      if (now < probe_at_) return UsedUp(probe_at_ - now);
      probe_at_ = now + kDailyLimitWait;
    }
    if (level_ == Level::spaced) wait = NextTurn() - now;
  }
  if (wait.count() > 0) clock_.SleepFor(std::chrono::ceil<std::chrono::milliseconds>(wait));
  return Done{};
}

// Requires mutex_ held. Each caller takes a turn of its own.
std::chrono::nanoseconds CallBudget::NextTurn() {
  const auto turn = std::max(clock_.Monotonic(), next_turn_);
  next_turn_ = turn + kSpacing;
  return turn;
}

void CallBudget::Note(const net::Headers& headers) {
  const auto header = net::FindHeader(headers, "Sforce-Limit-Info");
  const auto usage = header ? ParseApiUsage(*header) : std::nullopt;
  if (!usage) return;
  const auto reached = [&](std::int64_t percent) {
    return usage->used * 100 >= usage->max * percent;
  };
  const Level level = reached(kClosedPercent)   ? Level::closed
                      : reached(kSpacedPercent) ? Level::spaced
                                                : Level::free;
  const std::scoped_lock lock(mutex_);
  const auto now = clock_.Monotonic();
  if (level == Level::closed) probe_at_ = now + kDailyLimitWait;
  if (level == Level::spaced && level_ != Level::spaced) next_turn_ = now + kSpacing;
  if (level > level_) {
    log_.Warning(level == Level::closed
                     ? "the organisation's API calls are nearly used up; calls stop for a while"
                     : "the organisation's API calls run short; calls are slowed down",
                 {{"used", std::to_string(usage->used)}, {"max", std::to_string(usage->max)}});
  }
  level_ = level;
}

}  // namespace cosell::salesforce
