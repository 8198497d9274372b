#include "crm/salesforce/queries.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/salesforce/errors.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

// The query text in a URL, encoded: about 80 ids and the usual fields.
constexpr std::size_t kEncodedLengthMax = 4000;
// Of the subrequests of a composite request at most so many may be queries.
constexpr std::size_t kQueriesPerComposite = 5;

std::string PathOf(const std::string& soql, bool deleted_too) {
  return (deleted_too ? "/queryAll?q=" : "/query?q=") + UrlEncode(soql);
}

// One part of a composite answer as if it had come alone.
Result<net::ApiAnswer> PartOf(const net::ApiAnswer& whole, const Json& part,
                              std::string_view what) {
  if (!part.is_object() || !part.contains("httpStatusCode") || !part.contains("body")) {
    return UnreadableAnswer(whole, what);
  }
  net::ApiAnswer answer;
  answer.response.status =
      part["httpStatusCode"].is_number_integer() ? part["httpStatusCode"].get<int>() : 500;
  answer.response.headers = whole.response.headers;
  answer.response.body = part["body"].dump();
  answer.correlation = whole.correlation;
  answer.clock_offset = whole.clock_offset;
  if (answer.response.status >= 300) return ErrorFromAnswer(answer, Purpose::read, what);
  return answer;
}

Request CompositeOf(Rest& rest, const std::vector<std::string>& paths, bool finishes) {
  Json parts = Json::array();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    parts.push_back({{"method", "GET"},
                     {"referenceId", "q" + std::to_string(i)},
                     {"url", rest.root() + paths[i]}});
  }
  Request request;
  request.method = "POST";
  request.path = "/composite";
  request.body = Json{{"allOrNone", false}, {"compositeRequest", std::move(parts)}}.dump();
  request.finishes = finishes;
  return request;
}

// The parts of a composite answer, in the order of `paths`.
Result<std::vector<Result<net::ApiAnswer>>> AskComposite(Rest& rest,
                                                         const std::vector<std::string>& paths,
                                                         std::string_view what, bool finishes) {
  const auto whole = rest.Read(CompositeOf(rest, paths, finishes), what);
  if (!whole) return whole.error();
  const Json json = Json::parse(whole->response.body, nullptr, false);
  const auto parts = json.is_object() ? json.find("compositeResponse") : json.end();
  if (parts == json.end() || !parts->is_array() || parts->size() != paths.size()) {
    return UnreadableAnswer(*whole, what);
  }
  std::vector<Result<net::ApiAnswer>> answers;
  for (const Json& part : *parts) answers.push_back(PartOf(*whole, part, what));
  return answers;
}

Status FollowPages(Rest& rest, net::ApiAnswer page, std::string_view what, bool finishes,
                   const TakePage& take) {
  while (true) {
    const auto next = take(page);
    if (!next) return next.error();
    if (next->empty()) return Done{};
    auto answer = rest.Follow(*next, what, finishes);
    if (!answer) return answer.error();
    page = *std::move(answer);
  }
}

}  // namespace

Result<net::ApiAnswer> AskQuery(Rest& rest, const QueryCall& call, std::string_view what) {
  Request request;
  request.path = PathOf(call.soql, call.deleted_too);
  request.finishes = call.finishes;
  if (request.path.size() > kEncodedLengthMax) {
    auto answers = AskComposite(rest, {request.path}, what, call.finishes);
    if (!answers) return answers.error();
    return answers->front();
  }
  const std::size_t size = std::clamp<std::size_t>(call.page_size, 200, 2000);
  request.headers.emplace_back("Sforce-Query-Options", "batchSize=" + std::to_string(size));
  return rest.Read(request, what);
}

Status RunQueries(Rest& rest, const std::vector<std::string>& queries, std::string_view what,
                  QueryMode mode, const TakePage& take) {
  if (queries.size() == 1) {
    auto page = AskQuery(rest, {queries.front(), mode.deleted_too, mode.finishes}, what);
    if (!page) return page.error();
    return FollowPages(rest, *std::move(page), what, mode.finishes, take);
  }
  for (std::size_t at = 0; at < queries.size(); at += kQueriesPerComposite) {
    std::vector<std::string> paths;
    for (std::size_t i = at; i < std::min(at + kQueriesPerComposite, queries.size()); ++i) {
      paths.push_back(PathOf(queries[i], mode.deleted_too));
    }
    auto answers = AskComposite(rest, paths, what, mode.finishes);
    if (!answers) return answers.error();
    for (auto& answer : *answers) {
      if (!answer) return answer.error();
      const Status followed = FollowPages(rest, *std::move(answer), what, mode.finishes, take);
      if (!followed) return followed;
    }
  }
  return Done{};
}

std::vector<std::vector<std::string>> InListChunks(const std::vector<std::string>& texts) {
  std::vector<std::vector<std::string>> chunks;
  std::size_t length = 0;
  for (const std::string& text : texts) {
    if (chunks.empty() || chunks.back().size() >= kIdsPerQuery ||
        length + text.size() > kListLengthMax) {
      chunks.emplace_back();
      length = 0;
    }
    chunks.back().push_back(text);
    length += text.size() + 3;
  }
  return chunks;
}

}  // namespace cosell::salesforce
