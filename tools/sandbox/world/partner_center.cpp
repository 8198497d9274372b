#include "tools/sandbox/world/partner_center.h"

#include <algorithm>

#include "base/guid.h"
#include "base/text.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/engagements.h"
#include "tools/sandbox/world/referral_list.h"
#include "tools/sandbox/world/referral_patch.h"
#include "tools/sandbox/world/referral_render.h"
#include "tools/sandbox/world/reply.h"
#include "tools/sandbox/world/throttle.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kPath = "/v1.0/engagements/referrals";

net::HttpResponse Answered(const Error& error) {
  return ReferralsError(error.http_status, error.code, error.message);
}

net::HttpResponse NotAllowed(std::string_view methods) {
  net::HttpResponse answer =
      ReferralsError(405, "invalidRequest", "the method is not supported here.");
  answer.headers.emplace_back("Allow", std::string(methods));
  return answer;
}

bool IsJson(const net::HttpRequest& request) {
  const std::string type = HeaderOf(request, "Content-Type");
  return EqualsIgnoreCase(Trim(type.substr(0, type.find(';'))), "application/json");
}

}  // namespace

struct PartnerCenterService::Call {
  const net::HttpRequest& request;
  TokenInfo caller;
  std::string id;  // empty for the collection
  std::map<std::string, std::string> options;
};

PartnerCenterService::PartnerCenterService(Clock& clock, Random& random, const Switches& switches,
                                           const Origins& origins, const Identities& identities,
                                           const TokenCheck& tokens, Engagements& engagements)
    : clock_(clock),
      random_(random),
      switches_(switches),
      origins_(origins),
      identities_(identities),
      tokens_(tokens),
      engagements_(engagements),
      list_(std::make_unique<ReferralList>(clock, random, switches)),
      throttle_(std::make_unique<Throttle>()) {
  SetRole(identities.user_name, "admin");
}

PartnerCenterService::~PartnerCenterService() = default;

void PartnerCenterService::SetRole(const std::string& user_name, const std::string& role) {
  roles_[ToLower(user_name)] = role;
}

net::HttpResponse PartnerCenterService::Handle(const net::HttpRequest& request) {
  engagements_.Advance();
  net::HttpResponse answer;
  try {
    answer = Answer(request);
  } catch (const Json::exception&) {  // a member of the body has a type nobody looked for
    answer = ReferralsError(400, "invalidRequest", "a member has the wrong type.");
  }
  answer.headers.emplace_back("Request-ID", NewGuid(random_));
  const std::string client_id = HeaderOf(request, "client-request-id");
  if (!client_id.empty()) answer.headers.emplace_back("client-request-id", client_id);
  answer.headers.emplace_back("x-ms-ags-diagnostic", R"({"ServerInfo":{"Slice":"SliceC"}})");
  const Instant shown = clock_.Now() + std::chrono::seconds(switches_.clock_offset_s);
  answer.headers.emplace_back("timestamp", FormatInstant(shown));
  return answer;
}

net::HttpResponse PartnerCenterService::Answer(const net::HttpRequest& request) {
  Call call{request, {}, "", {}};
  if (auto refused = Admit(request, call.caller)) return *refused;
  const Url url = ParseUrl(request.url);
  call.options = ParseForm(url.query);
  if (!url.path.starts_with(kPath))
    return ReferralsError(404, "itemNotFound", "there is nothing at this path.");
  std::string rest = url.path.substr(kPath.size());
  while (rest.ends_with('/')) rest.pop_back();
  if (!rest.empty()) {
    const auto id = NormalizeGuid(std::string_view(rest).substr(1));
    if (rest[0] != '/' || !id)
      return ReferralsError(404, "itemNotFound", "there is nothing at this path.");
    call.id = *id;
  }
  return Route(call);
}

// Sign-in, role and rate, before anything else is looked at.
std::optional<net::HttpResponse> PartnerCenterService::Admit(const net::HttpRequest& request,
                                                             TokenInfo& caller) {
  const auto token = tokens_.Check(HeaderOf(request, "Authorization"), origins_.referrals);
  if (!token) return ReferralsError(401, "unauthenticated", "The access token is not valid.");
  caller = *token;
  const int wait_s = throttle_->SecondsToWait(caller.object_id, switches_.throttle_rate_per_s,
                                              switches_.throttle_burst, clock_.Now());
  if (wait_s > 0) {
    const std::string seconds = std::to_string(wait_s);
    net::HttpResponse answer =
        GatewayError(429, "Rate limit is exceeded. Try again in " + seconds + " seconds.");
    answer.headers.emplace_back("Retry-After", seconds);
    return answer;
  }
  if (caller.app_only || (switches_.mfa_enforced && !caller.mfa)) {
    const int status = switches_.refused_token_status;
    return ReferralsError(status, status == 401 ? "unauthenticated" : "accessDenied",
                          "A token of a user who signed in with MFA is required.");
  }
  const auto role = roles_.find(ToLower(caller.user_name));
  if (role == roles_.end() || role->second == "none")
    return ReferralsError(403, "accessDenied", "The user has no referrals role.");
  if (switches_.client_request_id_required && HeaderOf(request, "client-request-id").empty())
    return ReferralsError(400, "invalidRequest", "client-request-id is required.");
  return std::nullopt;
}

net::HttpResponse PartnerCenterService::Route(const Call& call) {
  const std::string& method = call.request.method;
  if (call.id.empty()) {
    if (method == "GET") return List(call);
    if (method == "POST") return Post(call);
    return NotAllowed("GET, POST");
  }
  if (method == "GET") return Get(call);
  if (method == "PATCH") return Patch(call);
  if (method == "PUT" && switches_.put_supported) return Put(call);
  return NotAllowed(switches_.put_supported ? "GET, PATCH, PUT" : "GET, PATCH");
}

// An admin sees every party of our deals; a referrals user those with the user in our team.
bool PartnerCenterService::MaySee(const Call& call, const std::string& id) const {
  const StoredReferral* referral = engagements_.store().Find(id);
  bool on_team = roles_.at(ToLower(call.caller.user_name)) == "admin";
  bool ours = referral->organization() == identities_.organization_id;
  if (ours && on_team) return true;
  for (const StoredReferral* party : engagements_.store().Engagement(referral->engagement())) {
    if (party->organization() != identities_.organization_id) continue;
    ours = true;
    for (const Json& member : party->body["team"])
      on_team = on_team || EqualsIgnoreCase(TextAt(member, "email"), call.caller.user_name);
  }
  return ours && on_team;
}

net::HttpResponse PartnerCenterService::List(const Call& call) {
  const auto scope = [&](const StoredReferral& referral) { return MaySee(call, referral.id()); };
  auto page = list_->Page(engagements_.store(), call.options, scope);
  if (!page) return Answered(page.error());
  Json value = Json::array();
  for (Json& referral : page->referrals)
    value.push_back(Rendered(std::move(referral), origins_, switches_));
  const std::size_t count = switches_.count == "total" ? page->total : value.size();
  Json body = {{"@odata.context", origins_.referrals + "/v1.0/$metadata#Referrals"},
               {"@odata.count", count},
               {"value", std::move(value)}};
  if (!page->next_token.empty()) body["@odata.nextLink"] = NextLink(page->next_token);
  return JsonReply(200, body.dump());
}

// The three styles of contract 3.3; the sample's is http and lacks a path segment.
std::string PartnerCenterService::NextLink(const std::string& token) const {
  const std::string query = "?$skiptoken=" + UrlEncode(token);
  if (switches_.next_link == "relative") return "referrals" + query;
  if (switches_.next_link == "absolute") return origins_.referrals + std::string(kPath) + query;
  return ReplaceAll(origins_.referrals, "https://", "http://") + "/v1.0/referrals" + query;
}

net::HttpResponse PartnerCenterService::OneReferral(int status, const std::string& id) const {
  const Json& body = engagements_.store().Find(id)->body;
  Json out = Rendered(body, origins_, switches_);
  out["@odata.context"] = origins_.referrals + "/v1.0/$metadata#Referrals/$entity";
  net::HttpResponse answer = JsonReply(status, out.dump());
  if (switches_.etag_header) answer.headers.emplace_back("ETag", TextAt(body, "eTag"));
  return answer;
}

net::HttpResponse PartnerCenterService::Get(const Call& call) {
  const StoredReferral* referral = engagements_.store().Find(call.id);
  const Json* visible =
      referral == nullptr ? nullptr
                          : ReferralStore::Visible(*referral, clock_.Now(), switches_.stale_get_s);
  if (visible == nullptr) return ReferralsError(404, "itemNotFound", "the referral was not found.");
  if (!MaySee(call, call.id))
    return ReferralsError(403, "accessDenied", "the referral is out of the caller's scope.");
  Json out = Rendered(*visible, origins_, switches_);
  out["@odata.context"] = origins_.referrals + "/v1.0/$metadata#Referrals/$entity";
  net::HttpResponse answer = JsonReply(200, out.dump());
  if (switches_.etag_header) answer.headers.emplace_back("ETag", TextAt(*visible, "eTag"));
  return answer;
}

net::HttpResponse PartnerCenterService::Post(const Call& call) {
  if (!IsJson(call.request))
    return ReferralsError(415, "invalidRequest", "the body must be application/json.");
  const Json body = Json::parse(call.request.body, nullptr, false);
  if (body.is_discarded())
    return ReferralsError(400, "invalidRequest", "the body is not valid JSON.");
  const auto id = engagements_.Create(body, Actor::api);
  if (!id) return Answered(id.error());
  net::HttpResponse answer = OneReferral(switches_.create_status, *id);
  answer.headers.emplace_back("Location", origins_.referrals + std::string(kPath) + "/" + *id);
  return answer;
}

net::HttpResponse PartnerCenterService::Patch(const Call& call) {
  if (!IsJson(call.request))
    return ReferralsError(415, "invalidRequest", "the body must be application/json.");
  const Json operations = Json::parse(call.request.body, nullptr, false);
  if (operations.is_discarded())
    return ReferralsError(400, "invalidRequest", "the body is not valid JSON.");
  if (engagements_.store().Find(call.id) != nullptr && !MaySee(call, call.id))
    return ReferralsError(403, "accessDenied", "the referral is out of the caller's scope.");
  const std::string if_match(Trim(HeaderOf(call.request, "If-Match")));
  const Status patched = engagements_.Patch(call.id, operations, if_match, Actor::api);
  if (!patched) return Answered(patched.error());
  const std::string prefer = ToLower(HeaderOf(call.request, "Prefer"));
  if (prefer.find("return=representation") != std::string::npos) return OneReferral(200, call.id);
  net::HttpResponse answer;
  answer.status = 204;
  return answer;
}

// The obsolete full replacement: everything but the patchable members must be as it was.
net::HttpResponse PartnerCenterService::Put(const Call& call) {
  const std::string if_match(Trim(HeaderOf(call.request, "If-Match")));
  if (if_match.empty()) return ReferralsError(400, "invalidRequest", "If-Match is required.");
  if (!IsJson(call.request))
    return ReferralsError(415, "invalidRequest", "the body must be application/json.");
  const Json body = Json::parse(call.request.body, nullptr, false);
  if (!body.is_object() || body.contains("links"))
    return ReferralsError(400, "invalidRequest", "the body must be a referral without links.");
  const StoredReferral* referral = engagements_.store().Find(call.id);
  if (referral == nullptr)
    return ReferralsError(404, "itemNotFound", "the referral was not found.");
  if (if_match != TextAt(referral->body, "eTag"))
    return ReferralsError(412, "preconditionFailed", "The supplied etag is not current.");
  const auto operations = PatchBetween(referral->body, body, switches_);
  if (!operations) return Answered(operations.error());
  const Status patched = engagements_.Patch(call.id, *operations, if_match, Actor::api);
  return patched ? OneReferral(200, call.id) : Answered(patched.error());
}

}  // namespace cosell::sandbox
