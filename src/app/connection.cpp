#include "app/connection.h"

#include <stdexcept>

#include "app/mapping_source.h"
#include "webhook/dataverse_push_receiver.h"
#include "webhook/partner_center_receiver.h"
#include "webhook/salesforce_receiver.h"

namespace cosell::app {
namespace {

// A signing certificate is a few KiB and comes from a host that answers at once, or not at all.
constexpr std::chrono::seconds kCertificateTimeout{5};
constexpr std::chrono::hours kShadowNoteEvery{24};
constexpr std::size_t kCertificateBytesMax = 256 * 1024;

cosell::ConflictPolicy ToPlanPolicy(ConflictPolicy policy) {
  return ConflictPolicyFromText(ToString(policy)).value();
}

}  // namespace

Connection::Connection(const ConnectionConfig& config, const Ground& ground, CallObserver on_call)
    : config_(config), ground_(ground), on_call_(std::move(on_call)) {}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::Make(const ConnectionConfig& config,
                                                     const Ground& ground, CallObserver on_call) {
  std::unique_ptr<Connection> connection(new Connection(config, ground, std::move(on_call)));
  auto mapping = LoadMapping(config);
  if (!mapping) return mapping.error();
  connection->mapping_ = std::move(*mapping);
  try {
    connection->MakeClients();
    connection->MakeReceivers();
  } catch (const std::invalid_argument& error) {
    return Error{ErrorKind::invalid_input, "connection " + config.name.text + ": " + error.what()};
  }
  if (const auto made = connection->MakeEngine(); !made) return made.error();
  return connection;
}

void Connection::MakeClients() {
  const ClientGround ground{ground_.config, ground_.secrets, ground_.clock, ground_.random,
                            ground_.log};
  clients_ = std::make_unique<Clients>(config_, ground, on_call_);
}

void Connection::MakeReceivers() {
  net::HttpsOptions options = TransportOptions(ground_.config);
  options.timeout = kCertificateTimeout;
  options.deadline = kCertificateTimeout * 2;
  options.body_bytes_max = kCertificateBytesMax;
  certificate_transport_ = net::MakeHttpsTransport(options, /*allow_plain_http=*/true);
  const auto wake = [this] { engine_->Wake(); };
  referral_receiver_ = std::make_unique<webhook::PartnerCenterReceiver>(
      webhook::PartnerCenterOptions{config_.name, config_.partner_center.webhook.certificate_hosts,
                                    config_.partner_center.webhook.issuer_organization,
                                    config_.partner_center.webhook.ca_files},
      ground_.store, *certificate_transport_, ground_.clock, wake,
      [this](const webhook::TestEvent&) {
        ground_.log.Info("Partner Center's test event has arrived",
                         {{"connection", config_.name.text}});
      });
  if (config_.crm.push_key.empty()) return;
  const auto key = ground_.secrets.Read(config_.crm.push_key);
  if (!key) {
    ground_.log.Warning("CRM notifications are off: their key cannot be read",
                        {{"connection", config_.name.text}, {"error", key.error().message}});
    return;
  }
  if (config_.crm.kind == CrmKind::salesforce) {
    webhook::SalesforcePushOptions outbound;
    outbound.connection = config_.name;
    outbound.key = *key;
    outbound.organization_id = [this]() -> Result<std::string> {
      const auto schema = clients_->crm().Describe(false);
      if (!schema) return schema.error();
      return schema->organization_id;
    };
    crm_receiver_ =
        std::make_unique<webhook::SalesforceReceiver>(outbound, ground_.store, ground_.clock, wake);
    return;
  }
  webhook::DataversePushOptions push;
  push.connection = config_.name;
  push.key = *key;
  crm_receiver_ =
      std::make_unique<webhook::DataversePushReceiver>(push, ground_.store, ground_.clock, wake);
}

webhook::Receiver* Connection::ReceiverOf(std::string_view source) {
  if (source == "partner_center") return referral_receiver_.get();
  return source == ToString(config_.crm.kind) ? crm_receiver_.get() : nullptr;
}

Result<Policy> Connection::MakePolicy() const {
  Policy policy;
  policy.conflict = ToPlanPolicy(config_.conflicts.otherwise);
  policy.on_reopen =
      config_.deletion.on_reopen == ReopenPolicy::unlink ? OnReopen::unlink : OnReopen::reclose;
  policy.TakeFrom(mapping_);
  for (const auto& [field, choice] : config_.conflicts.fields) {
    if (!mapping_.Find(field)) {
      return Error{ErrorKind::invalid_input, "connection " + config_.name.text + ": conflicts." +
                                                 field +
                                                 " names no mapped field; correct it or remove it"};
    }
    policy.by_field[field] = ToPlanPolicy(choice);
  }
  return policy;
}

Status Connection::MakeEngine() {
  const auto policy = MakePolicy();
  if (!policy) return policy.error();
  EngineOptions options;
  options.connection = config_.name;
  options.shadow = config_.shadow;
  options.policy = *policy;
  options.leads = config_.crm.leads();
  options.poll_interval = config_.schedule.poll_interval;
  options.sweep_interval = config_.schedule.sweep_interval;
  options.change_ratio_max = config_.safety.change_ratio_max;
  options.first_share_count_max = static_cast<std::size_t>(config_.safety.first_share_count_max);
  auto& [config, store, secrets, clock, random, executor, log] = ground_;
  engine_ = std::make_unique<Engine>(
      options, mapping_,
      MappingOptions{config_.partner_center.referral_link_template, config_.crm.mark},
      Engine::World{clients_->partner_center(), clients_->crm(), store, clock, random, executor,
                    log});
  return Done{};
}

void Connection::NoteRound(const RoundResult& result) {
  const std::string& name = config_.name.text;
  if (result.reason != last_trouble_) {
    if (!result.reason.empty()) {
      ground_.log.Warning(
          result.broken ? "the connection is paused" : "the connection waits for a person",
          {{"connection", name}, {"reason", result.reason}});
    } else {
      ground_.log.Info("the connection works again", {{"connection", name}});
    }
    last_trouble_ = result.reason;
  }
  if (config_.shadow && !result.broken) NoteShadow();
  if (result.certificate) NoteCertificate(*result.certificate);
  if (result.run.written + result.run.failed == 0) return;
  ground_.log.Info("round", {{"connection", name},
                             {"kind", result.run.kind},
                             {"read", std::to_string(result.run.read)},
                             {"written", std::to_string(result.run.written)},
                             {"failed", std::to_string(result.run.failed)},
                             {"conflicts", std::to_string(result.run.conflicts)}});
}

// Once a day, and at the start: nobody should take a shadow for the thing.
void Connection::NoteShadow() {
  const Instant now = ground_.clock.Now();
  if (shadow_noted_at_ && now - *shadow_noted_at_ < kShadowNoteEvery) return;
  shadow_noted_at_ = now;
  for (const ConnectionStatus& status : ground_.store.Status(now)) {
    if (status.name.text != config_.name.text) continue;
    const auto count = [&](const char* state) {
      const auto found = status.links_by_state.find(state);
      return std::to_string(found == status.links_by_state.end() ? 0 : found->second);
    };
    ground_.log.Info(
        "shadow mode: both sides are read and nothing is written; `cosell-sync plan` shows what "
        "would be",
        {{"connection", config_.name.text},
         {"would_change", count("pending")},
         {"in_sync", count("in_sync")},
         {"waiting", count("waiting")},
         {"conflicts", std::to_string(status.open_conflicts)}});
  }
}

// Its text goes to the log as one line, its numbers stay in the view gap_certificates.
void Connection::NoteCertificate(const GapCertificate& certificate) {
  const GapCounts& counts = certificate.counts;
  const auto text = [](std::int64_t n) { return std::to_string(n); };
  ground_.log.Info(
      "gap certificate",
      {{"connection", config_.name.text},
       {"certificate", text(certificate.id)},
       {"cause", certificate.gap.cause},
       {"from", certificate.gap.from_at ? FormatSeconds(*certificate.gap.from_at) : "unknown"},
       {"until", FormatSeconds(certificate.gap.read_at.value_or(certificate.closed_at))},
       {"found", text(counts.found())},
       {"events_missing", text(counts.events_missing)},
       {"pairs", text(counts.links)},
       {"made_equal", text(counts.written)},
       {"for_a_person", text(counts.conflicting + counts.set_aside)},
       {"bases_in_doubt", text(certificate.doubted)}});
}

void Connection::Stop() {
  engine_->Stop();
  const std::lock_guard guard(stop_mutex_);
  stop_ = true;
  stopped_.notify_all();
}

bool Connection::stopping() const {
  const std::lock_guard guard(stop_mutex_);
  return stop_;
}

void Connection::WaitForStop(std::chrono::seconds time) {
  std::unique_lock guard(stop_mutex_);
  stopped_.wait_for(guard, time, [&] { return stop_; });
}

}  // namespace cosell::app
