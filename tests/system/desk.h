#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "system/remote_sides.h"

namespace cosell::system_test {

// What sellers do in the CRM of a running sandbox, whichever it is, in the desk's words
// (tools/sandbox/desk/desk_control.h).
class Desk {
 public:
  explicit Desk(RemoteSides& remote) : remote_(remote) {}

  // The only one that carries this referral; empty: none.
  std::string OpportunityOf(const std::string& referral) { return Of("opportunities", referral); }
  std::string LeadOf(const std::string& referral) { return Of("leads", referral); }

  std::string Value(const std::string& id, const std::string& word) {
    return remote_.Ask("GET", "/crm/opportunities/" + id).value(word, "");
  }
  void Set(const std::string& id, const Json& words) {
    remote_.Ask("PATCH", "/crm/opportunities/" + id, words);
  }
  std::string Open(const Json& words) {
    return remote_.Ask("POST", "/crm/opportunities", words)["id"];
  }
  // on_hold, in_progress, won, lost, cancelled
  void Move(const std::string& id, const std::string& state) {
    remote_.Ask("POST", "/crm/opportunities/" + id + "/" + state, Json::object());
  }
  void SetSolutions(const std::string& id, const std::vector<std::string>& solutions) {
    remote_.Ask("PUT", "/crm/opportunities/" + id + "/solutions", {{"value", solutions}});
  }

  std::string LeadValue(const std::string& id, const std::string& word) {
    return remote_.Ask("GET", "/crm/leads/" + id).value(word, "");
  }
  void SetLead(const std::string& id, const Json& words) {
    remote_.Ask("PATCH", "/crm/leads/" + id, words);
  }
  // The opportunity it became.
  std::string Qualify(const std::string& id) {
    return remote_.Ask("POST", "/crm/leads/" + id + "/qualify",
                       {{"opportunity", true}})["opportunity"];
  }
  void Disqualify(const std::string& id) {
    remote_.Ask("POST", "/crm/leads/" + id + "/disqualify", Json::object());
  }

 private:
  std::string Of(const std::string& list, const std::string& referral) {
    std::string found;
    const Json all = remote_.Ask("GET", "/crm/" + list);
    for (const Json& row : all["value"]) {
      if (row["referral_id"] != referral) continue;
      EXPECT_TRUE(found.empty()) << "two " << list << " carry referral " << referral;
      found = row["id"];
    }
    return found;
  }

  RemoteSides& remote_;
};

}  // namespace cosell::system_test
