#include "tools/sandbox/salesforce/router.h"

#include <algorithm>
#include <charconv>

#include "tools/sandbox/salesforce/collections.h"
#include "tools/sandbox/salesforce/composite.h"
#include "tools/sandbox/salesforce/conditional.h"
#include "tools/sandbox/salesforce/customize.h"
#include "tools/sandbox/salesforce/describe.h"
#include "tools/sandbox/salesforce/replication.h"
#include "tools/sandbox/salesforce/rows.h"
#include "tools/sandbox/salesforce/tree.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kBatchMin = 200;  // 6.2
constexpr std::size_t kBatchMax = 2000;

void NeedGet(const Call& call) {
  if (call.method != "GET" && call.method != "HEAD") ThrowMethod(call.method, "GET,HEAD");
}

void NeedPost(const Call& call) {
  if (call.method != "POST") ThrowMethod(call.method, "POST");
}

std::size_t BatchSize(const Call& call) {
  const std::string text = call.HeaderOption("Sforce-Query-Options", "batchSize");
  std::size_t size = kBatchMax;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return std::clamp(size, kBatchMin, kBatchMax);
}

Outcome Limits(const Database& database) {
  const SalesforceApiLimit& limit = database.switches().api_limit;
  const auto left = limit.max > limit.used ? limit.max - limit.used : 0;
  const auto item = [](std::uint64_t max, std::uint64_t remaining) {
    return Json{{"Max", max}, {"Remaining", remaining}};
  };
  return {200,
          Json{{"DailyApiRequests", item(limit.max, left)},
               {"DailyBulkV2QueryJobs", item(10'000, 10'000)},
               {"DailyBulkApiBatches", item(15'000, 15'000)},
               {"DataStorageMB", item(10'240, 9'011)}},
          {}};
}

Outcome Composite(Router& router, const Call& call) {
  const auto& path = call.path();
  if (path.size() > 1 && path[1] == "sobjects") return HandleCollections(router.database(), call);
  if (path.size() == 1) {
    NeedPost(call);
    return RunComposite(router, call);
  }
  const bool lone = path.size() == 2;
  if (lone && path[1] == "graph") {
    NeedPost(call);
    return RunGraphs(router, call);
  }
  if (lone && path[1] == "batch") {
    NeedPost(call);
    return RunBatch(router, call);
  }
  if (path.size() == 3 && path[1] == "tree") {
    NeedPost(call);
    return RunTree(router.database(), call);
  }
  ThrowNotFound();
}

}  // namespace

Outcome Refused(const ServiceError& error) {
  Outcome outcome{error.status, ErrorArray(error), {}};
  if (error.status == 405) {
    const auto at = error.message.rfind(' ');
    outcome.headers.emplace_back("Allow", error.message.substr(at + 1));
  }
  return outcome;
}

Outcome Router::Run(const Call& call) {
  try {
    Transaction transaction(database_);
    Outcome outcome = Dispatch(call);
    if (!outcome.failed()) transaction.Commit();
    return outcome;
  } catch (const ServiceError& error) {
    return Refused(error);
  } catch (const Json::exception&) {
    return Refused(
        ServiceError(400, "JSON_PARSER_ERROR", "A member of the request body has the wrong type"));
  }
}

std::optional<Call> Router::Subcall(const Call& outer, const std::string& method,
                                    const std::string& url, net::Headers headers,
                                    std::optional<Json> body) const {
  auto target = ParseTarget(url);
  if (!target || target->version.empty()) return std::nullopt;
  Call call{method, 0, std::move(*target), std::move(headers), "", std::move(body), outer.caller};
  for (const auto& [name, value] : outer.headers) {
    const bool condition = name.starts_with("If-") || name.starts_with("if-");
    if (!condition && !net::FindHeader(call.headers, name)) call.headers.emplace_back(name, value);
  }
  return call;
}

Outcome Router::Dispatch(const Call& raw) {
  Call call = raw;
  call.version = CheckVersion(call.target.version, database_.options().api_version_max);
  if (call.method == "POST" && call.Option("_HttpMethod"))
    call.method = *call.Option("_HttpMethod");
  if (call.path().empty()) {
    NeedGet(call);
    return Resources(call);
  }
  const std::string& name = call.path().front();
  if (name == "sobjects") return DispatchObjects(call);
  if (name == "query" || name == "queryAll") return Query(call);
  if (name == "composite") return Composite(*this, call);
  if (name == "tooling") return HandleTooling(database_, call);
  if (call.path().size() > 1) ThrowNotFound();
  if (name == "limits") {
    NeedGet(call);
    return Limits(database_);
  }
  if (name == "recent") {
    NeedGet(call);
    return {200, Json::array(), {}};
  }
  ThrowNotFound();
}

Outcome Router::DispatchObjects(const Call& call) {
  const auto& path = call.path();
  const ReadContext context = call.Reading(database_);
  if (path.size() == 1) {
    NeedGet(call);
    if (NotModifiedSince(call, database_.schema_changed_at())) {
      return {304, std::nullopt, {}};
    }
    return {200, DescribeGlobal(context), {}};
  }
  Table* table = context.naming.Object(database_, path[1]);
  if (table == nullptr) ThrowNotFound();
  if (GrantsRights(*table) && path.size() == 2 && call.method == "POST") {
    return CreateGrant(database_, call, *table);
  }
  const std::string what = path.size() == 3 ? path[2] : "";
  if (what != "describe" && what != "updated" && what != "deleted") {
    return HandleRows(database_, call, *table);
  }
  NeedGet(call);
  if (what == "updated") return {200, GetUpdated(database_, call, *table), {}};
  if (what == "deleted") return {200, GetDeleted(database_, call, *table), {}};
  if (NotModifiedSince(call, database_.schema_changed_at())) {
    return {304, std::nullopt, {}};
  }
  return {200,
          DescribeObject(context, *table),
          {{"Last-Modified", FormatHttpDate(database_.schema_changed_at())}}};
}

Outcome Router::Query(const Call& call) {
  NeedGet(call);
  const ReadContext context = call.Reading(database_);
  if (call.path().size() == 2 && call.path().front() == "query") {
    return {200, queries_.More(context, call.path()[1]), {}};
  }
  if (call.path().size() > 1) ThrowNotFound();
  const auto soql = call.Option("q");
  if (!soql) {
    throw ServiceError(400, "MALFORMED_QUERY", "A query string has to be specified");
  }
  const bool all = call.path().front() == "queryAll";
  return {200, queries_.Run(context, database_, *soql, all, BatchSize(call)), {}};
}

Outcome Router::Resources(const Call& call) const {
  const std::string base = call.Reading(database_).Base();
  Json body = Json::object();
  for (const auto* name : {"sobjects", "query", "queryAll", "limits", "composite", "recent"}) {
    body[name] = base + "/" + name;
  }
  body["identity"] =
      origin_ + "/id/" + database_.options().organization_id + "/" + call.caller.user_id;
  return {200, body, {}};
}

}  // namespace cosell::sandbox::salesforce
