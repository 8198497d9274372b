#include "tools/sandbox/salesforce/composite.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "tools/sandbox/salesforce/references.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kSubrequestsMax = 25;
constexpr std::size_t kQueriesMax = 5;  // queries and collections among them
constexpr std::size_t kGraphsMax = 75;
constexpr std::size_t kNodesMax = 500;
constexpr std::size_t kKindsMax = 15;
constexpr std::size_t kFailedGraphsMax = 14;
constexpr int kReferenceRuleVersion = 52;

[[noreturn]] void ThrowLimit(const std::string& what, std::size_t max) {
  throw ServiceError(
      400, "LIMIT_EXCEEDED",
      "The request holds too many " + what + "; the maximum is " + std::to_string(max));
}

struct Subrequest {
  std::string method;
  std::string url;
  std::string reference;
  net::Headers headers;
  std::optional<Json> body;
};

std::string NeedText(const Json& json, const char* name) {
  if (json.is_object() && json.contains(name) && json[name].is_string()) return json[name];
  ThrowBadJson(std::string("Every subrequest needs the text '") + name + "'");
}

void CheckReference(const std::string& reference, int version) {
  const auto plain = [](char c) {
    return std::string_view("_0123456789").find(c) != std::string_view::npos ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (version < kReferenceRuleVersion || std::all_of(reference.begin(), reference.end(), plain)) {
    return;
  }
  throw ServiceError(400, "JSON_PARSER_ERROR",
                     "Provided referenceId ('" + reference +
                         "') must contain letters, digits and underscores only");
}

net::Headers ReadHeaders(const Json& item) {
  net::Headers headers;
  if (!item.contains("httpHeaders")) return headers;
  for (const auto& [name, value] : item["httpHeaders"].items()) {
    for (const auto* refused : {"Accept", "Authorization", "Content-Type"}) {
      if (!EqualsIgnoreCase(name, refused)) continue;
      throw ServiceError(400, "INVALID_HEADER",
                         "The header " + name + " is not allowed in a subrequest");
    }
    headers.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return headers;
}

std::vector<Subrequest> ReadSubrequests(const Json& holder, int version) {
  if (!holder.is_object() || !holder.contains("compositeRequest") ||
      !holder["compositeRequest"].is_array()) {
    ThrowBadJson("The array 'compositeRequest' is missing");
  }
  std::vector<Subrequest> requests;
  std::set<std::string> references;
  for (const auto& item : holder["compositeRequest"]) {
    Subrequest request{NeedText(item, "method"), NeedText(item, "url"),
                       NeedText(item, "referenceId"), ReadHeaders(item), std::nullopt};
    CheckReference(request.reference, version);
    if (!references.insert(request.reference).second) {
      ThrowBadJson("The referenceId '" + request.reference + "' stands twice");
    }
    if (item.contains("body")) request.body = item["body"];
    requests.push_back(std::move(request));
  }
  return requests;
}

bool IsHeavy(const std::string& url) {
  const auto target = ParseTarget(url);
  if (!target || target->path.empty()) return false;
  const std::string& name = target->path.front();
  const bool collection =
      name == "composite" && target->path.size() > 1 && target->path[1] == "sobjects";
  return name == "query" || name == "queryAll" || collection;
}

Json HeadersJson(const net::Headers& headers) {
  Json json = Json::object();
  for (const auto& [name, value] : headers) json[name] = value;
  return json;
}

Json ResponseJson(const Subrequest& request, const Outcome& outcome) {
  return {{"body", outcome.body ? *outcome.body : Json(nullptr)},
          {"httpHeaders", HeadersJson(outcome.headers)},
          {"httpStatusCode", outcome.status},
          {"referenceId", request.reference}};
}

Outcome Halted(int status, const std::string& message) {
  return Refused(ServiceError(status, "PROCESSING_HALTED", message));
}

// One list of subrequests in order, with what they know of each other.
class Run {
 public:
  Run(Router& router, const Call& outer, std::vector<Subrequest> requests, bool all_or_none)
      : router_(router), outer_(outer), requests_(std::move(requests)), all_or_none_(all_or_none) {}

  // False when `all_or_none` and one failed: nothing of it happened then.
  bool Perform() {
    Transaction transaction(router_.database());
    for (const auto& request : requests_) {
      outcomes_.push_back(One(request));
      if (outcomes_.back().failed() && all_or_none_) {
        RollBack(outcomes_.size() - 1);
        return false;
      }
    }
    transaction.Commit();
    return true;
  }

  Json Responses() const {
    Json responses = Json::array();
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      responses.push_back(ResponseJson(requests_[i], outcomes_[i]));
    }
    return responses;
  }

 private:
  Outcome One(const Subrequest& request) {
    const auto url = references_.InText(request.url);
    const auto body = request.body ? references_.InJson(*request.body) : std::nullopt;
    if (!url || (request.body && !body)) {
      return Halted(400, "Invalid reference specified. No value was found for a reference in " +
                             request.reference);
    }
    const auto call = router_.Subcall(outer_, request.method, *url, request.headers, body);
    if (!call || IsNested(*call)) {
      return Refused(ServiceError(400, "INVALID_FIELD", "The url is not allowed: " + *url));
    }
    Outcome outcome = router_.Run(*call);
    if (!outcome.failed() && outcome.body) references_.Add(request.reference, *outcome.body);
    return outcome;
  }

  static bool IsNested(const Call& call) {
    const auto& path = call.path();
    return !path.empty() && path.front() == "composite" &&
           (path.size() == 1 || path[1] != "sobjects");
  }

  void RollBack(std::size_t culprit) {
    outcomes_.resize(requests_.size());
    const int status = router_.database().switches().composite_sibling_status;
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      if (i == culprit) continue;
      outcomes_[i] = Halted(status,
                            "The transaction was rolled back since another operation in the same "
                            "transaction failed.");
    }
  }

  Router& router_;
  const Call& outer_;
  std::vector<Subrequest> requests_;
  bool all_or_none_;
  References references_;
  std::vector<Outcome> outcomes_;
};

// Graphs know records only (12.3).
void CheckGraphUrls(const std::vector<Subrequest>& requests, std::set<std::string>& kinds) {
  for (const auto& request : requests) {
    const auto target = ParseTarget(request.url);
    const bool rows = target && target->path.size() > 1 && target->path.front() == "sobjects";
    const bool special = rows && target->path.size() == 3 &&
                         (target->path[2] == "describe" || target->path[2] == "updated" ||
                          target->path[2] == "deleted");
    if (!rows || special) {
      throw ServiceError(400, "INVALID_FIELD", "The url is not allowed in a graph: " + request.url);
    }
    kinds.insert(request.method + " " + ToLower(target->path[1]));
  }
}

struct Graph {
  std::string id;
  std::vector<Subrequest> requests;
};

std::vector<Graph> ReadGraphs(const Json& body, int version) {
  if (!body.is_object() || !body.contains("graphs") || !body["graphs"].is_array()) {
    ThrowBadJson("The array 'graphs' is missing");
  }
  if (body["graphs"].size() > kGraphsMax) ThrowLimit("graphs", kGraphsMax);
  std::vector<Graph> graphs;
  std::size_t nodes = 0;
  for (const auto& item : body["graphs"]) {
    Graph graph{NeedText(item, "graphId"), ReadSubrequests(item, version)};
    std::set<std::string> kinds;
    CheckGraphUrls(graph.requests, kinds);
    if (kinds.size() > kKindsMax) ThrowLimit("kinds of nodes", kKindsMax);
    nodes += graph.requests.size();
    graphs.push_back(std::move(graph));
  }
  if (nodes > kNodesMax) ThrowLimit("nodes", kNodesMax);
  return graphs;
}

Json BatchResult(const Outcome& outcome) {
  return {{"statusCode", outcome.status}, {"result", outcome.body ? *outcome.body : Json(nullptr)}};
}

}  // namespace

Outcome RunComposite(Router& router, const Call& call) {
  const Json body = call.Body();
  auto requests = ReadSubrequests(body, call.version);
  if (requests.size() > kSubrequestsMax) ThrowLimit("subrequests", kSubrequestsMax);
  const auto heavy = std::count_if(requests.begin(), requests.end(),
                                   [](const auto& request) { return IsHeavy(request.url); });
  if (static_cast<std::size_t>(heavy) > kQueriesMax) {
    ThrowLimit("queries and collections", kQueriesMax);
  }
  Run run(router, call, std::move(requests), body.value("allOrNone", false));
  run.Perform();
  return {200, Json{{"compositeResponse", run.Responses()}}, {}};
}

Outcome RunGraphs(Router& router, const Call& call) {
  Json answers = Json::array();
  std::size_t failed = 0;
  for (auto& graph : ReadGraphs(call.Body(), call.version)) {
    Json answer = {{"graphId", graph.id}};
    if (failed >= kFailedGraphsMax) {
      Json halted = Json::array();
      for (const auto& request : graph.requests) {
        halted.push_back(ResponseJson(request, Halted(400, "Too many graphs failed.")));
      }
      answer["graphResponse"] = {{"compositeResponse", halted}};
      answer["isSuccessful"] = false;
    } else {
      Run run(router, call, std::move(graph.requests), true);
      const bool good = run.Perform();
      failed += good ? 0 : 1;
      answer["graphResponse"] = {{"compositeResponse", run.Responses()}};
      answer["isSuccessful"] = good;
    }
    answers.push_back(std::move(answer));
  }
  return {200, Json{{"graphs", answers}}, {}};
}

Outcome RunBatch(Router& router, const Call& call) {
  const Json body = call.Body();
  if (!body.is_object() || !body.contains("batchRequests") || !body["batchRequests"].is_array()) {
    ThrowBadJson("The array 'batchRequests' is missing");
  }
  if (body["batchRequests"].size() > kSubrequestsMax) ThrowLimit("requests", kSubrequestsMax);
  const bool halt = body.value("haltOnError", false);
  Json results = Json::array();
  bool errors = false;
  for (const auto& item : body["batchRequests"]) {
    if (errors && halt) {
      results.push_back(BatchResult(Refused(
          ServiceError(412, "BATCH_PROCESSING_HALTED", "Batch processing halted per request"))));
      continue;
    }
    std::string url = NeedText(item, "url");
    if (!url.starts_with('/')) url = "/services/data/" + url;
    const auto part = router.Subcall(
        call, NeedText(item, "method"), url, {},
        item.contains("richInput") ? std::optional(item["richInput"]) : std::nullopt);
    const bool allowed = part && !part->path().empty() && part->path().front() != "composite";
    const Outcome outcome =
        allowed ? router.Run(*part)
                : Refused(ServiceError(400, "INVALID_FIELD", "The url is not allowed: " + url));
    errors = errors || outcome.failed();
    results.push_back(BatchResult(outcome));
  }
  return {200, Json{{"hasErrors", errors}, {"results", results}}, {}};
}

}  // namespace cosell::sandbox::salesforce
