#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/answers.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/rest.h"
#include "ports/crm.h"

// Writes (contract salesforce.md sections 7, 8 and 12.1). A record that somebody else holds locked
// is tried again in place for a quarter of a minute, alone of its collection.
namespace cosell::salesforce {

constexpr const char* kCollections = "/composite/sobjects";

// What became of one record.
struct RowOutcome {
  std::string id;               // empty where the answer names none
  std::optional<bool> created;  // upserts
  std::optional<Error> error;   // nothing when it was written
  std::optional<Fault> fault;   // what the server said, if it did
  std::int64_t duration_ms = 0;
};

// One kind of write on many records.
struct CollectionCall {
  std::string method;  // POST creates, PATCH updates or upserts
  std::string path;    // kCollections, or ".../Opportunity/<field>" to upsert
  net::Headers headers;
  Purpose purpose = Purpose::update;
  std::string what;         // for a person: "update of opportunities"
  std::string correlation;  // of one of the writes; may be empty
};

// One outcome per record of `records` (JSON objects), in order; 200 to a call, each on its own. An
// answer that is lost or cut leaves the outcome of its records unknown. After a failure that the
// next call would meet as well (sign-in, limits, network) nothing more is sent.
std::vector<RowOutcome> RunCollection(Rest& rest, const CollectionCall& call,
                                      const std::vector<std::string>& records);

// Deletes records of one object, 200 to a call; one outcome per id, in order.
std::vector<RowOutcome> RunDeletes(Rest& rest, const std::vector<std::string>& ids,
                                   const std::string& what);

// A write of its own. Any answer is a value.
struct Single {
  Result<net::ApiAnswer> answer;
  std::int64_t duration_ms = 0;
};
Single RunSingle(Rest& rest, const Request& request);

// The outcome of a write of its own that answers with a save result, or with nothing (204).
RowOutcome ToOutcome(const Single& single, Purpose purpose, const std::string& what);

// The audit's line of one remote write: done when there is no error, else with the remote's code,
// or the kind of failure where the remote gave none.
PerformedWrite Performed(const std::string& record_kind, const std::string& record_id,
                         const std::string& operation, const RowOutcome& outcome);

}  // namespace cosell::salesforce
