#include "crm/rest/pages.h"

#include <charconv>

#include "crm/rest/records.h"
#include "crm/rest/stamps.h"
#include "crm/rest/template.h"
#include "crm/rest/values.h"

namespace cosell::rest {
namespace {

using By = Paging::By;

int NumberOf(const std::string& token, int otherwise) {
  int number = otherwise;
  std::from_chars(token.data(), token.data() + token.size(), number);
  return number;
}

// What the page is asked for with, beside the call's own query.
Query PageQuery(const Listing& listing, std::optional<Instant> since, const std::string& token) {
  Query query;
  const Paging& paging = listing.paging;
  if (since) query.emplace_back(listing.parameter, PrintStamp(*since, listing.format));
  if (!paging.size_parameter.empty()) {
    query.emplace_back(paging.size_parameter, std::to_string(paging.size));
  }
  if (paging.by == By::number) {
    query.emplace_back(paging.parameter, std::to_string(NumberOf(token, paging.first)));
  }
  const bool named = paging.by == By::offset || paging.by == By::cursor;
  if (named && !token.empty()) query.emplace_back(paging.parameter, token);
  return query;
}

// Services cap a page as they like, so that only an empty one is surely the last.
std::string NextNumber(const Paging& paging, const std::string& token, std::size_t count) {
  if (count == 0) return "";
  const bool offset = paging.by == By::offset;
  const int step = offset ? static_cast<int>(count) : 1;
  return std::to_string(NumberOf(token, offset ? 0 : paging.first) + step);
}

Result<std::string> NextToken(const Service& service, const Listing& listing, const Json& body,
                              const std::string& token, const std::string& target,
                              std::size_t count) {
  const Paging& paging = listing.paging;
  if (paging.by == By::none) return std::string();
  if (paging.by == By::number || paging.by == By::offset) {
    return NextNumber(paging, token, count);
  }
  const Json* next = Find(body, paging.next);
  const std::string text = next == nullptr ? "" : TextOf(PrintExact(*next));
  if (text.empty() || paging.by == By::cursor) return text == token ? std::string() : text;
  return service.TargetOf(text, target);
}

// A list that is not there is a mistake of the description, not an absent record.
Error NoList(Error error) {
  if (error.kind != ErrorKind::not_found) return error;
  error.kind = ErrorKind::invalid_response;
  error.message += ": there is no such list; correct base_path and the list's path";
  return error;
}

}  // namespace

Result<Page> ReadPage(const Service& service, const Listing& listing, std::optional<Instant> since,
                      const std::string& token, const std::string& what) {
  const bool follows = listing.paging.by == By::link && !token.empty();
  const auto target = follows ? Result<std::string>(token)
                              : Fill(listing.call, {}, PageQuery(listing, since, token));
  if (!target) return target.error();
  const bool goes_on = since.has_value() || !token.empty();
  const auto answer = service.Get(*target, what, goes_on ? Purpose::list_on : Purpose::read);
  if (!answer) return NoList(answer.error());
  Page page;
  auto items = ItemsOf(answer->body, listing.items, what);
  if (!items) return items.error();
  page.items = *std::move(items);
  auto next = NextToken(service, listing, answer->body, token, *target, page.items.size());
  if (!next) return next.error();
  page.next = *std::move(next);
  page.server_time = answer->server_time;
  page.clock_offset = answer->clock_offset;
  return page;
}

}  // namespace cosell::rest
