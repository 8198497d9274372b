#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"
#include "status_store.h"
#include "web/api.h"
#include "web/dashboard.h"
#include "web/health.h"
#include "web/metrics.h"
#include "web/reads.h"
#include "web/text_file.h"

namespace cosell::web {
namespace {

using Json = nlohmann::json;

class ServiceRoutesTest : public ::testing::Test {
 protected:
  ServiceRoutesTest() {
    ConnectionStatus contoso;
    contoso.name = ConnectionName{"contoso"};
    contoso.mode = "live";
    contoso.state = "ready";
    contoso.last_sweep_at = ParseInstant("2026-03-01T09:00:00Z");
    contoso.lag_s = 7;
    contoso.links = 3;
    contoso.links_by_state = {{"linked", 2}, {"quarantined", 1}};
    contoso.open_conflicts = 4;
    contoso.quarantined = 1;
    ConnectionStatus fabrikam;
    fabrikam.name = ConnectionName{"fabrikam"};
    fabrikam.mode = "shadow";
    fabrikam.state = "paused";
    fabrikam.reason = "sign-in was refused; run cosell-sync auth login fabrikam";
    store_.connections = {contoso, fabrikam};
  }

  std::vector<Route> All() {
    auto routes = HealthRoutes(store_, clock_, *metrics_);
    for (auto& more : {ApiRoutes(store_, clock_, commands_), ReadRoutes(reads_),
                       DashboardRoutes("main { color: red; }")})
      routes.insert(routes.end(), more.begin(), more.end());
    return routes;
  }

  OutboundHttp Ask(const std::string& method, const std::string& path, Role role,
                   const std::string& body = "", const std::string& query = "") {
    const RouteTable table(All());
    const auto match = table.Find(method, path);
    if (match.route == nullptr) return OutboundHttp{404, "", "", {}};
    InboundHttp request;
    request.method = method;
    request.path = path;
    request.query = query;
    request.parameters = match.parameters;
    request.body = body;
    request.role = role;
    return match.route->handler(request);
  }

  bool Scraped(const std::string& line) {
    const std::string page = Ask("GET", "/metrics", Role::viewer).body;
    const bool found = ("\n" + page).find("\n" + line + "\n") != std::string::npos;
    if (!found) ADD_FAILURE() << page;
    return found;
  }

  StatusStore store_;
  const SystemClock clock_;
  TrafficCounters traffic_;
  std::unique_ptr<Metrics> metrics_ = MakeMetrics("1.2.3", traffic_);
  ApiCommands commands_;
  ApiReads reads_;
};

TEST_F(ServiceRoutesTest, AliveAsksNothing) {
  store_.broken = true;
  const OutboundHttp answer = Ask("GET", "/healthz", Role::none);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "alive\n");
}

TEST_F(ServiceRoutesTest, PausedConnectionIsReadyAndSaysWhy) {
  const OutboundHttp answer = Ask("GET", "/readyz", Role::viewer);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(Json::parse(answer.body), Json::parse(R"({"ready": true, "connections": [
      {"name": "contoso", "state": "ready", "reason": ""},
      {"name": "fabrikam", "state": "paused", "reason": "sign-in was refused; run cosell-sync auth login fabrikam"}]})"));
}

TEST_F(ServiceRoutesTest, StrangerOnlyLearnsWhetherItIsReady) {
  EXPECT_EQ(Json::parse(Ask("GET", "/readyz", Role::none).body), Json({{"ready", true}}));
  store_.broken = true;
  const OutboundHttp answer = Ask("GET", "/readyz", Role::none);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(Json::parse(answer.body), Json({{"ready", false}}));
  EXPECT_EQ(Json::parse(Ask("GET", "/readyz", Role::viewer).body)["reason"],
            "the database file is corrupt");
}

TEST_F(ServiceRoutesTest, StatusTellsHowEveryConnectionStands) {
  const Json body = Json::parse(Ask("GET", "/api/v1/status", Role::viewer).body);
  EXPECT_TRUE(ParseInstant(body["at"].get<std::string>()));
  EXPECT_EQ(body["connections"][0],
            Json::parse(R"({"name": "contoso", "mode": "live", "state": "ready", "reason": "",
      "last_event_at": null, "last_sweep_at": "2026-03-01T09:00:00Z", "lag_s": 7, "links": 3,
      "links_by_state": {"linked": 2, "quarantined": 1}, "open_conflicts": 4, "quarantined": 1})"));
  EXPECT_EQ(body["connections"][1]["mode"], "shadow");
}

// Every command of a connection, by its route: what it was asked reaches it, what it answers comes
// back, and its failure keeps its reason.
class CommandRoutesTest : public ServiceRoutesTest {
 protected:
  CommandRoutesTest() {
    commands_.sync = Told("sync");
    commands_.plan = Asked("plan");
    commands_.apply = Told("apply");
    commands_.conflicts = Asked("conflicts");
    commands_.resolve = Told("resolve");
    commands_.quarantine = Asked("quarantine");
    commands_.retry = Told("retry");
  }
  OutboundHttp Contoso(const std::string& method, const std::string& command,
                       const std::string& body = "") {
    return Ask(method, "/api/v1/connections/contoso/" + command, Role::operator_, body);
  }
  Role RoleFor(const std::string& method, const std::string& command) {
    const RouteTable table(All());
    const auto match = table.Find(method, "/api/v1/connections/contoso/" + command);
    return match.route == nullptr ? Role::none : match.route->role;
  }

  std::optional<Error> failure_;
  bool reached_ = false;

 private:
  Result<std::string> Done(const std::string& name, const ConnectionName& connection,
                           const std::string& request) {
    reached_ = true;
    if (failure_) return *failure_;
    return Json{{"command", name}, {"connection", connection.text}, {"request", request}}.dump();
  }
  std::function<Result<std::string>(const ConnectionName&, const std::string&)> Told(
      const std::string& name) {
    return [this, name](const ConnectionName& connection, const std::string& request) {
      return Done(name, connection, request);
    };
  }
  std::function<Result<std::string>(const ConnectionName&)> Asked(const std::string& name) {
    return [this, name](const ConnectionName& connection) { return Done(name, connection, ""); };
  }
};

struct CommandRoute {
  const char* method;
  const char* path;
  const char* command;
  const char* body;
};

constexpr CommandRoute kCommands[] = {
    {"POST", "sync", "sync", R"({"confirm":"first-share"})"},
    {"POST", "plan", "plan", ""},
    {"POST", "apply", "apply", R"({"fingerprint":"f","links":[]})"},
    {"GET", "conflicts", "conflicts", ""},
    {"POST", "conflicts/resolve", "resolve", R"({"id":"7","field":"notes","take":"crm"})"},
    {"GET", "quarantine", "quarantine", ""},
    {"POST", "quarantine/retry", "retry", R"({"all":true})"}};

TEST_F(CommandRoutesTest, EachReachesItsCommandForTheNamedConnection) {
  for (const CommandRoute& route : kCommands) {
    const OutboundHttp answer = Contoso(route.method, route.path, route.body);
    EXPECT_EQ(answer.status, 200) << route.path;
    EXPECT_EQ(
        Json::parse(answer.body),
        Json({{"command", route.command}, {"connection", "contoso"}, {"request", route.body}}));
  }
}

TEST_F(CommandRoutesTest, AFailureKeepsItsReason) {
  for (const auto& [kind, status] :
       {std::pair{ErrorKind::not_found, 404}, std::pair{ErrorKind::refused, 409},
        std::pair{ErrorKind::invalid_input, 400}, std::pair{ErrorKind::unreachable, 502}}) {
    failure_ = Error{kind, "because", {}, 0, {}, {}};
    for (const CommandRoute& route : kCommands) {
      const OutboundHttp answer = Contoso(route.method, route.path, route.body);
      EXPECT_EQ(answer.status, status) << route.path;
      EXPECT_EQ(Json::parse(answer.body)["error"]["message"], "because");
      EXPECT_EQ(Json::parse(answer.body)["error"]["kind"], ToString(kind));
    }
  }
}

TEST_F(CommandRoutesTest, ABodyIsAnObjectOrNothing) {
  for (const char* path : {"sync", "apply", "conflicts/resolve", "quarantine/retry"}) {
    for (const char* body : {"x", "[]", "5", "{"}) {
      EXPECT_EQ(Contoso("POST", path, body).status, 400) << path << " " << body;
    }
  }
  EXPECT_FALSE(reached_);
}

TEST_F(CommandRoutesTest, ViewersReadAndOperatorsAct) {
  EXPECT_EQ(RoleFor("GET", "conflicts"), Role::viewer);
  EXPECT_EQ(RoleFor("GET", "quarantine"), Role::viewer);
  for (const char* path : {"sync", "plan", "apply", "conflicts/resolve", "quarantine/retry"}) {
    EXPECT_EQ(RoleFor("POST", path), Role::operator_) << path;
  }
}

// A plan over every link of a large connection fits; an ordinary body does not get that far.
TEST_F(CommandRoutesTest, OnlyAReviewedPlanMayBeLong) {
  constexpr std::size_t kHundredThousandLinks = 100'000 * 80;
  for (const Route& route : All()) {
    const bool apply = route.pattern.ends_with("/apply");
    EXPECT_EQ(route.body_bytes_max > kHundredThousandLinks, apply) << route.pattern;
  }
}

TEST_F(ServiceRoutesTest, MetricsShowConnectionsCountersAndTraffic) {
  metrics_->CountWebhook(ConnectionName{"contoso"}, "partner_center", "accepted");
  metrics_->CountWebhook(ConnectionName{"contoso"}, "partner_center", "accepted");
  metrics_->CountWebhook(ConnectionName{"contoso"}, "partner_center", "signature_wrong");
  metrics_->CountRemoteCall(ConnectionName{"contoso"}, Side::crm, "throttled");
  metrics_->CountRound(ConnectionName{"contoso"}, "poll", "done", std::chrono::milliseconds(1500));
  traffic_.displaced = 5;
  for (const char* line :
       {"cosell_webhooks_total{connection=\"contoso\",result=\"accepted\",source=\"partner_"
        "center\"} 2",
        "cosell_webhooks_total{connection=\"contoso\",result=\"signature_wrong\",source=\"partner_"
        "center\"} 1",
        "cosell_remote_calls_total{connection=\"contoso\",outcome=\"throttled\",side=\"crm\"} 1",
        "cosell_rounds_total{connection=\"contoso\",kind=\"poll\",outcome=\"done\"} 1",
        "cosell_round_seconds_total{connection=\"contoso\",kind=\"poll\"} 1.5",
        "cosell_connection_ready{connection=\"contoso\"} 1",
        "cosell_connection_ready{connection=\"fabrikam\"} 0",
        "cosell_lag_seconds{connection=\"contoso\"} 7",
        "cosell_links{connection=\"contoso\",state=\"quarantined\"} 1",
        "cosell_open_conflicts{connection=\"contoso\"} 4",
        "cosell_last_sweep_timestamp_seconds{connection=\"contoso\"} 1772355600",
        "cosell_http_hang_ups_total{reason=\"displaced\"} 5",
        "cosell_build_info{version=\"1.2.3\"} 1", "# TYPE cosell_http_requests_total counter",
        "# TYPE cosell_links gauge"}) {
    EXPECT_TRUE(Scraped(line)) << line;
  }
}

std::string HeaderOf(const OutboundHttp& answer, const std::string& name) {
  return std::string(net::FindHeader(answer.headers, name).value_or(""));
}

TEST_F(ServiceRoutesTest, DashboardIsServedUnderAStrictPolicy) {
  for (const char* path : {"/", "/dashboard/main.js", "/dashboard/style.css"}) {
    const OutboundHttp answer = Ask("GET", path, Role::none);
    EXPECT_EQ(answer.status, 200) << path;
    const std::string policy = HeaderOf(answer, "Content-Security-Policy");
    for (const char* part : {"default-src 'none'", "script-src 'self';", "style-src 'self';",
                             "connect-src 'self'", "frame-ancestors 'none'"})
      EXPECT_NE(policy.find(part), std::string::npos) << path << ": " << part;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << path;
    EXPECT_EQ(HeaderOf(answer, "Referrer-Policy"), "no-referrer") << path;
  }
  EXPECT_EQ(Ask("GET", "/", Role::none).content_type, "text/html; charset=utf-8");
  EXPECT_EQ(Ask("GET", "/dashboard/main.js", Role::none).content_type,
            "text/javascript; charset=utf-8");
  EXPECT_EQ(Ask("GET", "/dashboard/report.css", Role::none).body, "main { color: red; }");
  EXPECT_EQ(Ask("GET", "/dashboard/other.js", Role::none).status, 404);
}

// What the policy would refuse, and files that are named but not there.
TEST_F(ServiceRoutesTest, DashboardIsWhole) {
  const std::string page = Ask("GET", "/", Role::none).body;
  for (const char* inlined :
       {"<style", " style=", " onclick", "javascript:", "http://", "https://"})
    EXPECT_EQ(page.find(inlined), std::string::npos) << inlined;
  std::size_t imports = 0;
  for (const char* name :
       {"api", "decide", "dom", "link", "links", "main", "report", "status", "waiting"}) {
    const std::string script =
        Ask("GET", "/dashboard/" + std::string(name) + ".js", Role::none).body;
    EXPECT_FALSE(script.empty()) << name;
    for (const char* unsafe : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                               "eval(", "localStorage", "http://", "https://"})
      EXPECT_EQ(script.find(unsafe), std::string::npos) << name << ": " << unsafe;
    for (auto at = script.find("from \"./"); at != std::string::npos;
         at = script.find("from \"./", at + 1)) {
      ++imports;
      const std::string file = script.substr(at + 8, script.find('"', at + 8) - at - 8);
      EXPECT_EQ(Ask("GET", "/dashboard/" + file, Role::none).status, 200) << name << ": " << file;
    }
  }
  EXPECT_GT(imports, 10u);
  EXPECT_NE(page.find("<script type=\"module\" src=\"/dashboard/main.js\">"), std::string::npos);
}

TEST_F(ServiceRoutesTest, RoleTellsWhatTheCallerMayDo) {
  EXPECT_EQ(Json::parse(Ask("GET", "/api/v1/role", Role::viewer).body), Json({{"role", "viewer"}}));
  EXPECT_EQ(Json::parse(Ask("GET", "/api/v1/role", Role::operator_).body),
            Json({{"role", "operator"}}));
}

TEST_F(ServiceRoutesTest, ReadsAreHandedTheirQueryAndRole) {
  Asked seen;
  reads_.links = [&](const Asked& asked) -> Result<Shown> {
    seen = asked;
    return Shown{"application/json", "{}"};
  };
  const auto ask = [&](const std::string& query) {
    return Ask("GET", "/api/v1/links", Role::viewer, "", query).status;
  };
  EXPECT_EQ(ask("q=a%26b+c%C3%A9&state=in_sync"), 200);
  EXPECT_EQ(seen.Query("q"), "a&b c\xC3\xA9");
  EXPECT_EQ(seen.Query("state"), "in_sync");
  EXPECT_EQ(seen.Query("after"), "");
  EXPECT_EQ(seen.role, Role::viewer);
  EXPECT_EQ(ask(""), 200);
  EXPECT_EQ(ask("state=in_sync&surprise=1"), 400);
  EXPECT_EQ(ask("q=%FF"), 400);
  EXPECT_EQ(ask("q=%zz"), 400);
}

TEST_F(ServiceRoutesTest, AReadThatFindsNothingIs404) {
  reads_.link = [](const Asked& asked) -> Result<Shown> {
    EXPECT_EQ(asked.parameters.at("connection"), "contoso");
    return Error{ErrorKind::not_found, "no link " + asked.parameters.at("link")};
  };
  const OutboundHttp answer = Ask("GET", "/api/v1/connections/contoso/links/12", Role::viewer);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(Json::parse(answer.body)["error"]["message"], "no link 12");
}

TEST_F(ServiceRoutesTest, AReportComesAsItsOwnKind) {
  reads_.report = [](const Asked& asked) -> Result<Shown> {
    return Shown{"text/csv; charset=utf-8", asked.Query("from") + asked.Query("format")};
  };
  const OutboundHttp answer =
      Ask("GET", "/api/v1/report", Role::viewer, "", "from=2026-03-01&format=csv");
  EXPECT_EQ(answer.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(answer.body, "2026-03-01csv");
}

TEST_F(ServiceRoutesTest, OnlyHealthAndTheEmptyDashboardAreForEverybody) {
  for (const Route& route : All()) {
    const bool open = route.pattern == "/" || route.pattern == "/dashboard/{file}" ||
                      route.pattern == "/healthz" || route.pattern == "/readyz";
    EXPECT_EQ(route.role == Role::none, open) << route.pattern;
    EXPECT_TRUE(route.method == "GET" || route.role == Role::operator_) << route.pattern;
  }
}

// The OpenAPI file and the routes name the same things.
TEST_F(ServiceRoutesTest, EveryRouteIsDescribed) {
  const auto description = ReadTextFile(std::string(COSELL_SOURCE_DIR) + "/schema/openapi.yaml");
  ASSERT_TRUE(description);
  std::size_t described = 0;
  for (const auto& line : Split(*description, '\n')) described += line.rfind("  /", 0) == 0 ? 1 : 0;
  const std::size_t webhooks = 3;
  EXPECT_EQ(described, All().size() + webhooks);
  for (const Route& route : All()) {
    const auto at =
        description->find("\n  " + route.pattern + ":\n    " + ToLower(route.method) + ":");
    EXPECT_NE(at, std::string::npos) << route.method << " " << route.pattern;
  }
}

}  // namespace
}  // namespace cosell::web
