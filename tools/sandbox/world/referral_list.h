#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/odata_filter.h"
#include "tools/sandbox/world/referral_store.h"
#include "tools/sandbox/world/switches.h"

namespace cosell::sandbox {

// One page of GET /referrals before it is written out.
struct ReferralListPage {
  std::vector<Json> referrals;      // as visible to the reader, with $select applied
  std::vector<std::string> select;  // empty: all members
  std::size_t total = 0;            // all records that match
  std::string next_token;           // empty on the last page
};

// Queries and paging of GET /referrals (contract partner-center.md 3.3): options, order, page
// tokens that expire. Single-threaded.
class ReferralList {
 public:
  ReferralList(Clock& clock, Random& random, const Switches& switches)
      : clock_(clock), random_(random), switches_(switches) {}

  // Whether the caller may see a referral at all.
  using Scope = std::function<bool(const StoredReferral&)>;

  // `options` are the decoded query options. refused for anything outside the grammar; the kind is
  // cursor_expired for a page token that is unknown or too old.
  Result<ReferralListPage> Page(const ReferralStore& store,
                                const std::map<std::string, std::string>& options,
                                const Scope& scope);

 private:
  struct Query {
    std::shared_ptr<const Filter> filter;  // null: everything
    ReferralStore::Order order = ReferralStore::Order::id;
    bool descending = false;
    std::vector<std::string> select;
    std::size_t page_size = 100;
    std::size_t skip = 0;
  };
  struct Continuation {
    Query query;
    std::size_t offset = 0;  // records already given, for page_by_offset
    Instant last_at;         // sort key and id of the last record given
    std::string last_id;
    Instant issued_at;
  };
  Result<Query> Parse(const std::map<std::string, std::string>& options) const;
  ReferralListPage Fill(const ReferralStore& store, Continuation from, const Scope& scope);
  std::string NewToken(Continuation continuation);

  Clock& clock_;
  Random& random_;
  const Switches& switches_;
  std::map<std::string, Continuation> tokens_;
};

}  // namespace cosell::sandbox
