#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "app/clients.h"
#include "app/ground.h"
#include "engine/engine.h"
#include "webhook/receiver.h"

namespace cosell::app {

// One Partner Center account paired with one CRM organisation, built from its configuration:
// tokens, clients, engine and receivers. The parts live and die together. Threads: the accessors
// are safe from any thread; what they return says its own rule.
class Connection {
 public:
  // invalid_input names what in the configuration cannot work (mapping file, CA file, conflict
  // policy of an unknown field).
  using CallObserver = Clients::CallObserver;
  // `on_call` hears of every remote call, from any thread; may be empty.
  static Result<std::unique_ptr<Connection>> Make(const ConnectionConfig& config,
                                                  const Ground& ground, CallObserver on_call);
  ~Connection();

  const ConnectionConfig& config() const { return config_; }
  Engine& engine() { return *engine_; }
  WebhookRegistrar& registrar() { return clients_->registrar(); }
  const Mapping& mapping() const { return mapping_; }

  // Who takes what `source` sends: "partner_center" or the kind of the connection's CRM. Null for
  // another CRM's kind, and when the connection takes no CRM notifications or their key cannot be
  // read.
  webhook::Receiver* ReceiverOf(std::string_view source);

  // Logs what a round did, when it did or failed something.
  void NoteRound(const RoundResult& result);

  // Ends the engine's loop and every WaitForStop.
  void Stop();
  bool stopping() const;
  // Returns when the time has passed or the connection is stopped.
  void WaitForStop(std::chrono::seconds time);

 private:
  Connection(const ConnectionConfig& config, const Ground& ground, CallObserver on_call);
  void MakeClients();
  void MakeReceivers();
  void NoteShadow();
  Status MakeEngine();
  void NoteCertificate(const GapCertificate& certificate);
  Result<Policy> MakePolicy() const;

  ConnectionConfig config_;
  Ground ground_;
  CallObserver on_call_;
  Mapping mapping_;
  mutable std::mutex stop_mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::string last_trouble_;                // engine thread only
  std::optional<Instant> shadow_noted_at_;  // likewise
  std::unique_ptr<Clients> clients_;
  std::unique_ptr<net::HttpTransport> certificate_transport_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<webhook::Receiver> referral_receiver_;
  std::unique_ptr<webhook::Receiver> crm_receiver_;
};

}  // namespace cosell::app
