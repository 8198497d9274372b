#include "tools/sandbox/dataverse/batch.h"

#include "base/text.h"
#include "tools/sandbox/dataverse/multipart.h"

namespace cosell::sandbox::dataverse {
namespace {

struct Step {
  std::string content_id;
  net::HttpRequest request;
};

// One part of the batch: a single operation, or the operations of a change set.
struct Unit {
  bool change_set = false;
  std::vector<Step> steps;
};

[[noreturn]] void ThrowMalformed(const std::string& what) {
  ThrowBadBody("The batch is malformed: " + what);
}

Step ParseStep(const Entity& part) {
  const auto type = Header(part.headers, "Content-Type").value_or("");
  if (!EqualsIgnoreCase(type, "application/http") ||
      Header(part.headers, "Content-Transfer-Encoding") != "binary") {
    ThrowMalformed("a part needs Content-Type: application/http and binary encoding.");
  }
  auto request = ParseHttpRequest(part.content);
  if (!request) ThrowMalformed("a part holds no complete HTTP request with CRLF line ends.");
  return {Header(part.headers, "Content-ID").value_or(""), std::move(*request)};
}

std::vector<Entity> Parts(const std::string& body, const std::string& boundary) {
  auto parts = ParseMultipart(body, boundary);
  if (!parts) ThrowMalformed("boundary " + boundary + " is not closed or lines lack CRLF.");
  return std::move(*parts);
}

std::vector<Unit> ParseUnits(const net::HttpRequest& request) {
  const auto boundary = BoundaryOf(Header(request.headers, "Content-Type").value_or(""));
  if (!boundary) ThrowMalformed("Content-Type must be multipart/mixed with a boundary.");
  std::vector<Unit> units;
  std::size_t operations = 0;
  for (const auto& part : Parts(request.body, *boundary)) {
    Unit unit;
    if (const auto inner = BoundaryOf(Header(part.headers, "Content-Type").value_or(""))) {
      unit.change_set = true;
      for (const auto& step : Parts(part.content, *inner)) unit.steps.push_back(ParseStep(step));
    } else {
      unit.steps.push_back(ParseStep(part));
    }
    operations += unit.steps.size();
    units.push_back(std::move(unit));
  }
  if (operations > kBatchOperationsMax) {
    ThrowBadBody("The batch holds more than " + std::to_string(kBatchOperationsMax) +
                 " operations.");
  }
  return units;
}

std::string PartText(net::HttpResponse response, const std::string& content_id) {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "Date"; });
  const std::string id = content_id.empty() ? "" : "Content-ID: " + content_id + "\r\n";
  return "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n" + id + "\r\n" +
         HttpText(response) + "\r\n";
}

std::string Multipart(const std::vector<std::string>& parts, const std::string& boundary) {
  std::string text;
  for (const auto& part : parts) text += "--" + boundary + "\r\n" + part;
  return text + "--" + boundary + "--\r\n";
}

// "$1" and "$1/name" become the URL of the row that Content-ID 1 has created.
void ResolveUrl(net::HttpRequest& request, const References& references) {
  if (!request.url.starts_with('$')) return;
  const auto slash = request.url.find('/');
  const auto found = references.find(request.url.substr(1, slash - 1));
  if (found == references.end()) {
    ThrowBadQuery("Content-ID Reference: '" + request.url.substr(0, slash) +
                  "' does not exist in the batch context.");
  }
  const std::string rest = slash == std::string::npos ? "" : request.url.substr(slash);
  request.url = std::string(kApiRoot) + found->second + rest;
}

struct UnitAnswer {
  int status = 0;
  std::string text;  // the part with its own headers
};

class BatchRun {
 public:
  BatchRun(Router& router, Database& database) : router_(router), database_(database) {}

  UnitAnswer Run(const Unit& unit) {
    if (unit.change_set) return RunChangeSet(unit);
    const Outcome outcome = router_.Execute({unit.steps.front().request, nullptr, true});
    return {outcome.response.status, PartText(outcome.response, unit.steps.front().content_id)};
  }

 private:
  UnitAnswer RunChangeSet(const Unit& unit) {
    Transaction transaction(database_);
    References references;
    std::vector<std::string> parts;
    for (const auto& step : unit.steps) {
      const Outcome outcome = RunStep(step, references);
      if (outcome.failed()) {
        return {outcome.response.status, PartText(outcome.response, step.content_id)};
      }
      if (!step.content_id.empty()) references[step.content_id] = outcome.entity;
      parts.push_back(PartText(outcome.response, step.content_id));
    }
    transaction.Commit();
    const std::string boundary = "changesetresponse_" + database_.NewId();
    return {200, "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n" +
                     Multipart(parts, boundary)};
  }

  Outcome RunStep(Step step, const References& references) {
    try {
      if (step.request.method == "GET") ThrowBadQuery("A change set cannot contain GET requests.");
      ResolveUrl(step.request, references);
    } catch (const ServiceError& error) {
      ++router_.counters().refused;
      return {router_.ErrorAnswer(error, ParsePrefer(step.request.headers)), ""};
    }
    return router_.Execute({step.request, &references, true});
  }

  Router& router_;
  Database& database_;
};

}  // namespace

net::HttpResponse HandleBatch(Router& router, Database& database, const net::HttpRequest& request) {
  ++router.counters().batches;
  const Preferences prefer = ParsePrefer(request.headers);
  std::vector<Unit> units;
  try {
    units = ParseUnits(request);
  } catch (const ServiceError& error) {
    ++router.counters().refused;
    return router.ErrorAnswer(error, prefer);
  }
  BatchRun run(router, database);
  std::vector<std::string> parts;
  int status = 200;
  for (const auto& unit : units) {
    const UnitAnswer answer = run.Run(unit);
    if (answer.status >= 400 && !prefer.continue_on_error) {
      // Only the failing answer is reported, whatever was done before it.
      status = answer.status;
      parts = {answer.text};
      break;
    }
    parts.push_back(answer.text);
  }
  const std::string boundary = "batchresponse_" + database.NewId();
  auto response = router.Answer(status);
  response.body = Multipart(parts, boundary);
  response.headers.emplace_back("Content-Type", "multipart/mixed; boundary=" + boundary);
  if (prefer.continue_on_error) {
    response.headers.emplace_back("Preference-Applied", "odata.continue-on-error");
  }
  return response;
}

}  // namespace cosell::sandbox::dataverse
