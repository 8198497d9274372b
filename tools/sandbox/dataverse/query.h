#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/sandbox/dataverse/odata_filter.h"
#include "tools/sandbox/dataverse/render.h"
#include "tools/sandbox/dataverse/request.h"

// The query options of a read, understood against a table (contract section 4.1).
namespace cosell::sandbox::dataverse {

inline constexpr std::size_t kPageRowsMax = 5000;

struct Order {
  std::size_t column = 0;
  bool descending = false;
};

struct Query {
  Shape shape;
  std::optional<std::string> select;
  std::unique_ptr<Condition> filter;  // null: every row
  std::vector<Order> order;
  std::optional<std::size_t> top;
  bool count = false;
  std::optional<std::string> skip_token;
  std::optional<std::string> delta_token;
};

// Throws ServiceError (400) for an option or property that is not understood, $skip among them.
Query ParseQuery(const Target& target, const Table& table, const Database& database);

// Where a page ended: the opaque part of a next link. Bound to the options it was made for, since a
// next link must be used unchanged (4.2).
struct Cookie {
  std::uint64_t page = 2;
  bool tracking = false;
  std::vector<std::string> state;
};
std::string EncodeCookie(const Cookie& cookie, const Target& target);
// Throws ServiceError when the token is not one of ours or the other options were changed.
Cookie DecodeCookie(const std::string& token, const Target& target);

// The URL of this read without paging options, plus `option`=`value` (already encoded).
std::string LinkWith(const std::string& origin, const Target& target, const std::string& option,
                     const std::string& value);

}  // namespace cosell::sandbox::dataverse
