#include "web/route.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/text.h"

namespace cosell::web {
namespace {

bool IsPlain(std::string_view segment) {
  return !segment.empty() && std::all_of(segment.begin(), segment.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

using Parameters = std::map<std::string, std::string>;

std::optional<Parameters> MatchPath(const std::string& pattern,
                                    const std::vector<std::string>& path) {
  const auto wanted = Split(pattern, '/');
  if (wanted.size() != path.size()) return std::nullopt;
  Parameters parameters;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string& segment = wanted[i];
    const bool named = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
    if (!named && segment != path[i]) return std::nullopt;
    if (!named) continue;
    if (!IsPlain(path[i])) return std::nullopt;
    parameters[segment.substr(1, segment.size() - 2)] = path[i];
  }
  return parameters;
}

int StatusOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::invalid_input:
      return 400;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::stale_version:
    case ErrorKind::already_exists:
    case ErrorKind::refused:
      return 409;
    case ErrorKind::throttled:
      return 503;
    case ErrorKind::unauthorized:
    case ErrorKind::cursor_expired:
    case ErrorKind::unreachable:
    case ErrorKind::unavailable:
    case ErrorKind::unknown_outcome:
    case ErrorKind::invalid_response:
      return 502;
  }
  return 500;
}

}  // namespace

std::string_view ToString(Role role) {
  switch (role) {
    case Role::none:
      return "none";
    case Role::viewer:
      return "viewer";
    case Role::operator_:
      return "operator";
  }
  return "none";
}

OutboundHttp JsonAnswer(int status, std::string json) {
  return OutboundHttp{status, "application/json", std::move(json), {}};
}

OutboundHttp ErrorAnswer(int status, ErrorKind kind, const std::string& message) {
  const nlohmann::json body = {{"error", {{"kind", ToString(kind)}, {"message", message}}}};
  return JsonAnswer(status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

OutboundHttp ErrorAnswer(const Error& error) {
  return ErrorAnswer(StatusOf(error.kind), error.kind, error.message);
}

RouteTable::RouteTable(std::vector<Route> routes) : routes_(std::move(routes)) {}

RouteTable::Match RouteTable::Find(std::string_view method, std::string_view path) const {
  Match match;
  const auto segments = Split(path, '/');
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route& route : routes_) {
    auto parameters = MatchPath(route.pattern, segments);
    if (!parameters) continue;
    match.methods.push_back(route.method);
    if (route.method != wanted) continue;
    match.route = &route;
    match.parameters = std::move(*parameters);
    return match;
  }
  return match;
}

}  // namespace cosell::web
