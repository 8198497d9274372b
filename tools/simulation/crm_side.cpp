#include "tools/simulation/crm_side.h"

#include <algorithm>

#include "base/text.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/world/salesforce_side.h"

namespace cosell::simulation {
namespace {

using sandbox::CrmProduct;
using std::chrono::seconds;

template <typename Journal, typename KindOf>
std::vector<CrmWriteDone> ByApi(const Journal& journal, KindOf&& kind_of) {
  std::vector<CrmWriteDone> done;
  for (const auto& write : journal) {
    if (write.by_api) done.push_back({kind_of(write), write.id});
  }
  return done;
}

template <typename Journal>
bool HasChangeByPeople(const Journal& journal, const std::string& id) {
  return std::any_of(journal.begin(), journal.end(),
                     [&](const auto& write) { return !write.by_api && write.id == id; });
}

void DisturbMessages(sandbox::CrmDesk& desk, const Step& step) {
  auto how = desk.notifications();
  switch (step.act) {
    case Act::pushes_get_lost:
      how.lost = step.amount != 0;
      break;
    case Act::pushes_double:
      how.twice = step.amount != 0;
      break;
    case Act::pushes_late:
      how.delay = seconds(step.amount);
      break;
    default:
      how.shuffled = step.amount != 0;
  }
  desk.SetNotifications(how);
}

void SetClock(sandbox::World& world, CrmProduct product, seconds offset) {
  if (product == CrmProduct::salesforce) {
    world.salesforce().world().switches().clock_offset = offset;
  } else {
    world.dataverse().switches().clock_offset = offset;
  }
}

}  // namespace

std::vector<CrmWriteDone> CrmWritesDone(sandbox::World& world, CrmProduct product) {
  if (product == CrmProduct::salesforce)
    return ByApi(world.salesforce().world().journal(),
                 [](const auto& write) { return ToLower(write.object); });
  return ByApi(world.dataverse().journal(), [](const auto& write) { return write.table; });
}

bool IsChangedByPeople(sandbox::World& world, CrmProduct product, const std::string& id) {
  return product == CrmProduct::salesforce
             ? HasChangeByPeople(world.salesforce().world().journal(), id)
             : HasChangeByPeople(world.dataverse().journal(), id);
}

std::size_t CrmChangesSoFar(sandbox::World& world, CrmProduct product) {
  return product == CrmProduct::salesforce ? world.salesforce().world().journal().size()
                                           : world.dataverse().journal().size();
}

void SubscribeToCrm(sandbox::World& world, CrmProduct product, const std::string& url,
                    const std::string& key) {
  if (product == CrmProduct::salesforce)
    return world.salesforce().Subscribe(url + "salesforce?key=" + key);
  sandbox::PushSubscription subscription;
  subscription.url = url + "dynamics365";
  subscription.key = key;
  world.dataverse().Subscribe(std::move(subscription));
}

void DisturbCrm(sandbox::World& world, CrmProduct product, const Step& step) {
  switch (step.act) {
    case Act::crm_clock_is_off:
      return SetClock(world, product, seconds(step.amount));
    case Act::crm_commits_late:
      world.salesforce().world().switches().commit_delay = seconds(step.amount);
      return;
    case Act::crm_locks_rows:
      world.salesforce().world().switches().lock_errors = step.amount;
      return;
    case Act::crm_forgets_changes:
      return world.desk(product).ForgetChanges();
    default:
      DisturbMessages(world.desk(product), step);
  }
}

void CalmCrm(sandbox::World& world, CrmProduct product) {
  world.desk(product).SetNotifications({});
  auto& salesforce = world.salesforce().world().switches();
  salesforce.commit_delay = seconds(0);
  salesforce.lock_errors = 0;
}

std::string CrmSignInService(CrmProduct product) {
  return product == CrmProduct::salesforce ? "salesforce_login" : "entra";
}

}  // namespace cosell::simulation
