#include "crm/dataverse/web_api.h"

#include <algorithm>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/errors.h"

namespace cosell::dataverse {
namespace {

constexpr std::string_view kRoot = "/api/data/v9.2/";

struct UrlParts {
  std::string origin;
  std::string_view rest;
};

std::string WithoutDefaultPort(std::string origin) {
  const bool https = origin.starts_with("https://");
  const std::string_view port = https ? ":443" : ":80";
  if (origin.ends_with(port)) origin.resize(origin.size() - port.size());
  return origin;
}

// The origin ends at the first '/', so a user name or a longer host can never pass for ours.
UrlParts SplitUrl(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto path = std::min(url.find_first_of("/?#", scheme + 3), url.size());
  return {WithoutDefaultPort(ToLower(url.substr(0, path))), url.substr(path)};
}

net::Headers CommonHeaders() {
  return {{"Accept", "application/json"}, {"OData-MaxVersion", "4.0"}, {"OData-Version", "4.0"}};
}

Error MissingPart(const net::ApiAnswer& whole, bool write) {
  Error error;
  error.kind = write ? ErrorKind::unknown_outcome : ErrorKind::invalid_response;
  error.http_status = whole.response.status;
  error.correlation_id = whole.correlation.text;
  error.message =
      "The answer to a batch lacks the part of this operation, so its outcome is not known";
  return error;
}

// A refusal of the batch as such says nothing about any one record.
Error WholeBatchRefused(const net::ApiAnswer& whole, Purpose purpose) {
  Error error = ErrorFromAnswer(whole, purpose, "batch of operations");
  const bool about_a_record =
      error.kind == ErrorKind::not_found || error.kind == ErrorKind::stale_version ||
      error.kind == ErrorKind::already_exists || error.kind == ErrorKind::cursor_expired;
  if (about_a_record) error.kind = ErrorKind::invalid_response;
  return error;
}

Purpose PurposeOf(const Operation& operation) {
  return operation.IsWrite() ? Purpose::action : Purpose::read;
}

}  // namespace

WebApi::WebApi(net::ApiClient& api, Clock& clock, Random& random, const std::string& url,
               std::size_t batch_operations_max)
    : api_(api),
      clock_(clock),
      random_(random),
      origin_(SplitUrl(url).origin),
      batch_operations_max_(std::max<std::size_t>(1, batch_operations_max)) {}

Result<net::ApiAnswer> WebApi::SendCall(net::ApiCall call) {
  net::Headers headers = CommonHeaders();
  headers.insert(headers.end(), call.request.headers.begin(), call.request.headers.end());
  call.request.headers = std::move(headers);
  return api_.Send(call);
}

Result<net::ApiAnswer> WebApi::Send(const Operation& operation) {
  net::ApiCall call;
  call.request.method = operation.method;
  call.request.url = origin_ + std::string(kRoot) + operation.path;
  call.request.headers = operation.headers;
  call.request.body = operation.body;
  call.correlation.text = operation.correlation;
  call.repeat = operation.IsWrite() ? net::Repeat::never : net::Repeat::safe;
  if (!operation.body.empty()) {
    call.request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  }
  if (!operation.IsWrite()) call.request.headers.emplace_back("If-None-Match", "null");
  return SendCall(std::move(call));
}

Result<net::ApiAnswer> WebApi::Get(const std::string& path, std::string_view what,
                                   const std::string& prefer) {
  Operation operation;
  operation.path = path;
  if (!prefer.empty()) operation.headers.emplace_back("Prefer", prefer);
  Result<net::ApiAnswer> answer = Send(operation);
  if (!answer) return ErrorFromClient(answer.error(), Purpose::read, what);
  if (answer->response.status >= 300) return ErrorFromAnswer(*answer, Purpose::read, what);
  return answer;
}

Result<net::ApiAnswer> WebApi::Follow(const std::string& link, const std::string& prefer) {
  if (!IsOwnLink(link)) return Refusal("A link to another origin is not followed");
  net::ApiCall call;
  call.request.url = link;
  call.request.headers = {{"Prefer", prefer}, {"If-None-Match", "null"}};
  return SendCall(std::move(call));
}

bool WebApi::IsOwnLink(std::string_view link) const {
  const bool clean = std::none_of(link.begin(), link.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
  });
  const UrlParts parts = SplitUrl(link);
  return clean && !parts.origin.empty() && parts.origin == origin_ &&
         StartsWithIgnoreCase(parts.rest, "/api/data/");
}

std::vector<Sent> WebApi::RunAll(std::span<const Operation> operations) {
  std::vector<Sent> out;
  out.reserve(operations.size());
  while (!operations.empty()) {
    const auto chunk = operations.first(std::min(batch_operations_max_, operations.size()));
    if (chunk.size() == 1) {
      const std::int64_t start = NowMs();
      Result<net::ApiAnswer> answer = Send(chunk.front());
      out.push_back({std::move(answer), NowMs() - start});
    } else {
      RunBatch(chunk, out);
    }
    operations = operations.subspan(chunk.size());
  }
  return out;
}

void WebApi::RunBatch(std::span<const Operation> operations, std::vector<Sent>& out) {
  const std::string boundary = "batch_" + NewGuid(random_);
  const bool writes = std::any_of(operations.begin(), operations.end(),
                                  [](const Operation& each) { return each.IsWrite(); });
  net::ApiCall call;
  call.request.method = "POST";
  call.request.url = origin_ + std::string(kRoot) + "$batch";
  call.request.headers = {{"Prefer", "odata.continue-on-error"},
                          {"Content-Type", "multipart/mixed; boundary=\"" + boundary + "\""}};
  call.request.body = BuildBatch(operations, boundary, kRoot);
  call.repeat = writes ? net::Repeat::never : net::Repeat::safe;

  const std::int64_t start = NowMs();
  const Result<net::ApiAnswer> whole = SendCall(std::move(call));
  const std::int64_t duration_ms = NowMs() - start;
  if (!whole) {
    for (std::size_t i = 0; i < operations.size(); ++i) out.push_back({whole.error(), duration_ms});
    return;
  }
  const auto type = net::FindHeader(whole->response.headers, "Content-Type").value_or("");
  const auto answer_boundary = BatchBoundary(type);
  const bool refused_whole = whole->response.status >= 300 && !answer_boundary;
  std::vector<net::HttpResponse> parts;
  // With an error as the overall status the server stopped at the first failure, and the parts no
  // longer say which operations they belong to.
  if (whole->response.status < 300 && answer_boundary) {
    parts = ParseBatch(whole->response.body, *answer_boundary);
  }
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (refused_whole) {
      out.push_back({WholeBatchRefused(*whole, PurposeOf(operations[i])), duration_ms});
    } else if (i < parts.size() && parts[i].status != 0) {
      net::ApiAnswer part{std::move(parts[i]), whole->correlation, whole->clock_offset};
      const std::string request_id = net::RequestIdOf(whole->response.headers);
      if (net::RequestIdOf(part.response.headers).empty() && !request_id.empty())
        part.response.headers.emplace_back("REQ_ID", request_id);
      out.push_back({std::move(part), duration_ms});
    } else {
      out.push_back({MissingPart(*whole, operations[i].IsWrite()), duration_ms});
    }
  }
}

std::int64_t WebApi::NowMs() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Monotonic()).count();
}

}  // namespace cosell::dataverse
