#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What Salesforce's answers say, whatever shape they say it in (contract salesforce.md sections
// 3.5, 12.1 and 14.3). Pure functions; nothing here decides what an answer means.
namespace cosell::salesforce {

// A record a duplicate rule has found.
struct MatchedRecord {
  std::string type;  // "Account"
  std::string id;    // 18 characters
};

// One error of an answer. `code` is never empty for a parsed one.
struct Fault {
  std::string code;  // errorCode, statusCode or error
  std::string message;
  std::vector<std::string> fields;
  std::vector<MatchedRecord> matches;  // DUPLICATES_DETECTED; in the server's order
};

// The errors of a body: an array of {errorCode}, an object with error, errorCode or message. Empty
// for HTML, cut JSON, and anything else.
std::vector<Fault> ParseFaults(std::string_view body);

// What became of one record of a write.
struct SaveResult {
  std::string id;  // 18 characters; empty where the answer names none
  bool success = false;
  std::optional<bool> created;  // upserts say so
  std::vector<Fault> faults;
};

// The answer to a single create or upsert. Nothing when it is not one.
std::optional<SaveResult> ParseSaveResult(std::string_view body);
// The answer to a collection, in the order of the request. Nothing when it is not one.
std::optional<std::vector<SaveResult>> ParseSaveResults(std::string_view body);

// The number of records a 300 lists (section 8).
std::size_t CountChoices(std::string_view body);

}  // namespace cosell::salesforce
