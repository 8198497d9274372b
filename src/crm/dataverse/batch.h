#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/http.h"

// The multipart text of $batch (contract dynamics365.md section 8). Pure functions.
namespace cosell::dataverse {

// One operation inside a batch, or on its own.
struct Operation {
  std::string method = "GET";
  std::string path;  // relative to the service root, already percent-encoded
  net::Headers headers;
  std::string body;         // JSON, empty for none
  std::string correlation;  // of the write it belongs to; only sent when it travels alone
  bool IsWrite() const { return method != "GET"; }
};

// The body of a $batch request; `root` is the path of the service root ("/api/data/v9.2/").
std::string BuildBatch(std::span<const Operation> operations, std::string_view boundary,
                       std::string_view root);

// The boundary a Content-Type of multipart/mixed names; nothing for any other type.
std::optional<std::string> BatchBoundary(std::string_view content_type);

// The answers inside a $batch response in their order; the ones of a change set stand in line with
// the others. Tolerates bare line feeds, a preamble, and a missing closing boundary (then the parts
// that are complete are returned). A part that is not HTTP has status 0.
std::vector<net::HttpResponse> ParseBatch(std::string_view body, std::string_view boundary);

}  // namespace cosell::dataverse
