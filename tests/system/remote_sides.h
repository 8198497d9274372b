#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "net/http.h"

namespace cosell::system_test {

using Json = nlohmann::json;

// A deal as a seller enters it in the CRM: complete, not flagged yet.
struct Deal {
  std::string name;
  std::string account = "Northwind Traders AB";
  std::string country = "SE";
  double value = 12'000;  // 0: none
  std::string closing_date = "2027-03-15";
  std::string products = "SOL-90210-QWK";  // empty: none
  bool help = false;                       // Quotes or Licensing
  bool contact = true;
  bool sync = false;
};

// What people do in Partner Center and in Dynamics, and what can be seen there: the control API of
// a running cosell-sandbox, over TLS. Refusals fail the test and are thrown as std::runtime_error.
class RemoteSides {
 public:
  // `settings` is the sandbox's sandbox.json.
  explicit RemoteSides(Json settings);
  ~RemoteSides();

  const Json& settings() const { return settings_; }
  std::string service_url() const { return settings_["urls"]["cosell_sync"]; }
  // For requests of one's own, trusting the sandbox's CA alone beside the system's.
  net::HttpTransport& transport() { return *transport_; }

  // --- Partner Center
  std::string MicrosoftSends(const std::string& name);
  std::string MicrosoftSendsLead(const std::string& name);
  Json Referral(const std::string& id);
  std::vector<Json> Referrals();  // the telling members of all parties' referrals
  void PartnerSets(const std::string& id, const std::string& pointer, const Json& value);
  // "accept", "win", "lose", "decline", "expire"
  void PartnerMoves(const std::string& id, const std::string& action);
  // Our own referrals that name this opportunity.
  std::vector<std::string> ReferralsOf(const std::string& opportunity);
  std::string ReferralOf(const std::string& opportunity);  // the only one; empty: none
  // Microsoft's referral of the same deal; empty: none.
  std::string ConnectedReferralOf(const std::string& referral);

  // --- Dynamics
  std::string SellerOpens(const Deal& deal);
  void SellerSets(const std::string& id, const Json& columns);
  void SellerSetsAccount(const std::string& id, const Json& columns);
  void SellerFlags(const std::string& id) {
    SellerSets(id, {{"msft_syncwithpartnercenter", true}});
  }
  void SellerWins(const std::string& id);
  void SellerLoses(const std::string& id);
  std::vector<Json> Rows(const std::string& set);
  Json Row(const std::string& set, const std::string& id);
  std::string Crm(const std::string& id, const std::string& column);  // of an opportunity
  // Opportunities that carry this referral identifier.
  std::vector<std::string> OpportunitiesOf(const std::string& referral);
  std::string OpportunityOf(const std::string& referral);  // the only one; empty: none

  // --- Faults and facts
  // Any call of the control API: `path` is below /sandbox/v1.
  Json Ask(const std::string& method, const std::string& path, const Json& body = nullptr);
  void Switch(const Json& switches) { Ask("PATCH", "/switches", switches); }
  void SwitchCrm(const Json& switches) { Ask("PATCH", "/dataverse/switches", switches); }
  void LoseAllEvents();
  void Break(const Json& fault) { Ask("POST", "/faults", fault); }
  void Repair() { Ask("DELETE", "/faults"); }
  Json Overview() { return Ask("GET", ""); }
  Json Deliveries() { return Ask("GET", "/deliveries"); }
  // Requests the emulated services saw after that one, as the sandbox logs them.
  std::vector<Json> Log(const std::string& service, std::int64_t after = 0,
                        const std::string& method = "");
  std::int64_t LastRequest() { return Overview()["requests"]; }
  // Writes that reached either side, each part of a batch counted.
  int Writes();
  // So that stamps of the remote machines differ.
  void LetTimePass(std::chrono::milliseconds time);

 private:
  std::string Create(const std::string& set, const Json& columns);
  std::string CurrencyId();
  std::string CustomerContact(const Deal& deal, const std::string& account);

  Json settings_;
  std::unique_ptr<net::HttpTransport> transport_;
  std::string currency_id_;
};

}  // namespace cosell::system_test
