#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

// Plain values of the emulated Salesforce organisation: options, switches, seeds, and what tests
// may look at. Section numbers refer to the contract salesforce.md. Record ids are 18 characters
// everywhere; on input 15 will do (4).
namespace cosell::sandbox {

// A value of a lead's Status. Organisations have their own (17.3).
struct SalesforceLeadStatus {
  std::string name;
  bool is_default = false;
  bool converted = false;
};

// Fixed for the life of one organisation.
struct SalesforceWorldOptions {
  std::string organization_id = "00D5g000004TqAzEAK";
  std::string organization_name = "Contoso Robotics";
  std::string api_user_id = "0055g00000DnYxEAAV";  // the integration user's row
  std::string currency = "EUR";                    // the organisation's own
  bool multi_currency = true;                      // else no CurrencyIsoCode, no CurrencyType
  bool country_picklists = false;                  // else no BillingCountryCode and its like
  // Of the package that brought the co-sell fields: "msftpc" makes "msftpc__Audit__c". Empty: none.
  std::string name_space;
  // Co-sell fields by plain name ("Products__c") that this organisation does not have;
  // "Lead.Audit__c" is missing on leads alone.
  std::set<std::string> without_fields;
  // Fields that field-level security hides: to API callers as if missing (6.5). "Lead.Email"; a
  // plain name stands for a field of Opportunity.
  std::set<std::string> hidden_fields;
  // Other labels of co-sell fields and objects, by plain name.
  std::map<std::string, std::string> labels;
  bool identifier_unique = true;
  bool identifier_external_id = true;
  bool solutions_object = false;   // Microsoft_Solution__c, a child of Opportunity
  bool opportunity_teams = false;  // OpportunityTeamMember, a child of Opportunity
  bool lead_deal_fields = false;   // the organisation's own Deal_Value__c, Closing_Date__c on leads
  std::vector<SalesforceLeadStatus> lead_statuses;  // empty: those of a new organisation
  int api_version_max = 67;
};

struct SalesforceApiLimit {
  std::uint64_t used = 0;  // grows with every call
  std::uint64_t max = 100'000;
};

// What the contract leaves uncertain or an organisation may set up either way; may be changed at
// any time. The defaults are the inconvenient reading.
struct SalesforceSwitches {
  std::size_t page_size_max = 2000;  // 6.2; rows of sub-selects count. The header may ask for less
  std::chrono::seconds locator_lifetime{std::chrono::hours{48}};
  bool old_locators = false;  // "01g...-2000" instead of "0r8..."
  // 11.3: a person's transaction is stamped at once and becomes visible this much later. Until then
  // an API write to its records meets UNABLE_TO_LOCK_ROW. API calls answer after their own commit.
  std::chrono::seconds commit_delay{0};
  std::chrono::seconds clock_offset{0};  // the server's clock minus the world's
  // 11.1: deletions before this instant are gone from the log; nothing: 15 days are kept.
  std::optional<Instant> delete_log_from;
  bool no_op_bumps = true;        // 7.3: a write of equal values moves the stamps
  bool stage_restricted = false;  // 17.1: else any StageName is stored
  bool upsert_204 = false;        // 8: an update by upsert answers 204 in every version
  int deleted_status = 404;       // 7.3: of ENTITY_IS_DELETED; 404 or 400
  int lock_errors = 0;            // the next n records written over the API: UNABLE_TO_LOCK_ROW
  // 14.3: objects whose duplicate rule watches creates and updates over the API.
  std::set<std::string> duplicate_rules = {"Account", "Contact", "Lead"};
  bool duplicate_allow_save = true;  // the rule only alerts; else it blocks
  std::string duplicate_key = "duplicateResut";
  // 3.2: Sforce-Auto-Assign is TRUE by default: a Lead that is created or updated over the API goes
  // to the second person.
  bool assign_leads = true;
  // 11.4: the administrator has mapped the co-sell fields of leads to those of opportunities; else
  // a conversion leaves them behind.
  bool convert_copies_cosell_fields = false;
  bool empty_412_body = true;  // 9
  // 9: If-Unmodified-Since compares SystemModstamp, so that background bumps matter.
  bool unmodified_since_uses_modstamp = true;
  int composite_sibling_status = 400;  // 12.2: 400 or 412
  // 12.1: a field or JSON type not understood refuses the whole collection, else its record.
  bool collection_parse_errors_refuse_all = true;
  bool lenient_datetimes = false;     // 3.4: input with fractions of a second or "+0000"
  bool null_booleans_refused = true;  // 3.4: else null is false
  bool extra_result_members = false;  // 7.1: "warnings" and "infos"
  bool limit_info_extra = true;       // 15: Sforce-Limit-Info carries a second item
  SalesforceApiLimit api_limit;       // beyond it: 403 REQUEST_LIMIT_EXCEEDED
  bool request_limit_exceeded = false;
  // Of the integration user, by their API names: CustomizeApplication, ViewSetup,
  // ManagePermissionSets, AssignPermissionSets. What they are for answers 403 INSUFFICIENT_ACCESS.
  std::set<std::string> missing_permissions;
  bool gzip = false;  // compress answers for clients that accept it; bodies are bytes then
};

// An answer forced upon coming requests; the parts of a composite are not requests.
struct SalesforceFault {
  int count = 1;
  int status = 503;
  std::string error_code = "SERVER_UNAVAILABLE";
  std::string message = "Injected fault.";
  std::string method;                      // empty: any
  std::string path_contains;               // in the URL as sent; empty: any
  bool after_commit = false;               // the request is performed, then its answer is replaced
  bool html = false;                       // a gateway's page instead of an error array
  std::optional<std::size_t> truncate_at;  // the honest answer, cut to so many bytes
};

// One committed change, as triggers and outbound messages see it.
struct SalesforceChange {
  Instant at;  // the record's stamp; whole seconds
  std::string object;
  std::string id;
  std::string operation;  // "create", "update", "delete", "undelete"
  std::string user_id;
  bool by_api = false;
  std::set<std::string> fields;  // whose value changed; for a create all that are not null
};

// One committed write of one record, in order of commit.
struct SalesforceFieldChange {
  std::string field;
  std::optional<std::string> before;  // plain text as in SalesforceRow; nothing for null
  std::optional<std::string> after;
  bool operator==(const SalesforceFieldChange&) const = default;
};
struct SalesforceWrite {
  Instant at;
  bool by_api = false;
  std::string user_id;
  std::string object;
  std::string id;
  std::string operation;  // "create", "update", "delete", "undelete", "merge", "convert"
  // Written fields, also those whose value stayed equal, and what followed from them.
  std::vector<SalesforceFieldChange> changes;
  std::vector<std::string> ignored;  // fields of the body that were silently dropped
};

// A record as a test wants to see it. Texts are plain ("84500.0", "2026-09-30", "true", datetimes
// "2026-10-19T08:15:42.000+0000"); null fields are absent.
struct SalesforceRow {
  std::string id;
  std::map<std::string, std::string> fields;
  std::optional<std::string> Field(const std::string& name) const;
};

struct SalesforceCounters {
  std::uint64_t calls = 0;    // everything but GET /services/data
  std::uint64_t refused = 0;  // answered with 4xx or 5xx
  // By kind: "query", "query_more", "row_read", "row_create", "row_update", "row_delete", "upsert",
  // "collection_create", "collection_update", "collection_upsert", "collection_delete",
  // "collection_retrieve", "composite", "graph", "batch", "tree", "describe", "updated", "deleted",
  // "limits", "other".
  std::map<std::string, std::uint64_t> by_kind;
};

// What scripted automation answers to a save: nothing, or a refusal.
struct SalesforceRefusal {
  std::string error_code = "FIELD_CUSTOM_VALIDATION_EXCEPTION";
  std::string message;
  std::vector<std::string> fields;
};
// Runs within every create and update, before the record is stored. `before` is empty for a create;
// `record` may be rewritten (plain texts as in SalesforceRow; erase for null).
using SalesforceRule = std::function<std::optional<SalesforceRefusal>(
    const std::string& object, const std::map<std::string, std::string>& before,
    std::map<std::string, std::string>& record)>;

// A person of the organisation; a row of User.
struct SeedSalesforcePerson {
  std::string id;  // empty: chosen by the world
  std::string first_name;
  std::string last_name;
  std::string email;  // also the user name
  std::string phone;
  bool active = true;
};

struct SeedSalesforceContact {
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string phone;
  std::string job_title;
};

struct SeedSalesforceSolution {
  std::string id;    // Solution Identifier
  std::string name;  // Solution Name
};

// One opportunity with what hangs on it. Accounts are shared by name and postal code, contacts by
// account and e-mail, owners by e-mail. Empty texts become null; texts too long are cut.
struct SeedSalesforceOpportunity {
  std::string id;  // empty: chosen by the world
  std::string name;
  std::string account;
  std::string account_line1;
  std::string account_line2;
  std::string account_city;
  std::string account_state;
  std::string account_postal_code;
  std::string account_country;                   // ISO code
  std::optional<SeedSalesforceContact> contact;  // the primary contact role
  std::optional<SeedSalesforcePerson> owner;     // nothing: the world's first person
  std::string estimated_value;                   // decimal text; Amount
  std::string currency;                          // ISO code; empty: the organisation's
  std::string estimated_close_date;              // empty: 90 days from now; it is required
  std::string description;
  std::string stage = "Qualification";
  bool sync = false;
  std::optional<bool> visible;
  std::string help;  // value of How can Microsoft help?
  std::string products;
  std::vector<SeedSalesforceSolution> solutions;  // where the organisation has the child object
  std::string referral_id;
  std::string referral_link;
  std::string microsoft_crm_id;
  std::optional<Instant> created_at;  // nothing: now
  std::optional<Instant> modified_at;
};

}  // namespace cosell::sandbox
