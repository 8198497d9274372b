#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "tools/sandbox/desk/crm_desk.h"
#include "tools/sandbox/world/handler.h"

namespace cosell::sandbox {

// The control API of whichever CRM the sandbox shows, in the desk's words; JSON bodies and answers:
//
//   GET    opportunities                 {"value":[{"id":"..","referral_id":".."}]}
//   GET    opportunities/{id}            every word that has a value
//   POST   opportunities                 {"name":"..","account":"..","help":"..","sync":true,..}: a
//                                        complete deal, the named words replaced; {"id":".."}
//   PATCH  opportunities/{id}            words and plain values
//   PATCH  opportunities/{id}/account    name, city, postal_code, country
//   POST   opportunities/{id}/{state}    on_hold, in_progress, won, lost, cancelled
//   POST   opportunities/{id}/hand_over  {"to_owner_of":".."}: another deal's owner takes it
//   DELETE opportunities/{id}
//   GET    opportunities/{id}/solutions  {"value":["SOL-1"]}
//   PUT    opportunities/{id}/solutions  {"value":["SOL-1"]}: all of them
//   GET    leads                         {"value":[{"id":"..","referral_id":".."}]}
//   GET    leads/{id}                    every word that has a value
//   POST   leads                         words and plain values of a new lead; {"id":".."}
//   PATCH  leads/{id}                    words and plain values
//   POST   leads/{id}/qualify            {"opportunity":true}; {"opportunity":".."}, its id
//   POST   leads/{id}/disqualify
//   DELETE leads/{id}
//   PATCH  notifications                 {"lost":true}: the CRM's messages about changes
//   GET    writes                        {"service":12}: records the service has written
class DeskControl final : public Handler {
 public:
  // `desk` is asked for each request. `prefix` is where the routes begin; `clock` must outlive the
  // control.
  DeskControl(std::function<CrmDesk&()> desk, Clock& clock, std::string prefix)
      : desk_(std::move(desk)), clock_(clock), prefix_(std::move(prefix)) {}

  net::HttpResponse Handle(const net::HttpRequest& request) override;

 private:
  static net::HttpResponse Outcome(const Status& status);
  net::HttpResponse List();
  net::HttpResponse Show(const std::string& id);
  net::HttpResponse Open(const std::string& body);
  net::HttpResponse Act(const net::HttpRequest& request, const std::string& id,
                        const std::string& what);
  net::HttpResponse Solutions(const net::HttpRequest& request, const std::string& id);
  net::HttpResponse Leads(const net::HttpRequest& request);
  net::HttpResponse Lead(const net::HttpRequest& request, const std::string& id);
  net::HttpResponse ActOnLead(const net::HttpRequest& request, const std::string& id,
                              const std::string& what);

  std::function<CrmDesk&()> desk_;
  Clock& clock_;
  std::string prefix_;
};

}  // namespace cosell::sandbox
