#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "support/fake_clock.h"
#include "tools/sandbox/salesforce/salesforce_world.h"

// An emulated organisation and verbs to talk to it as the integration user.
namespace cosell::sandbox {

using Json = nlohmann::json;

struct Reply {
  int status = 0;
  net::Headers headers;
  std::string text;

  Json json() const { return Json::parse(text); }
  std::string Code() const { return json().at(0).at("errorCode"); }
  std::string Message() const { return json().at(0).at("message"); }
  std::vector<std::string> Fields() const { return json().at(0).at("fields"); }
  std::string Header(const std::string& name) const {
    return std::string(net::FindHeader(headers, name).value_or(""));
  }
  Json Records() const { return json().at("records"); }
  // The names in the order of a query's answer.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& record : Records()) names.push_back(record.at("Name"));
    return names;
  }
};

class Instance {
 public:
  static constexpr const char* kOrigin = "https://contoso.my.salesforce.com";
  static constexpr const char* kUser = "0055g00000DnYxEAAV";
  static constexpr const char* kReferral = "7f0c2f0e-5f6b-4a53-9b0c-0d6b1d2f4a11";
  using Texts = std::vector<std::string>;

  explicit Instance(SalesforceWorldOptions options = {})
      : world(
            kOrigin, clock, random,
            [](std::string_view authorization) -> std::optional<std::string> {
              if (authorization == "Bearer good" || authorization == "OAuth good") return kUser;
              return std::nullopt;
            },
            std::move(options)) {}

  // `path` is below the version.
  Reply Send(const std::string& method, const std::string& path, const std::string& body = "",
             net::Headers headers = {}) {
    headers.emplace_back("Authorization", "Bearer good");
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return SendRaw(method, Below(path), body, std::move(headers));
  }
  Reply SendRaw(const std::string& method, const std::string& target, const std::string& body,
                net::Headers headers) {
    auto response = world.Handle({method, kOrigin + target, std::move(headers), body});
    return {response.status, response.headers, response.body};
  }
  static std::string Below(const std::string& path) {
    return path.starts_with('/') ? path : "/services/data/v67.0/" + path;
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
  Reply Query(const std::string& soql, net::Headers headers = {}) {
    return Get("query?q=" + UrlEncode(soql), std::move(headers));
  }
  Reply QueryAll(const std::string& soql) { return Get("queryAll?q=" + UrlEncode(soql)); }

  // A new record through the API; its id, or the refusal.
  std::string Make(const std::string& object, const Json& body) {
    const Reply reply = Post("sobjects/" + object, body);
    return reply.status == 201 ? reply.json()["id"].get<std::string>() : "failed: " + reply.text;
  }
  static Json DealBody(const std::string& name) {
    return {{"Name", name}, {"StageName", "Qualification"}, {"CloseDate", "2026-11-30"}};
  }
  std::string Deal(const std::string& name, Json more = Json::object()) {
    more.update(DealBody(name));
    return Make("Opportunity", more);
  }
  static std::string Path(const std::string& id) { return "sobjects/Opportunity/" + id; }
  std::optional<std::string> Field(const std::string& id, const std::string& field) {
    return world.Row("Opportunity", id)->Field(field);
  }
  std::string Person() { return world.people().front(); }
  void Wait(std::chrono::seconds time) { clock.Advance(time); }

  test::FakeClock clock;  // 2026-03-01T09:00:00Z
  SeededRandom random{7};
  SalesforceWorld world;
};

}  // namespace cosell::sandbox
