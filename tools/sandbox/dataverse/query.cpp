#include "tools/sandbox/dataverse/query.h"

#include <charconv>

#include "base/text.h"
#include "tools/sandbox/dataverse/error.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kCookieStart = "<cookie pagenumber=\"";

// Splits at commas outside parentheses.
std::vector<std::string> SplitOutsideParentheses(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Expansion ParseExpansion(const std::string& item, const Table& table, const Database& database) {
  const auto open = item.find('(');
  const std::string name(Trim(std::string_view(item).substr(0, open)));
  const auto navigation = table.FindNavigation(name);
  if (!navigation || navigation->second->targets.size() != 1) {
    ThrowNoProperty(name, table.name());
  }
  Expansion expansion{
      name, navigation->first, database.Find(*navigation->second->targets.begin()), {}};
  std::optional<std::string> select;
  if (open != std::string::npos) {
    constexpr std::string_view kSelect = "$select=";
    const std::string inner = item.substr(open + 1, item.rfind(')') - open - 1);
    if (!inner.starts_with(kSelect) || inner.find(';') != std::string::npos) {
      ThrowBadQuery("Only $select is supported inside $expand of '" + name + "'.");
    }
    select = inner.substr(kSelect.size());
  }
  expansion.columns = SelectColumns(*expansion.target, select);
  return expansion;
}

std::vector<Order> ParseOrder(const std::string& text, const Table& table) {
  std::vector<Order> order;
  for (const auto& item : Split(text, ',')) {
    const auto words = Split(Trim(item), ' ');
    const auto column = table.FindProperty(words.front());
    if (!column) ThrowNoProperty(words.front(), table.name());
    const std::string direction = words.size() > 1 ? words.back() : "asc";
    if (words.size() > 2 || (direction != "asc" && direction != "desc")) {
      ThrowBadQuery("Syntax error in $orderby at '" + item + "'.");
    }
    order.push_back({*column, direction == "desc"});
  }
  return order;
}

std::size_t ParseCount(const std::string& name, const std::string& value) {
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem != std::errc{} || end != value.data() + value.size() || number == 0) {
    ThrowBadQuery("Invalid value '" + value + "' for " + name + " query option found.");
  }
  return number;
}

void ApplyOption(Query& query, const std::string& name, const std::string& value,
                 const Table& table, const Database& database) {
  if (name == "$select") {
    query.select = value;
  } else if (name == "$filter") {
    query.filter = ParseFilter(value, table, database);
  } else if (name == "$orderby") {
    query.order = ParseOrder(value, table);
  } else if (name == "$top") {
    query.top = ParseCount(name, value);
  } else if (name == "$count") {
    if (value != "true" && value != "false") ThrowBadQuery("$count takes true or false.");
    query.count = value == "true";
  } else if (name == "$expand") {
    for (const auto& item : SplitOutsideParentheses(value)) {
      query.shape.expansions.push_back(ParseExpansion(item, table, database));
    }
  } else if (name == "$skiptoken") {
    query.skip_token = value;
  } else if (name == "$deltatoken") {
    query.delta_token = value;
  } else if (name == "$skip") {
    ThrowBadQuery("Skip Clause is not supported in CRM");
  } else if (name.starts_with('$')) {
    ThrowBadQuery("The query parameter '" + name + "' is not supported.");
  }
}

// FNV-1a over the options a cookie belongs to.
std::string Fingerprint(const Target& target) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  };
  add(target.raw_path);
  for (const auto& [name, value] : target.query) {
    if (name == "$skiptoken") continue;
    add("&" + name + "=" + value);
  }
  return std::to_string(hash);
}

}  // namespace

Query ParseQuery(const Target& target, const Table& table, const Database& database) {
  Query query;
  query.shape.table = &table;
  for (const auto& [name, value] : target.query) ApplyOption(query, name, value, table, database);
  query.shape.columns = SelectColumns(table, query.select);
  return query;
}

std::string EncodeCookie(const Cookie& cookie, const Target& target) {
  std::string state = Fingerprint(target);
  for (const auto& field : cookie.state) state += "|" + UrlEncode(field);
  return UrlEncode(std::string(kCookieStart) + std::to_string(cookie.page) + "\" pagingcookie=\"" +
                   UrlEncode(state) + "\" istracking=\"" + (cookie.tracking ? "True" : "False") +
                   "\" />");
}

Cookie DecodeCookie(const std::string& token, const Target& target) {
  const auto parts = Split(token, '"');
  if (!token.starts_with(kCookieStart) || parts.size() != 7) {
    ThrowBadQuery("Malformed XML in the Paging Cookie");
  }
  auto state = Split(PercentDecode(parts[3], false), '|');
  if (state.front() != Fingerprint(target)) {
    ThrowBadQuery("The paging cookie does not belong to the options of this request.");
  }
  Cookie cookie;
  cookie.page = ParseCount("$skiptoken", parts[1]);
  cookie.tracking = parts[5] == "True";
  for (std::size_t i = 1; i < state.size(); ++i) {
    cookie.state.push_back(PercentDecode(state[i], false));
  }
  return cookie;
}

std::string LinkWith(const std::string& origin, const Target& target, const std::string& option,
                     const std::string& value) {
  std::string link = origin + std::string(kApiRoot) + target.raw_path;
  char separator = '?';
  for (const auto& item : Split(target.raw_query, '&')) {
    const std::string name = PercentDecode(std::string_view(item).substr(0, item.find('=')), true);
    if (item.empty() || name == "$skiptoken" || name == "$deltatoken") continue;
    link += separator + item;
    separator = '&';
  }
  return link + separator + option + "=" + value;
}

}  // namespace cosell::sandbox::dataverse
