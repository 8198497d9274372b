#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "crm/salesforce/answers.h"
#include "net/api_client.h"

// Salesforce's answers as Errors (contract salesforce.md section 14): decided on the code first,
// then on the status. The remote's own words are for the person at the record alone; they never
// stand in an Error of a kind whose message reaches a log (base/error.h, Summarize). Pure
// functions.
namespace cosell::salesforce {

// What was asked; the same answer means different things.
enum class Purpose { read, create, update };

constexpr std::string_view kInvalidField = "INVALID_FIELD";
constexpr std::string_view kInvalidLocator = "INVALID_QUERY_LOCATOR";
constexpr std::string_view kRowLocked = "UNABLE_TO_LOCK_ROW";
constexpr std::string_view kDuplicatesDetected = "DUPLICATES_DETECTED";

// How long to stay away when the organisation's daily calls are used up (section 14.2).
constexpr std::chrono::minutes kDailyLimitWait{15};

// The error one fault of an answer with this status stands for. `what` names what was attempted for
// a person ("update of opportunity 006..."). The remote's words are cut to 300 characters.
Error ErrorFromFault(const Fault& fault, int status, Purpose purpose, std::string_view what);

// The error an answer with a status of 300 or more stands for. Only for a write can the kind be
// unknown_outcome (5xx: it may have been done).
Error ErrorFromAnswer(const net::ApiAnswer& answer, Purpose purpose, std::string_view what);

// The same view on an error the API client reported.
Error ErrorFromClient(Error error, Purpose purpose, std::string_view what);

// 2xx with a body that is not what the contract says.
Error UnreadableAnswer(const net::ApiAnswer& answer, std::string_view what);

// Our own refusal, before anything was sent.
Error Refusal(std::string message);

// Whether somebody else held a record for a moment; the same write may succeed at once.
bool IsLocked(const Fault& fault);
// Whether the query ran too long and a smaller one may not.
bool IsTooSlow(const Error& error);

// Whether a failed write may have touched the remote record at all: certainly not when it never got
// there, or was turned away at the door.
bool WasAttempted(const Error& error);

}  // namespace cosell::salesforce
