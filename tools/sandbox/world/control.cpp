#include "tools/sandbox/world/control.h"

#include <array>
#include <charconv>
#include <regex>

#include "base/text.h"
#include "tools/sandbox/world/control_json.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/partner_center.h"
#include "tools/sandbox/world/world.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kBase = "/sandbox/v1";

std::string Field(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

std::int64_t Number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int IntAt(const Json& body, const char* name, int otherwise) {
  const auto found = body.find(name);
  return found != body.end() && found->is_number_integer() ? found->get<int>() : otherwise;
}

net::HttpResponse Outcome(const Status& status) {
  return status ? Done200({{"done", true}}) : Failed(status.error());
}

struct Move {
  const char* action;
  const char* status;
  const char* substatus;
};

constexpr std::array<Move, 6> kMoves = {{{"receive", "New", "Received"},
                                         {"accept", "Active", "Accepted"},
                                         {"win", "Closed", "Won"},
                                         {"lose", "Closed", "Lost"},
                                         {"decline", "Closed", "Declined"},
                                         {"error", "Closed", "Error"}}};

}  // namespace

Control::Control(World& world, Hooks hooks)
    : world_(world),
      hooks_(std::move(hooks)),
      desk_([this]() -> CrmDesk& { return world_.desk(hooks_.crm); }, world.clock(),
            std::string(kBase) + "/crm/") {}

net::HttpResponse Control::Handle(const net::HttpRequest& request) {
  struct Route {
    const char* method;
    const char* first;  // first part of the path
    std::size_t parts;
    Action action;
  };
  static constexpr std::array<Route, 25> kRoutes = {{
      {"GET", "", 1, &Control::Overview},
      {"GET", "referrals", 1, &Control::ListReferrals},
      {"GET", "referrals", 2, &Control::ShowReferral},
      {"POST", "referrals", 1, &Control::CreateReferral},
      {"POST", "referrals", 3, &Control::ActOnReferral},
      {"GET", "faults", 1, &Control::ListFaults},
      {"POST", "faults", 1, &Control::AddFault},
      {"DELETE", "faults", 1, &Control::ClearFaults},
      {"GET", "switches", 1, &Control::ShowSwitches},
      {"PATCH", "switches", 1, &Control::SetSwitches},
      {"GET", "log", 1, &Control::ShowLog},
      {"DELETE", "log", 1, &Control::ClearLog},
      {"GET", "deliveries", 1, &Control::ShowDeliveries},
      {"POST", "tamper", 1, &Control::Tamper},
      {"POST", "events", 1, &Control::RaiseEvent},
      {"POST", "certificate", 1, &Control::RotateCertificate},
      {"POST", "token-errors", 1, &Control::ForceTokenError},
      {"POST", "device-codes", 1, &Control::AnswerDeviceCode},
      {"POST", "token-revocation", 1, &Control::RevokeTokens},
      {"POST", "token-throttle", 1, &Control::ThrottleTokens},
      {"POST", "roles", 1, &Control::SetRole},
      {"GET", "clock", 1, &Control::ShowClock},
      {"POST", "clock", 1, &Control::MoveClock},
      {"POST", "reset", 1, &Control::Reset},
      {"POST", "seed", 1, &Control::Seed},
  }};
  const Url url = ParseUrl(request.url);
  if (!url.path.starts_with(kBase)) return Failed(404, "the control API is below /sandbox/v1");
  std::string rest = url.path.substr(kBase.size());
  if (rest.starts_with('/')) rest.erase(0, 1);
  const Call call{Split(rest, '/'), ParseForm(url.query), request.body};
  if (call.parts[0] == "dataverse") return world_.dataverse_control().Handle(request);
  if (call.parts[0] == "salesforce") return world_.salesforce_control().Handle(request);
  if (call.parts[0] == "crm") return desk_.Handle(request);
  for (const Route& route : kRoutes)
    if (request.method == route.method && call.parts[0] == route.first &&
        call.parts.size() == route.parts)
      return (this->*route.action)(call);
  return Failed(404, "there is no " + request.method + " " + url.path);
}

net::HttpResponse Control::Overview(const Call&) {
  return Done200(
      {{"now", FormatInstant(world_.clock().Now())},
       {"referrals", world_.ReferralIds().size()},
       {"requests", world_.log().last_sequence()},
       {"deliveries", world_.events().deliveries().size()},
       {"registered_webhook",
        world_.events().subscription() ? Json(world_.events().subscription()->url) : Json()}});
}

net::HttpResponse Control::ListReferrals(const Call& call) {
  Json list = Json::array();
  for (const std::string& id : world_.ReferralIds()) {
    const Json referral = Json::parse(world_.Referral(id));
    const std::string status = Field(call.query, "status");
    if (!status.empty() && TextAt(referral, "status") != status) continue;
    Json row = Json::object();
    for (const char* name : {"id", "engagementId", "organizationId", "name", "status", "substatus",
                             "type", "qualification", "externalReferenceId", "updatedDateTime"})
      row[name] = referral.value(name, Json());
    list.push_back(std::move(row));
  }
  return Done200(list);
}

net::HttpResponse Control::ShowReferral(const Call& call) {
  const std::string referral = world_.Referral(call.parts[1]);
  return referral.empty() ? Failed(404, "no such referral") : Done200(Json::parse(referral));
}

// {"by": "person" or "microsoft", "referral": {...}}
net::HttpResponse Control::CreateReferral(const Call& call) {
  const auto body = ParseBody(call.body);
  if (!body || !body->contains("referral")) return Failed(400, "the body needs a referral");
  const std::string by = body->value("by", "person");
  if (by != "person" && by != "microsoft") return Failed(400, "by is person or microsoft");
  const std::string referral = (*body)["referral"].dump();
  const auto id =
      by == "microsoft" ? world_.MicrosoftSends(referral) : world_.PersonCreates(referral);
  return id ? Done200(Json::parse(world_.Referral(*id))) : Failed(id.error());
}

// edit, receive, accept, win, lose, decline, error, expire; microsoft-accept, -decline, -expire.
net::HttpResponse Control::ActOnReferral(const Call& call) {
  const std::string& id = call.parts[1];
  const std::string& action = call.parts[2];
  if (action == "edit") return Outcome(world_.PersonEdits(id, call.body));
  const auto body = ParseBody(call.body);
  if (!body) return Failed(400, "the body must be an object");
  if (action == "expire") return Outcome(world_.Expire(id));
  if (action.starts_with("microsoft-"))
    return Outcome(world_.MicrosoftDecides(id, action.substr(10), IntAt(*body, "after_s", 0)));
  for (const Move& move : kMoves)
    if (action == move.action)
      return Outcome(world_.PersonMoves(id, move.status, move.substatus, TextAt(*body, "reason")));
  return Failed(404, "unknown action " + action);
}

net::HttpResponse Control::ListFaults(const Call&) {
  Json list = Json::array();
  for (const FaultRule& rule : world_.faults().rules())
    list.push_back(Json::parse(sandbox::ToJson(rule)));
  return Done200(list);
}

net::HttpResponse Control::AddFault(const Call& call) {
  const auto rule = ParseFaultRule(call.body);
  return rule ? Outcome(world_.faults().Add(*rule)) : Failed(rule.error());
}

net::HttpResponse Control::ClearFaults(const Call&) {
  world_.faults().Clear();
  return Outcome(Done{});
}

net::HttpResponse Control::ShowSwitches(const Call&) {
  return Done200(Json::parse(sandbox::ToJson(world_.switches())));
}

net::HttpResponse Control::SetSwitches(const Call& call) {
  return Outcome(Apply(world_.switches(), call.body));
}

net::HttpResponse Control::ShowLog(const Call& call) {
  RequestLog::Filter filter;
  filter.service = Field(call.query, "service");
  filter.method = Field(call.query, "method");
  filter.path = Field(call.query, "path");
  filter.after = Number(Field(call.query, "after"));
  filter.writes_only = Field(call.query, "writes") == "true";
  Json list = Json::array();
  try {
    for (const LoggedRequest& entry : world_.log().Find(filter))
      list.push_back(sandbox::ToJson(entry));
  } catch (const std::regex_error&) {
    return Failed(400, "path is no regular expression");
  }
  return Done200(list);
}

net::HttpResponse Control::ClearLog(const Call&) {
  world_.log().Clear();
  return Outcome(Done{});
}

net::HttpResponse Control::ShowDeliveries(const Call&) {
  Json list = Json::array();
  for (const Delivery& delivery : world_.events().deliveries())
    list.push_back(sandbox::ToJson(delivery));
  return Done200(list);
}

net::HttpResponse Control::Tamper(const Call& call) {
  const auto body = ParseBody(call.body);
  if (!body) return Failed(400, "the body must be an object");
  return Outcome(world_.events().Tamper(TextAt(*body, "mode"), IntAt(*body, "times", 1)));
}

net::HttpResponse Control::RaiseEvent(const Call& call) {
  const auto body = ParseBody(call.body);
  if (!body || TextAt(*body, "event").empty()) return Failed(400, "the body needs an event");
  world_.events().Raise(TextAt(*body, "event"), TextAt(*body, "referral_id"), world_.clock().Now());
  return Outcome(Done{});
}

net::HttpResponse Control::RotateCertificate(const Call&) {
  world_.signing().RotateLeaf();
  return Outcome(Done{});
}

net::HttpResponse Control::ForceTokenError(const Call& call) {
  const auto body = ParseBody(call.body);
  if (!body || TextAt(*body, "who").empty())
    return Failed(400, "the body needs who (client id or user name) and code");
  world_.entra().ForceError(TextAt(*body, "who"), IntAt(*body, "code", 0),
                            IntAt(*body, "times", 1));
  return Outcome(Done{});
}

net::HttpResponse Control::AnswerDeviceCode(const Call& call) {
  const auto body = ParseBody(call.body);
  if (!body || TextAt(*body, "user_code").empty()) return Failed(400, "the body needs a user_code");
  const std::string user = TextAt(*body, "user");
  const bool known = world_.entra().AnswerDeviceCode(
      TextAt(*body, "user_code"), user.empty() ? world_.identities().user_name : user,
      !body->value("decline", false), body->value("mfa", true));
  return known ? Outcome(Done{}) : Failed(404, "that code is not known, or was answered");
}

net::HttpResponse Control::RevokeTokens(const Call& call) {
  const auto body = ParseBody(call.body);
  if (!body) return Failed(400, "the body must be an object");
  const std::string user = TextAt(*body, "user");
  if (user.empty())
    world_.entra().RevokeAccessTokens();
  else
    world_.entra().RevokeRefreshTokens(user);
  return Outcome(Done{});
}

net::HttpResponse Control::ThrottleTokens(const Call& call) {
  const auto body = ParseBody(call.body);
  if (!body) return Failed(400, "the body must be an object");
  world_.entra().Throttle(IntAt(*body, "requests", 1));
  return Outcome(Done{});
}

net::HttpResponse Control::SetRole(const Call& call) {
  const auto body = ParseBody(call.body);
  const std::string role = body ? TextAt(*body, "role") : "";
  if (role != "admin" && role != "user" && role != "none")
    return Failed(400, "role is admin, user or none");
  const std::string user = TextAt(*body, "user");
  world_.partner_center().SetRole(user.empty() ? world_.identities().user_name : user, role);
  return Outcome(Done{});
}

net::HttpResponse Control::ShowClock(const Call&) {
  return Done200({{"now", FormatInstant(world_.clock().Now())},
                  {"simulated", static_cast<bool>(hooks_.advance_clock)}});
}

net::HttpResponse Control::MoveClock(const Call& call) {
  if (!hooks_.advance_clock)
    return Failed(409, "the clock is real; start the program with --simulated-clock");
  const auto body = ParseBody(call.body);
  if (!body) return Failed(400, "the body must be an object");
  hooks_.advance_clock(std::chrono::seconds(IntAt(*body, "advance_s", 0)));
  world_.Advance();
  return ShowClock(call);
}

net::HttpResponse Control::Reset(const Call&) {
  world_.Reset();
  return Outcome(Done{});
}

net::HttpResponse Control::Seed(const Call& call) {
  if (!ParseBody(call.body)) return Failed(400, "the body must be an object");
  return Done200(Json::parse(hooks_.seed(call.body)));
}

}  // namespace cosell::sandbox
