#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace cosell {

// One thing that a CRM organisation lacks (contract cosell-field-mapping.md section 3). A value.
struct SetupStep {
  std::string id;      // stable: the same thing has the same id in the next plan
  std::string object;  // "opportunity", "Lead"; empty for the organisation as a whole
  std::string name;    // the CRM's own name of what is made
  std::string text;    // what it is, for a person: "Audit: multi-line text of 100,000 characters"
  // Why we cannot make it, and the mend; empty when we can.
  std::string obstacle{};
};

// One prerequisite, looked at or not to be seen from here.
struct SetupFinding {
  enum class Kind { ok, hint, problem };
  Kind kind = Kind::hint;  // hint: a person has to look
  std::string subject;     // "privileges"
  std::string text;
};

struct Inspection {
  std::vector<SetupFinding> findings;
  std::optional<std::chrono::milliseconds> clock_offset{};  // our clock minus the CRM's
};

// Getting a CRM organisation ready for co-sell: for the commands `crm prepare` and `check`, never
// for the daemon. One instance per connection, used from one thread; blocks until answered. Errors
// every method can give: unauthorized, forbidden (with the role or permission that is missing),
// throttled, unreachable, unavailable, invalid_response. No method throws.
class CrmSetup {
 public:
  virtual ~CrmSetup() = default;

  // What is lacking, in the order in which it is to be made. Reads only.
  virtual Result<std::vector<SetupStep>> Plan() = 0;
  // Makes one step of the last plan that has no obstacle. refused, with the CRM's words, when it
  // says no; unknown_outcome when no answer arrived: the next plan knows. Never repeated by itself.
  virtual Status Make(const SetupStep& step) = 0;
  // Puts into force what was made. To be called once, after the last step that succeeded.
  virtual Status Publish() = 0;
  // What a person still has to do in the CRM by hand, a sentence each.
  virtual std::vector<std::string> Handwork() const = 0;

  // What can be asked of the CRM beyond its columns: our user's rights, the clock, the solutions
  // catalogue; and what cannot be asked, as hints. Reads only.
  virtual Result<Inspection> Inspect() = 0;
};

}  // namespace cosell
