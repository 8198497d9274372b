#include "tools/sandbox/salesforce/service.h"

#include "base/text.h"
#include "tools/sandbox/salesforce/gzip.h"
#include "tools/sandbox/salesforce/seed.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kHeadMax = 16'384;  // 6.4: URI, and URI with headers
constexpr int kOldestListed = 64;

std::string HeaderOf(const net::HttpRequest& request, std::string_view name) {
  return std::string(net::FindHeader(request.headers, name).value_or(""));
}

void CheckSizes(const net::HttpRequest& request, const std::string& target) {
  if (target.size() > kHeadMax) throw ServiceError(414, "URI_TOO_LONG", "The URI is too long.");
  std::size_t size = target.size();
  for (const auto& [name, value] : request.headers) size += name.size() + value.size() + 4;
  if (size > kHeadMax) {
    throw ServiceError(431, "REQUEST_HEADERS_TOO_LARGE", "URI and headers are too long.");
  }
}

void CheckMediaType(const net::HttpRequest& request) {
  if (request.body.empty() || request.method == "GET" || request.method == "DELETE") return;
  if (StartsWithIgnoreCase(HeaderOf(request, "Content-Type"), "application/json")) return;
  throw ServiceError(415, "UNSUPPORTED_MEDIA_TYPE",
                     "Content-Type must be application/json for this resource");
}

std::string BodyOf(const net::HttpRequest& request) {
  if (!EqualsIgnoreCase(HeaderOf(request, "Content-Encoding"), "gzip")) return request.body;
  const auto text = Decompress(request.body);
  if (!text) ThrowBadJson("The gzip body is damaged");
  return *text;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

net::HttpResponse Page(int status) {
  return {
      status,
      {{"Content-Type", "text/html"}},
      "<html><body><h1>" + std::to_string(status) + "</h1>Please try again later.</body></html>"};
}

std::string ReleaseName(int version) {
  constexpr const char* kSeasons[] = {"Summer", "Winter", "Spring"};
  // Version 67 is Summer '26; three a year, Winter already carries the next year's number.
  const int offset = version - 67;
  const int season = ((offset % 3) + 3) % 3;
  const int years = (offset - season) / 3;
  const int year = 26 + years + (season == 0 ? 0 : 1);
  return std::string(kSeasons[season]) + " '" + std::to_string(year);
}

std::string RowKind(const Call& call) {
  const auto& path = call.path();
  if (path.size() == 3 && path[2] == "describe") return "describe";
  if (path.size() == 3 && (path[2] == "updated" || path[2] == "deleted")) return path[2];
  if (call.method == "POST") return "row_create";
  if (call.method == "DELETE") return "row_delete";
  if (call.method == "PATCH") return path.size() == 4 ? "upsert" : "row_update";
  return path.size() > 2 ? "row_read" : "describe";
}

std::string CompositeKind(const Call& call) {
  const auto& path = call.path();
  if (path.size() == 1) return "composite";
  if (path[1] != "sobjects") return path[1];
  if (path.size() == 3) return "collection_retrieve";
  if (path.size() == 4) return "collection_upsert";
  if (call.method == "DELETE") return "collection_delete";
  return call.method == "PATCH" ? "collection_update" : "collection_create";
}

}  // namespace

std::string KindOf(const Call& call) {
  if (call.path().empty()) return "other";
  const std::string& name = call.path().front();
  if (name == "query" || name == "queryAll") {
    return call.path().size() > 1 ? "query_more" : "query";
  }
  if (name == "sobjects") return RowKind(call);
  if (name == "composite") return CompositeKind(call);
  return name == "limits" ? name : "other";
}

net::HttpResponse Service::Handle(const net::HttpRequest& request) {
  database_.Settle();
  const bool absolute = !request.url.starts_with('/');
  const std::string target = absolute && request.url.starts_with(origin_)
                                 ? request.url.substr(origin_.size())
                                 : request.url;
  try {
    CheckSizes(request, target);
    auto parsed = ParseTarget(target);
    if (!parsed) ThrowNotFound();
    if (parsed->version.empty()) {
      if (request.method != "GET" && request.method != "HEAD") {
        ThrowMethod(request.method, "GET,HEAD");
      }
      return Versions();
    }
    return Signed(request, std::move(*parsed));
  } catch (const ServiceError& error) {
    ++counters_.calls;
    ++counters_.refused;
    return Answer(request, Refused(error));
  }
}

net::HttpResponse Service::Signed(const net::HttpRequest& request, Target target) {
  const auto fault = TakeFault(request);
  const bool before = fault && !fault->after_commit && !fault->truncate_at;
  Call call{request.method,       0, std::move(target), request.headers, "", std::nullopt,
            {std::string(), true}};
  Outcome outcome;
  if (!before) {
    call.caller.user_id = SignIn(request);
    outcome = Perform(request, call);
  } else {
    outcome.status = fault->status;
  }
  ++counters_.calls;
  ++counters_.by_kind[KindOf(call)];
  if (fault && !fault->truncate_at) {
    outcome = Refused(ServiceError(fault->status, fault->error_code, fault->message));
  }
  if (outcome.status >= 400) ++counters_.refused;
  if (fault && fault->html) return Page(fault->status);
  auto response = Answer(request, outcome);
  if (fault && fault->truncate_at) response.body = response.body.substr(0, *fault->truncate_at);
  return response;
}

Outcome Service::Perform(const net::HttpRequest& request, const Call& unread) {
  SalesforceApiLimit& limit = database_.switches().api_limit;
  const bool over = ++limit.used > limit.max || database_.switches().request_limit_exceeded;
  if (over) {
    return Refused(ServiceError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
  }
  try {
    CheckMediaType(request);
    Call call = unread;
    call.text = BodyOf(request);
    return router_.Run(call);
  } catch (const ServiceError& error) {
    return Refused(error);
  }
}

std::string Service::SignIn(const net::HttpRequest& request) {
  const std::string authorization = HeaderOf(request, "Authorization");
  const bool scheme = StartsWithIgnoreCase(authorization, "Bearer ") ||
                      StartsWithIgnoreCase(authorization, "OAuth ");
  if (!scheme && !authorization.empty()) {
    throw ServiceError(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  }
  const auto user = scheme ? authorize_(authorization) : std::nullopt;
  const auto id = user ? FullId(*user) : std::nullopt;
  if (!id) throw ServiceError(401, "INVALID_SESSION_ID", "Session expired or invalid");
  EnsureUser(database_, *id);
  return *id;
}

net::HttpResponse Service::Versions() const {
  Json versions = Json::array();
  for (int version = kOldestListed; version <= database_.options().api_version_max; ++version) {
    const std::string text = std::to_string(version) + ".0";
    versions.push_back(
        {{"label", ReleaseName(version)}, {"url", "/services/data/v" + text}, {"version", text}});
  }
  return {200,
          {{"Content-Type", "application/json;charset=UTF-8"},
           {"Date", FormatHttpDate(database_.Now())}},
          Dump(versions)};
}

net::HttpResponse Service::Answer(const net::HttpRequest& request, const Outcome& outcome) const {
  const auto& switches = database_.switches();
  net::HttpResponse response{outcome.status, outcome.headers, ""};
  std::string usage = "api-usage=" + std::to_string(switches.api_limit.used) + "/" +
                      std::to_string(switches.api_limit.max);
  if (switches.limit_info_extra) usage += "; per-app-api-usage=17/250(appName=cosell-sync)";
  response.headers.emplace_back("Date", FormatHttpDate(database_.Now()));
  response.headers.emplace_back("Sforce-Limit-Info", usage);
  if (!outcome.body) return response;
  response.headers.emplace_back("Content-Type", "application/json;charset=UTF-8");
  if (request.method == "HEAD") return response;
  response.body = Dump(*outcome.body);
  const bool accepts = HeaderOf(request, "Accept-Encoding").find("gzip") != std::string::npos;
  if (switches.gzip && accepts) {
    response.body = Compress(response.body);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  return response;
}

std::optional<SalesforceFault> Service::TakeFault(const net::HttpRequest& request) {
  for (auto at = faults_.begin(); at != faults_.end(); ++at) {
    const bool method = at->method.empty() || at->method == request.method;
    if (!method || request.url.find(at->path_contains) == std::string::npos) continue;
    const SalesforceFault fault = *at;
    if (--at->count <= 0) faults_.erase(at);
    return fault;
  }
  return std::nullopt;
}

}  // namespace cosell::sandbox::salesforce
