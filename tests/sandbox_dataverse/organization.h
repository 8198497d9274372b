#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "support/fake_clock.h"
#include "tools/sandbox/dataverse/dataverse_world.h"

// An emulated organisation and verbs to talk to it as the application user.
namespace cosell::sandbox {

using Json = nlohmann::json;

struct Reply {
  int status = 0;
  net::Headers headers;
  std::string text;

  Json json() const { return Json::parse(text); }
  std::string Code() const { return json()["error"]["code"]; }
  std::string Header(const std::string& name) const {
    for (const auto& [header, value] : headers) {
      if (EqualsIgnoreCase(header, name)) return value;
    }
    return "";
  }
  // The GUID between the last parentheses of OData-EntityId.
  std::string Id() const {
    const std::string url = Header("OData-EntityId");
    const auto open = url.rfind('(');
    return open == std::string::npos ? "" : url.substr(open + 1, 36);
  }
};

class Organization {
 public:
  static constexpr const char* kOrigin = "https://crm.contoso.example";
  static constexpr const char* kUnknownId = "0b000000-0000-0000-0000-0000000000ff";

  explicit Organization(DataverseWorldOptions options = {})
      : world(
            kOrigin, clock, random, [](std::string_view token) { return token == "Bearer good"; },
            std::move(options)) {}

  Reply Send(const std::string& method, const std::string& path, const std::string& body = "",
             net::Headers headers = {}) {
    headers.emplace_back("Authorization", "Bearer good");
    if (!body.empty() && method != "BATCH") {
      headers.emplace_back("Content-Type", "application/json");
    }
    return SendRaw(method, path, body, std::move(headers));
  }
  Reply SendRaw(const std::string& method, const std::string& path, const std::string& body,
                net::Headers headers) {
    const bool absolute = path.starts_with("https://");
    const std::string url = absolute ? path : kOrigin + std::string("/api/data/v9.2/") + path;
    auto response = world.Handle({method, url, std::move(headers), body});
    return {response.status, response.headers, response.body};
  }
  Reply Get(const std::string& path, net::Headers headers = {}) {
    return Send("GET", path, "", std::move(headers));
  }
  Reply Post(const std::string& path, const Json& body, net::Headers headers = {}) {
    return Send("POST", path, body.dump(), std::move(headers));
  }
  Reply Patch(const std::string& path, const Json& body, net::Headers headers = {}) {
    return Send("PATCH", path, body.dump(), std::move(headers));
  }

  // A new row through the API; its id.
  std::string Make(const std::string& set, const Json& body) {
    const Reply reply = Post(set, body);
    return reply.status == 204 ? reply.Id() : "failed: " + reply.text;
  }
  std::string Path(const std::string& id) { return "opportunities(" + id + ")"; }
  std::string Etag(const std::string& id) { return world.Row("opportunities", id)->etag; }
  std::optional<std::string> Cell(const std::string& id, const std::string& column) {
    return world.Row("opportunities", id)->Cell(column);
  }
  std::string CurrencyId(const std::string& code) {
    for (const auto& row : world.Rows("transactioncurrencies")) {
      if (row.Cell("isocurrencycode") == code) return row.id;
    }
    return "";
  }
  Json Currency(const std::string& code) {
    return "/transactioncurrencies(" + CurrencyId(code) + ")";
  }

  // The names in the order of the answer.
  static std::vector<std::string> Names(const Reply& reply) {
    std::vector<std::string> names;
    const Json body = reply.json();
    for (const auto& row : body["value"]) names.push_back(row["name"]);
    return names;
  }

  test::FakeClock clock;
  SeededRandom random{7};
  DataverseWorld world;
};

// A step through percent-encoding for readable filters in tests.
inline std::string Filter(const std::string& set, const std::string& expression,
                          const std::string& select = "name") {
  return set + "?$select=" + select + "&$filter=" + UrlEncode(expression);
}

}  // namespace cosell::sandbox
