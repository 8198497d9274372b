#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/http.h"

// Plain values of the emulated Dataverse organisation: options, switches, seeds, and what tests may
// look at. Section numbers refer to the contract dynamics365.md unless said otherwise.
namespace cosell::sandbox {

// Fixed for the life of one organisation.
struct DataverseWorldOptions {
  std::string organization_name = "contoso";
  std::string base_currency = "EUR";  // ISO code; new rows without a currency get it (5.1)
  std::string prefix = "msft_";       // of the co-sell columns; their labels stay
  // Co-sell columns by name without prefix ("audit") that this organisation does not have.
  std::set<std::string> without_columns;
  // Other English labels, by name without prefix: a later release spells some differently
  // ("syncwithpartnercenter" -> "Sync With Partner Center").
  std::map<std::string, std::string> labels;
  bool lead_columns = true;  // whether the lead table has the co-sell columns too
  std::uint64_t first_version = 4'400'000;
  bool operator==(const DataverseWorldOptions&) const = default;
};

// What an organisation may do or not do; may be changed at any time. The defaults are the
// inconvenient reading of the contract.
struct DataverseSwitches {
  bool closed_rows_read_only = true;       // 6.1: Won and Lost rows refuse everything but reopening
  bool refuse_statecode_in_create = true;  // 5.1: else the member is ignored
  bool refuse_read_only_members = true;    // a never-writable column in a body: 400, else ignored
  bool alternate_key = false;              // 5.3: a key on the referral identifier
  // cosell-field-mapping.md 3.3: whether the tables Microsoft Solutions and Microsoft Solution
  // Details are there; else the Products text is all there is.
  bool solutions_table = false;
  // 6.5: a column mapping carries the co-sell columns from the lead to its opportunity.
  bool qualify_copies_cosell_columns = false;
  bool qualify_names_opportunity = true;  // 6.5: the lead names its opportunity, not only reversed
  bool change_tracking = true;            // 7
  std::chrono::hours change_tracking_retention{7 * 24};  // 7: ExpireChangeTrackingInDays
  bool expired_token_answers_410 = false;                // 7: else 400 with 0x80044352
  int duplicate_status = 412;                            // 5.4: 412 or 500, always with 0x80040333
  bool empty_error_codes = false;                        // 11: `code` is ""
  bool extra_members = false;                            // rows carry members nobody announced
  bool dates_as_timestamps = false;          // 3.2: DateOnly columns with the older behaviour
  bool crlf_memos = false;                   // multi-line text comes back with CRLF line ends
  bool other_language_first = true;          // 9: labels list another language before 1033
  bool application_user_missing = false;     // 1: 403 0x80072560
  std::set<std::string> missing_privileges;  // "prvWriteOpportunity": 403 0x80040220
  std::chrono::seconds clock_offset{0};      // the server's clock minus the world's

  // Push channel (12.2).
  std::chrono::milliseconds push_delay{0};  // from commit to the first attempt
  bool push_twice = false;                  // every context is delivered a second time
  bool push_shuffled = false;               // due contexts leave in random order
  bool push_oversized = false;              // contexts stripped as if over 256 KB
  bool push_lost = false;                   // contexts are made and never sent
};

// An answer forced upon coming operations; a batch is not an operation, its parts are (8, 10.1).
struct DataverseFault {
  int count = 1;  // how many operations it hits
  int status = 429;
  std::string code;  // "0x80072322"
  std::string message = "Injected fault.";
  std::optional<int> retry_after_s;
  std::string method;         // empty: any
  std::string path_contains;  // empty: any
  bool after_commit = false;  // the operation is performed, then its answer is replaced
};

// One committed write of one row, in order of commit.
struct ColumnChange {
  std::string column;                 // as a row is read: "name", "_parentaccountid_value"
  std::optional<std::string> before;  // plain text as in RowView; nothing for null
  std::optional<std::string> after;
  bool operator==(const ColumnChange&) const = default;
};
struct PerformedOperation {
  Instant at;
  bool by_api = false;  // by our application user; else by a person
  std::string user_id;
  std::string table;  // logical name: "opportunity"
  std::string id;
  std::string operation;              // "create", "update", "delete", "win", "lose", "qualify"
  std::vector<ColumnChange> changes;  // written columns, also those whose value stayed equal
  std::vector<std::string> ignored;   // members of the body that were silently dropped
  std::uint64_t version = 0;          // of the row afterwards
};

// A row as a test wants to see it. Texts are plain ("84500.0000", "2026-09-30", "true"); lookups
// stand under "_<name>_value"; null columns are absent.
struct RowView {
  std::string id;
  std::string etag;
  std::uint64_t version = 0;
  std::map<std::string, std::string> cells;
  std::optional<std::string> Cell(const std::string& name) const;
};

struct DataverseCounters {
  std::uint64_t reads = 0;    // operations by method; parts of batches count, the batch does not
  std::uint64_t writes = 0;   // as sent, successful or not
  std::uint64_t refused = 0;  // answered with 4xx or 5xx
  std::uint64_t batches = 0;
};

// A person of the organisation; a row of systemusers.
struct SeedUser {
  std::string id;  // GUID; empty: chosen by the world
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string phone;
};

struct SeedContact {
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string phone;
  std::string job_title;
};

struct SeedSolutionRow {
  std::string id;    // Solution Identifier
  std::string name;  // Solution Name
};

// One opportunity with what hangs on it. Accounts are shared by name and postal code, contacts by
// account and e-mail, owners by e-mail. Empty texts become null.
struct SeedOpportunity {
  std::string id;  // GUID; empty: chosen by the world
  std::string name;
  std::string account;
  std::string account_line1;
  std::string account_line2;
  std::string account_city;
  std::string account_state;
  std::string account_postal_code;
  std::string account_country;
  std::optional<SeedContact> contact;
  std::optional<SeedUser> owner;  // nothing: the world's first person
  std::string estimated_value;    // decimal text
  std::string currency;           // ISO code; empty: the base currency
  std::string estimated_close_date;
  std::string description;
  int status_code = 1;  // 1, 2 open; 3 won; 4, 5 lost
  bool sync = false;
  std::optional<bool> visible;
  std::string help;  // label of How can Microsoft help?
  std::string products;
  std::vector<SeedSolutionRow> solutions;
  std::string referral_id;
  std::string referral_link;
  std::string microsoft_crm_id;
  std::optional<Instant> created_at;  // nothing: now
  std::optional<Instant> modified_at;
};

// One registered webhook step set (12.1): which table and messages, and for Update which columns.
struct PushSubscription {
  std::string url;
  std::string key;  // sent as the header x-cosell-key
  std::string table = "opportunity";
  std::set<std::string> messages = {"Create", "Update", "Delete", "Win", "Lose"};
  std::set<std::string> filtering_attributes;  // logical names; empty: every column
};

// Sends one context; the status code is all that counts (12.2). 0 stands for a refused connection
// or no answer within 60 s.
using PushSender = std::function<int(const std::string& url, const net::Headers& headers,
                                     const std::string& body)>;

struct PushReport {
  std::size_t delivered = 0;  // answered 2xx
  std::size_t failed = 0;     // a System Job in state Failed: never sent again
};

}  // namespace cosell::sandbox
