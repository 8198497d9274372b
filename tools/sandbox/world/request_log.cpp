#include "tools/sandbox/world/request_log.h"

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"

namespace cosell::sandbox {

LoggedRequest& RequestLog::Add(LoggedRequest entry) {
  entry.sequence = next_++;
  if (entries_.size() == kEntriesMax) entries_.pop_front();
  return entries_.emplace_back(std::move(entry));
}

std::vector<LoggedRequest> RequestLog::Find(const Filter& filter) const {
  const std::regex path(filter.path);
  std::vector<LoggedRequest> found;
  for (const LoggedRequest& entry : entries_) {
    if (entry.sequence <= filter.after) continue;
    if (!filter.service.empty() && entry.service != filter.service) continue;
    if (!filter.method.empty() && entry.method != filter.method) continue;
    if (filter.writes_only && (entry.method == "GET" || entry.method == "HEAD")) continue;
    if (!filter.path.empty() && !std::regex_search(entry.target, path)) continue;
    found.push_back(entry);
  }
  return found;
}

net::Headers TellingHeaders(const net::Headers& headers) {
  static constexpr std::array<std::string_view, 14> kKept = {"Accept",
                                                             "Content-Type",
                                                             "If-Match",
                                                             "If-None-Match",
                                                             "Prefer",
                                                             "MS-CorrelationId",
                                                             "client-request-id",
                                                             "MS-RequestId",
                                                             "X-Caller-Id",
                                                             "OData-Version",
                                                             "MSCRM.MergeLabels",
                                                             "CallerObjectId",
                                                             "MSCRMCallerID",
                                                             "MSCRM.SuppressDuplicateDetection"};
  net::Headers kept;
  for (const auto& header : headers) {
    const auto same = [&](std::string_view name) { return EqualsIgnoreCase(name, header.first); };
    if (std::any_of(kKept.begin(), kKept.end(), same)) kept.push_back(header);
  }
  return kept;
}

std::string BlankSecrets(const std::string& form) {
  static constexpr std::array<std::string_view, 7> kSecret = {
      "client_secret",    "password",      "refresh_token", "code",
      "client_assertion", "code_verifier", "device_code"};
  std::vector<std::string> parts = Split(form, '&');
  for (std::string& part : parts) {
    const std::string name = part.substr(0, part.find('='));
    if (std::find(kSecret.begin(), kSecret.end(), name) != kSecret.end()) part = name + "=***";
  }
  return Join(parts, "&");
}

}  // namespace cosell::sandbox
