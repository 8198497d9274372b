#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crm/rest/service.h"

namespace cosell::rest {

struct Page {
  std::vector<Json> items;
  std::string next;  // token of the next page; empty after the last
  std::optional<Instant> server_time;
  std::optional<std::chrono::milliseconds> clock_offset;
};

// One page of a listing: what changed at or after `since` (everything without), from the page that
// `token` names (the first with an empty one). cursor_expired where the service no longer knows the
// page or the time.
Result<Page> ReadPage(const Service& service, const Listing& listing, std::optional<Instant> since,
                      const std::string& token, const std::string& what);

}  // namespace cosell::rest
