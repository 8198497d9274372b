#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/sandbox/desk/crm_desk.h"
#include "tools/sandbox/world/faults.h"
#include "tools/simulation/fields.h"

// A history before it happens: what people, Microsoft, time, chance and the service do, in order.
// Values.
namespace cosell::simulation {

enum class Act {
  // People in the CRM, acting on `deal`.
  seller_opens,     // an opportunity; `amount` is a sum of the Opening bits
  seller_flags,     // Sync with Partner Center: Yes
  seller_unflags,   // and No
  seller_edits,     // `field` becomes `value`
  seller_holds,     // puts on hold
  seller_takes_up,  // in progress; reopens what is closed
  seller_wins,
  seller_loses,
  seller_deletes,
  seller_undeletes,         // out of the recycle bin
  seller_merges_customers,  // the customer of deal `amount` into that of `deal`
  seller_deletes_customer,
  rival_rewrites,  // an automation writes `field` again after each of the next `amount` rounds
  // Partner Center, acting on `deal`.
  microsoft_sends,  // a referral; `amount` is a sum of the Opening bits
  partner_edits,
  partner_accepts,
  partner_declines,
  partner_wins,
  partner_loses,
  microsoft_accepts,  // Microsoft's own referral of the deal
  microsoft_declines,
  referral_expires,
  // Time, and what the remote sides are like.
  time_passes,       // `amount` seconds
  second_strikes,    // the next whole second begins: stamps of what follows are equal
  our_clock_is_off,  // by `amount` seconds, from now on
  crm_clock_is_off,
  partner_clock_is_off,  // Partner Center's
  reads_lag,             // `amount` seconds, of referrals and their lists; 0: no longer
  pages_shift,           // lists come in pages of `amount`, counted by records; 0: no longer
  webhooks_get_lost,     // `amount` percent
  webhooks_double,       // `amount` percent
  webhooks_late,         // `amount` seconds, each
  webhooks_shuffle,      // each up to `amount` seconds
  pushes_get_lost,       // the CRM's own messages; 0: no longer, as with the next ones
  pushes_double,
  pushes_late,  // `amount` seconds, each
  pushes_shuffle,
  crm_commits_late,     // what people do there is visible `amount` seconds after its stamp
  crm_locks_rows,       // the next `amount` records written by the service are locked
  crm_forgets_changes,  // delta links expire
  // The service.
  poll,
  sweep,
  events,   // a round for what the inbox and the CRM's feed say
  deliver,  // webhooks that are due reach the receiver
  restart,
  lose_database,
  back_up,
  restore_backup,
};

// What an opening deal brings; bits of Step::amount.
enum Opening : int {
  kFlagged = 1,
  kOnHold = 2,
  kAsksHelp = 4,
  kLacksSolution = 8,
  kNoConsent = 16,
};

struct Step {
  int number = 0;  // 1.., stays when others are left out
  Act act = Act::poll;
  int deal = 0;
  Field field = Field::notes;
  std::string value{};
  int amount = 0;
  int during = 0;  // people: 0: at once; n: while the n-th request of the next round is under way
};

// Where something goes wrong while a step is carried out.
enum class Spot {
  remote,                    // `rule` is in force
  store_busy,                // the `nth` call to the file system, and until SQLite gives up
  store_full,                // the `nth` write to a file
  store_broken,              // likewise: an I/O error
  crash_before_send,         // of the `nth` remote write
  crash_after_effect,        // it happened, the answer never arrives
  crash_after_answer,        // the answer is there, nothing was recorded
  crash_after_commit,        // right after it was recorded
  crash_before_store_write,  // of the `nth` durable write
  crash_after_store_write,
};

struct Trouble {
  int number = 0;  // counted on after the steps
  int step = 0;    // Step::number
  Spot spot = Spot::remote;
  int nth = 1;
  sandbox::FaultRule rule{};  // its service may be one of the words below
};
// Whichever CRM it is, and where the service signs in for either side.
inline constexpr char kCrmService[] = "crm";
inline constexpr char kCrmSignIn[] = "the sign-in of the CRM";
inline constexpr char kPartnerSignIn[] = "the sign-in of Partner Center";

struct Script {
  std::uint64_t seed = 0;
  sandbox::CrmProduct product = sandbox::CrmProduct::dynamics365;
  std::vector<Step> steps;
  std::vector<Trouble> troubles;
  bool lost_at_rest = false;     // the database is lost once more when everything is done
  bool arrives_at_rest = false;  // before that, TellArrivals
};

bool IsRound(Act act);

// Every number that stands in the script, steps and troubles alike.
std::set<int> Numbers(const Script& script);
// The script without the other numbers; a trouble goes with its step.
Script Keep(const Script& script, const std::set<int>& numbers);

// One line for a person, without its number: "the seller sets notes of deal 1 to 'x'".
std::string Describe(const Step& step);
std::string Describe(const Trouble& trouble);
// The whole script, a line per step and per trouble below it.
std::string Describe(const Script& script);

}  // namespace cosell::simulation
