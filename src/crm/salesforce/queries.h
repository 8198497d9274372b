#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/salesforce/rest.h"

namespace cosell::salesforce {

// One query to run.
struct QueryCall {
  std::string soql;
  bool deleted_too = false;  // queryAll: rows with IsDeleted = true come along
  bool finishes = false;     // see Request
  std::size_t page_size = 2000;
};

// The first page of a query: as a GET, or inside a composite request where the text would make the
// URL too long (contract salesforce.md section 6.4).
Result<net::ApiAnswer> AskQuery(Rest& rest, const QueryCall& call, std::string_view what);

// Takes one page and returns the link to the next, empty after the last.
using TakePage = std::function<Result<std::string>(const net::ApiAnswer& page)>;

struct QueryMode {
  bool finishes = false;     // see Request
  bool deleted_too = false;  // see QueryCall
};

// Every page of every query, up to five queries to a call (section 12.2). Ends with the first
// failure.
Status RunQueries(Rest& rest, const std::vector<std::string>& queries, std::string_view what,
                  QueryMode mode, const TakePage& take);

// How many values an IN list may have, and how long the list may grow in one query.
constexpr std::size_t kIdsPerQuery = 2000;
constexpr std::size_t kListLengthMax = 50'000;

// `texts` in groups that fit into one IN list each.
std::vector<std::vector<std::string>> InListChunks(const std::vector<std::string>& texts);

}  // namespace cosell::salesforce
