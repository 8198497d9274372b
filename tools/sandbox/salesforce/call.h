#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"
#include "tools/sandbox/salesforce/render.h"
#include "tools/sandbox/salesforce/writes.h"

// A request taken apart, and its answer before it becomes HTTP (contract section 3). Subrequests of
// composites are calls too.
namespace cosell::sandbox::salesforce {

struct Target {
  std::string version;                                     // "v67.0"; empty: the list of versions
  std::vector<std::string> path;                           // decoded segments below the version
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
};
// `text` is path and query. Nothing when it lies outside /services/data.
std::optional<Target> ParseTarget(std::string_view text);

struct Call {
  std::string method;
  int version = 0;
  Target target;
  net::Headers headers;
  std::string text;          // the body as sent
  std::optional<Json> json;  // the body of a subrequest
  Caller caller;

  const std::vector<std::string>& path() const { return target.path; }
  std::optional<std::string> Option(std::string_view name) const;  // from the query
  std::string Header(std::string_view name) const;                 // empty when absent
  // "batchSize" of "Sforce-Query-Options: batchSize=500"; items are parted by ';' or ','.
  std::string HeaderOption(std::string_view header, std::string_view name) const;
  // Throws JSON_PARSER_ERROR when there is none or it is no JSON.
  Json Body() const;
  Naming naming() const { return {false, HeaderOption("Sforce-Call-Options", "defaultNamespace")}; }
  ReadContext Reading(const Database& database) const { return {database, naming(), version}; }
  WriteContext Writing(Database& database) const;
};

struct Outcome {
  int status = 200;
  std::optional<Json> body;
  net::Headers headers;

  bool failed() const { return status >= 300 && status != 304; }
};

// 405 METHOD_NOT_ALLOWED.
[[noreturn]] void ThrowMethod(const std::string& method, const std::string& allowed);

// 31 to `version_max`. 410 for retired versions, 404 for those that are not there.
int CheckVersion(const std::string& text, int version_max);

}  // namespace cosell::sandbox::salesforce
