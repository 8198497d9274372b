#include "tools/sandbox/world/world.h"

#include <algorithm>

#include "tools/sandbox/dataverse/control.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/desk/dataverse_desk.h"
#include "tools/sandbox/world/certificates.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/engagements.h"
#include "tools/sandbox/world/partner_center.h"
#include "tools/sandbox/world/registration.h"
#include "tools/sandbox/world/reply.h"
#include "tools/sandbox/world/salesforce_side.h"

namespace cosell::sandbox {
namespace {

// Text of a request's JSON, or a refusal.
Result<Json> Parsed(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Refused(400, "invalidRequest", "this is not valid JSON.");
  return json;
}

bool MeansNotSent(FaultKind kind) {
  return kind == FaultKind::unreachable || kind == FaultKind::drop_before;
}

// Their bodies hold secrets.
bool IsSignIn(std::string_view service) {
  return service == "entra" || service == "salesforce_login";
}

Exchange::Outcome OutcomeOf(FaultKind kind) {
  if (kind == FaultKind::unreachable) return Exchange::Outcome::unreachable;
  if (kind == FaultKind::drop_before || kind == FaultKind::drop_after)
    return Exchange::Outcome::dropped;
  return kind == FaultKind::truncate ? Exchange::Outcome::truncated : Exchange::Outcome::answered;
}

}  // namespace

class World::InProcessTransport final : public net::HttpTransport {
 public:
  explicit InProcessTransport(World& world) : world_(world) {}

  Result<net::HttpResponse> Send(const net::HttpRequest& request) override {
    Exchange exchange = world_.Serve(request);
    if (exchange.delay.count() > 0) world_.clock_.SleepFor(exchange.delay);
    switch (exchange.outcome) {
      case Exchange::Outcome::answered:
        return std::move(exchange.response);
      case Exchange::Outcome::unreachable:
        return Error{ErrorKind::unreachable, "no connection to " + ParseUrl(request.url).origin};
      case Exchange::Outcome::truncated:
      case Exchange::Outcome::dropped:
        break;
    }
    return Error{ErrorKind::unknown_outcome,
                 "the connection to " + ParseUrl(request.url).origin + " broke off"};
  }

 private:
  World& world_;
};

World::World(Clock& clock, Random& random) : World(clock, random, Options{}) {}

World::World(Clock& clock, Random& random, Options options)
    : clock_(clock), random_(random), options_(std::move(options)), chain_(options_.origins.aia) {
  entra_ = std::make_unique<Entra>(clock_, random_, switches_, options_.identities.tenant_id,
                                   options_.identities.tenant_domain);
  events_ = std::make_unique<EventQueue>(clock_, random_, switches_, options_.origins, chain_);
  engagements_ =
      std::make_unique<Engagements>(clock_, random_, switches_, options_.identities,
                                    [this](const std::string& event, const std::string& id,
                                           Instant at) { events_->Raise(event, id, at); });
  partner_center_ = std::make_unique<PartnerCenterService>(
      clock_, random_, switches_, options_.origins, options_.identities, *entra_, *engagements_);
  registration_ = std::make_unique<RegistrationService>(
      clock_, random_, switches_, options_.origins, options_.identities, *entra_, *events_);
  certificates_ = std::make_unique<CertificateHost>(chain_, switches_);
  transport_ = std::make_unique<InProcessTransport>(*this);
  MakeDataverse();
  MakeSalesforce();
  Register();
}

World::~World() = default;

void World::MakeDataverse() {
  dataverse_ = std::make_unique<DataverseWorld>(
      options_.origins.dataverse, clock_, random_,
      [this](std::string_view authorization) {
        return entra_->Check(authorization, options_.origins.dataverse).has_value();
      },
      options_.dataverse);
  dataverse_control_ = std::make_unique<DataverseControl>(*dataverse_);
  dataverse_desk_ = MakeDataverseDesk(*dataverse_);
}

void World::MakeSalesforce() {
  salesforce_ = std::make_unique<SalesforceSide>(clock_, random_, options_.origins,
                                                 options_.identities, options_.salesforce);
}

Handler& World::salesforce_control() { return salesforce_->control(); }

// The accounts of the partner: the service's two applications, the public one of `auth login`, and
// the sync user.
void World::Register() {
  const Identities& who = options_.identities;
  const Origins& at = options_.origins;
  entra_->AddClient(
      {who.partner_client_id, who.partner_client_secret, "", {at.referrals, at.webhooks}});
  entra_->AddClient({who.crm_client_id, who.crm_client_secret, "", {at.dataverse}});
  entra_->AddClient({who.public_client_id, "", "", {at.referrals, at.webhooks}});
  entra_->AddUser({who.user_name, who.user_password, who.user_object_id});
}

std::unique_lock<std::recursive_mutex> World::Lock() const { return std::unique_lock(mutex_); }

World::Route World::RouteOf(const std::string& origin, const std::string& path) {
  const Origins& at = options_.origins;
  if (origin == at.login || origin == "https://login.windows.net") return {"entra", entra_.get()};
  if (origin == at.referrals) return {"referrals", partner_center_.get()};
  if (origin == at.webhooks) return {"webhooks", registration_.get()};
  if (origin == at.certificates) return {"certificates", certificates_.get()};
  if (origin == at.aia && path.ends_with(".crt")) return {"certificates", certificates_.get()};
  if (origin == at.dataverse) return {"dataverse", dataverse_.get()};
  const bool signs_in = SalesforceSessions::Serves(path);
  if (origin == at.salesforce_login || (origin == at.salesforce && signs_in))
    return {"salesforce_login", &salesforce_->login()};
  if (origin == at.salesforce) return {"salesforce", &salesforce_->instance()};
  return {};
}

Exchange World::Serve(const net::HttpRequest& request) {
  const auto lock = Lock();
  const Url url = ParseUrl(request.url);
  if (control_ != nullptr && url.origin == options_.origins.control)
    return {Exchange::Outcome::answered, control_->Handle(request), {}};
  const Route route = RouteOf(url.origin, url.path);
  if (route.handler == nullptr) return {Exchange::Outcome::unreachable, {}, {}};
  LoggedRequest entry;
  entry.at = clock_.Now();
  entry.service = route.service;
  entry.method = request.method;
  entry.target = url.target();
  entry.headers = TellingHeaders(request.headers);
  entry.body = IsSignIn(route.service) ? BlankSecrets(request.body) : request.body;
  return Process(request, route, log_.Add(std::move(entry)));
}

Exchange World::Process(const net::HttpRequest& request, const Route& route, LoggedRequest& entry) {
  const auto fault = faults_.Match(route.service, request.method, entry.target);
  Exchange exchange;
  if (fault) {
    entry.fault = ToString(fault->kind);
    exchange.outcome = OutcomeOf(fault->kind);
    exchange.delay = std::chrono::milliseconds(fault->delay_ms);
    if (MeansNotSent(fault->kind)) return exchange;
  }
  if (fault && fault->kind == FaultKind::status) {
    exchange.response = FaultAnswer(*fault, route.service, ClockOf(route.service));
  } else {
    entry.processed = true;
    exchange.response = route.handler->Handle(request);
    entry.service_status = exchange.response.status;
    if (fault) exchange.response = Damage(fault->kind, std::move(exchange.response));
  }
  if (!net::FindHeader(exchange.response.headers, "Date"))
    exchange.response.headers.emplace_back("Date", FormatHttpDate(ClockOf(route.service)));
  entry.status = exchange.outcome == Exchange::Outcome::dropped ? 0 : exchange.response.status;
  entry.etag = net::FindHeader(exchange.response.headers, "ETag").value_or("");
  if (request.method != "GET" && !IsSignIn(route.service)) entry.answer = exchange.response.body;
  return exchange;
}

Instant World::ClockOf(std::string_view service) const {
  if (service == "referrals") return clock_.Now() + std::chrono::seconds(switches_.clock_offset_s);
  if (service == "dataverse") return clock_.Now() + dataverse_->switches().clock_offset;
  if (service == "salesforce") return clock_.Now() + salesforce_->world().switches().clock_offset;
  return clock_.Now();
}

net::HttpTransport& World::Transport() { return *transport_; }

void World::Advance() {
  const auto lock = Lock();
  engagements_->Advance();
}

int World::Deliver(const Outgoing& outgoing) {
  Advance();
  std::vector<EventQueue::Outbound> due;
  {
    const auto lock = Lock();
    due = events_->TakeDue();
  }
  for (const EventQueue::Outbound& out : due) {
    const int status = outgoing(out.url, out.headers, out.body).status;
    const auto lock = Lock();
    events_->Report(out.sequence, status);
  }
  return static_cast<int>(due.size()) + DeliverPushes(outgoing) + DeliverMessages(outgoing);
}

int World::DeliverPushes(const Outgoing& outgoing) {
  const auto lock = Lock();
  const auto send = [&](const std::string& url, const net::Headers& headers,
                        const std::string& body) { return outgoing(url, headers, body).status; };
  const PushReport pushed = dataverse_->PumpPushes(send);
  return static_cast<int>(pushed.delivered + pushed.failed);
}

// The receiver may ask the organisation back, so the world is open while a message is on its way.
int World::DeliverMessages(const Outgoing& outgoing) {
  auto lock = Lock();
  int attempts = 0;
  salesforce_->world().Settle();
  salesforce_->messages().Pump(
      [&](const std::string& url, const net::Headers& headers, const std::string& body) {
        lock.unlock();
        const OutgoingAnswer answer = outgoing(url, headers, body);
        lock.lock();
        ++attempts;
        return OutboundMessages::Answer{answer.status, answer.body};
      });
  return attempts;
}

std::optional<Instant> World::NextDue() const {
  const auto lock = Lock();
  std::optional<Instant> next = engagements_->NextDue();
  for (const auto& other :
       {events_->NextDue(), dataverse_->NextPushDue(), salesforce_->world().NextCommitDue(),
        salesforce_->messages().NextDue()})
    if (other && (!next || *other < *next)) next = other;
  return next;
}

Result<std::string> World::PersonCreates(const std::string& referral) {
  const auto lock = Lock();
  const auto body = Parsed(referral);
  return body ? engagements_->Create(*body, Actor::person) : body.error();
}

Status World::PersonEdits(const std::string& id, const std::string& patch) {
  const auto lock = Lock();
  const auto operations = Parsed(patch);
  if (!operations) return operations.error();
  return engagements_->Patch(id, *operations, "", Actor::person);
}

Status World::PersonMoves(const std::string& id, std::string_view status,
                          std::string_view substatus, const std::string& reason) {
  const auto lock = Lock();
  return engagements_->Move(id, status, substatus, reason, Actor::person);
}

Result<std::string> World::MicrosoftSends(const std::string& referral) {
  const auto lock = Lock();
  const auto body = Parsed(referral);
  return body ? engagements_->CreateIncoming(*body) : body.error();
}

Status World::MicrosoftDecides(const std::string& id, const std::string& decision, int after_s) {
  const auto lock = Lock();
  const Status planned = engagements_->PlanMicrosoft(id, decision, after_s);
  engagements_->Advance();
  return planned;
}

Status World::Expire(const std::string& id) {
  const auto lock = Lock();
  return engagements_->Move(id, "Closed", "Expired", "", Actor::server);
}

void World::PutReferral(const std::string& referral) {
  const auto lock = Lock();
  engagements_->Seed(Json::parse(referral));
}

std::string World::Referral(const std::string& id) const {
  const auto lock = Lock();
  const StoredReferral* referral = engagements_->store().Find(id);
  return referral == nullptr ? "" : referral->body.dump();
}

std::string World::ReferralVersion(const std::string& id) const {
  const auto lock = Lock();
  const StoredReferral* referral = engagements_->store().Find(id);
  return referral == nullptr ? "" : TextAt(referral->body, "eTag");
}

std::vector<std::string> World::ReferralIds() const {
  const auto lock = Lock();
  std::vector<std::string> ids;
  for (const StoredReferral* referral : engagements_->store().Sorted(ReferralStore::Order::id))
    ids.push_back(referral->id());
  return ids;
}

std::vector<std::string> World::EngagementIds(const std::string& engagement_id) const {
  const auto lock = Lock();
  std::vector<std::string> ids;
  for (const StoredReferral* referral : engagements_->store().Engagement(engagement_id))
    ids.push_back(referral->id());
  return ids;
}

std::vector<std::string> World::OwnReferralsOf(const std::string& external_reference_id) const {
  const auto lock = Lock();
  std::vector<std::string> ids;
  for (const StoredReferral* referral : engagements_->store().Sorted(ReferralStore::Order::id))
    if (referral->organization() == options_.identities.organization_id &&
        TextAt(referral->body, "externalReferenceId") == external_reference_id)
      ids.push_back(referral->id());
  return ids;
}

std::string World::NewRefreshToken() {
  const auto lock = Lock();
  return entra_->IssueRefreshToken(options_.identities.partner_client_id,
                                   options_.identities.user_name, true);
}

CrmDesk& World::desk(CrmProduct product) {
  return product == CrmProduct::salesforce ? salesforce_->desk() : *dataverse_desk_;
}

void World::Reset() {
  const auto lock = Lock();
  engagements_->Clear();
  events_->Clear();
  registration_->Clear();
  log_.Clear();
  faults_.Clear();
  switches_ = Switches{};
  MakeDataverse();
  MakeSalesforce();
}

}  // namespace cosell::sandbox
