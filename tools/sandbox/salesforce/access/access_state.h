#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "tools/sandbox/salesforce/access/accounts.h"
#include "tools/sandbox/salesforce/access/directory.h"
#include "tools/sandbox/salesforce/access/session_store.h"

namespace cosell::sandbox {

// A refused OAuth request: {"error", "error_description"} (contract salesforce.md section 2.6).
struct OAuthRefusal {
  std::string error;
  std::string description;
};

// Refusals a test orders, by consumer key or user name.
class ForcedErrors {
 public:
  // `times` 0: until an empty `refusal.error` takes it back.
  void Set(std::string_view who, OAuthRefusal refusal, int times);
  // Uses one up.
  std::optional<OAuthRefusal> Take(std::string_view who);

 private:
  struct Forced {
    OAuthRefusal refusal;
    int times = 0;
  };
  std::map<std::string, Forced> by_name_;  // lower case
};

// What the endpoints of the sign-in side share. Single-threaded.
struct AccessState {
  AccessState(Clock& clock_to_use, Random& random, SalesforceAccessOptions options_to_use);

  Clock& clock;
  SalesforceAccessOptions options;
  SalesforceAccessSwitches switches;
  AccessDirectory directory;
  SessionStore sessions;
  ForcedErrors forced;
  SalesforceSignIns sign_ins;
};

}  // namespace cosell::sandbox
