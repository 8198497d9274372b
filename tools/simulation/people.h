#pragma once

#include <functional>
#include <map>
#include <string>

#include "tools/simulation/ledger.h"
#include "tools/simulation/script.h"

namespace cosell::simulation {

// Sellers, people in Partner Center, Microsoft and a rival automation, acting on the emulated
// remote sides and writing down what they did. What a side refuses, or what concerns a deal that
// is not there, simply does not happen. For one thread.
class People {
 public:
  People(sandbox::World& world, sandbox::CrmProduct product, Ledger& ledger)
      : world_(world), desk_(world.desk(product)), ledger_(ledger) {}

  // Requires one of the acts of people or Microsoft.
  void Do(const Step& step);
  // After a round: automations write their values again.
  void RivalsRewrite();
  // No automation writes any more.
  void RivalsRest() { rivals_.clear(); }

 private:
  struct Rival {
    Step step;
    int left = 0;
  };
  void Open(const Step& step);
  void Send(const Step& step);
  void SetSync(int deal, bool yes);
  void EditInCrm(const Step& step, Actor actor);
  void EditInPartnerCenter(const Step& step);
  void MoveInCrm(int deal, sandbox::SeedCrmState state);
  void MoveInPartnerCenter(int deal, const std::string& status, const std::string& substatus);
  // Carries out `remove` with the deal's id; whose opportunity is gone afterwards is noted.
  void Deleting(const std::function<Status(const std::string&)>& remove, int deal);
  void Undelete(int deal);
  void MergeCustomers(int deal, int other);
  void MicrosoftDecides(int deal, const std::string& decision);

  sandbox::World& world_;
  sandbox::CrmDesk& desk_;
  Ledger& ledger_;
  std::map<std::pair<int, Field>, Rival> rivals_;
};

}  // namespace cosell::simulation
