#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "model/intent.h"
#include "model/side.h"

// The CRM, whichever it is. Everything above this port speaks in *flat attributes*: one JSON object
// whose members are the CRM's own column names with plain values:
//   - text, numbers, booleans, null as they are; dates as "YYYY-MM-DD"; instants as RFC 3339;
//   - a choice as its English label, a multi-choice as labels joined with "; ";
//   - a lookup as the related record's id; the currency lookup as its ISO 4217 code;
//   - columns of a related record as "<lookup>.<column>" ("parentaccountid.name"), only when asked
//   for.
// The adapter translates in both directions; nothing above it knows option values, bind syntax or
// entity sets.
namespace cosell {

// The custom columns of contract cosell-field-mapping.md section 3.1, found by label or named in
// the configuration. Role names: sync, referral_id, referral_link, help, products, audit,
// visibility, microsoft_crm_id, program, and the standard ones deal_value, currency, closing_date,
// country_code; sales_team, who works on the deal beside its owner: a JSON array of people with the
// members firstName, lastName, email, phoneNumber and title, as far as they are known.
struct CrmColumn {
  std::string name;  // the CRM's column name
  std::string type;  // "text", "memo", "money", "number", "date", "datetime", "boolean", "choice",
                     // "lookup", "status", "people"
  std::optional<std::size_t> length_max;  // in UTF-16 code units, for text
  bool creatable = true;
  bool updatable = true;
  bool required = false;  // a new record is refused without it, and nothing fills it by itself
  std::map<std::string, std::string> choices;  // label -> the CRM's own option value
};

// One kind of record, as far as our user may see it.
struct RecordSchema {
  std::map<std::string, std::string> roles;  // role -> column name; a role the CRM lacks is absent
  std::map<std::string, CrmColumn> columns;  // by column name
};

struct CrmSchema {
  std::map<std::string, std::string> roles;  // role -> column name; a role the CRM lacks is absent
  std::map<std::string, CrmColumn> columns;  // by column name, of the opportunity
  // Only where the adapter was told to look after leads and the CRM has them. Roles of a lead:
  // sync, referral_id, referral_link, audit, deal_value, currency, closing_date, country_code,
  // status (the column people choose its state in) and became, the opportunity it was qualified or
  // converted into.
  std::optional<RecordSchema> lead{};
  // Whether CrmWrite::Kind::qualify works; if not, people convert leads in the CRM.
  bool can_qualify = false;
  std::vector<std::string> problems;    // what `check` reports, each with how to mend it
  std::vector<std::string> currencies;  // ISO codes the organisation has
  std::string user_id;                  // our own user in the CRM
  std::string organization_id;          // of the CRM organisation; empty where it has none
};

// A CRM record as read. A value.
struct CrmRecord {
  CrmId id;
  RecordKind kind = RecordKind::opportunity;
  std::string etag;    // opaque version of the record; may be empty where the CRM has none
  Instant changed_at;  // modifiedon / SystemModstamp, often whole seconds
  std::string raw;     // flat attributes, see above
  // The Referral Identifier column; of a lead that an older connector made, what it kept instead.
  // May be empty.
  std::string referral_id;
  bool sync = false;  // the "Sync with Partner Center" column
  std::optional<std::chrono::milliseconds> clock_offset;
};

struct CrmChanges {
  std::vector<CrmRecord> records;
  std::vector<CrmId> deleted;
  std::string cursor;  // pass to the next call; persist only after the records are
  bool more = false;   // call again at once
  bool full = false;   // part of a full read (no or an empty cursor): deletions follow from absence
};

struct Attribute {
  std::string name;
  std::string json;  // JSON text of the flat value: "\"EUR\"", "84500", "true", "null"
};

// An account or contact that a new opportunity needs: found by `match`, else created with
// `attributes`.
struct RelatedRecord {
  std::vector<Attribute> match;  // all must be equal, ignoring case; none of them null
  std::vector<Attribute> attributes;
};

struct CrmWrite {
  // qualify: makes an opportunity of the lead `id`, for the given account and contact; the result
  // is the opportunity, with what the CRM copies from the lead. A lead that is qualified already is
  // no error: its opportunity is the result, and nothing is performed. refused when it has none.
  enum class Kind { create, update, close, qualify };
  Kind kind = Kind::update;
  RecordKind record_kind = RecordKind::opportunity;  // of `id`; a lead is closed by an update
  CrmId id;                                          // update, close, qualify
  std::string etag;   // update: precondition; empty means "whatever is there, but it must exist"
  ReferralId marker;  // create: the searchable marker; a repeated create with it meets the first
  std::vector<Attribute> attributes;     // create, update: flat values of the columns to write
  std::optional<RelatedRecord> account;  // create of an opportunity, qualify
  std::optional<RelatedRecord> contact;  // create of an opportunity, qualify
  // close: `attributes` name the final state columns (Dataverse: statuscode), the texts go to the
  // closing activity.
  bool won = false;
  std::string close_subject;
  std::string close_description;
  CorrelationId correlation;
};

// One remote record actually written on behalf of a CrmWrite, for the audit.
struct PerformedWrite {
  std::string record_kind;  // "opportunity", "lead", "account", "contact", "solution"
  std::string record_id;
  std::string operation;     // "create", "update", "close", "delete"
  std::string outcome_code;  // empty when done, else the remote's code
  bool done = true;
  std::int64_t duration_ms = 0;
  std::string request_id{};  // the CRM's own id of the request; may be empty
};

struct CrmWriteResult {
  Result<CrmRecord> record;  // as it is afterwards
  std::vector<PerformedWrite>
      performed;  // in order, the failed one last; empty when nothing was sent
};

// A create whose outcome is not known, as it was sent.
struct CreateSearch {
  RecordKind kind = RecordKind::opportunity;
  ReferralId marker;
  std::optional<RelatedRecord> account{};
  std::optional<RelatedRecord> contact{};
  // It was sent no earlier than this: by our clock, and the newest stamp of the CRM's own clock
  // that was known then. Either clock may have been set since, so that one of the two must do.
  Instant opened_at{};
  Instant newest_seen{};

  // Whether something the CRM stamped with `created_at` may have come into being with it. Room is
  // left for whole seconds and for servers that disagree by a little.
  bool MayHaveMade(Instant created_at,
                   std::optional<std::chrono::milliseconds> clock_offset) const {
    const Instant by_our_clock = created_at + clock_offset.value_or(std::chrono::milliseconds(0));
    return by_our_clock >= opened_at - std::chrono::minutes(1) || created_at > newest_seen;
  }
};

// What such a create has left behind.
struct FoundCreate {
  std::optional<CrmRecord> record;  // nothing: it came to no record
  // Accounts, contacts and solutions that our own user made then and that fit the create, in order,
  // all done. An equal create of the same customer at the same time may have made them instead: the
  // caller knows what it has accounted for.
  std::vector<PerformedWrite> related;
};

// One CRM organisation. One instance per connection; every method may be called from any thread and
// blocks until answered. Errors every method can give: unauthorized, forbidden, throttled,
// unreachable, unavailable, invalid_response. No method throws.
class Crm {
 public:
  virtual ~Crm() = default;

  // Columns, roles, choices, currencies. Cached by the adapter; `refresh` reads again. Fails only
  // if the CRM cannot be read at all: a missing column is a problem in the list, not an error.
  virtual Result<CrmSchema> Describe(bool refresh) = 0;

  // Which columns reads of one kind return; dotted ones only with Detail::with_related. Set once
  // after Describe, before any read of that kind.
  virtual void Select(RecordKind kind, const std::vector<std::string>& columns) = 0;

  // The next page of changes since `cursor`, which is opaque; empty starts a full read. Own columns
  // only. cursor_expired when the CRM no longer knows it.
  virtual Result<CrmChanges> Changes(RecordKind kind, const std::string& cursor) = 0;

  enum class Detail { own, with_related };
  // The records that still exist, in any order; the missing ones are simply absent.
  virtual Result<std::vector<CrmRecord>> Read(RecordKind kind, const std::vector<CrmId>& ids,
                                              Detail detail) = 0;

  // The record a create with this marker has made, if any, and what else came into being with it;
  // never what a person made. Used before a create of unknown outcome is repeated.
  virtual Result<FoundCreate> FindCreated(const CreateSearch& search) = 0;

  // Performs each write on its own: one result per write, in order; one failure does not touch the
  // others. Batches where the CRM can. Per write: stale_version, already_exists (create; the record
  // is returned by FindCreated), not_found, refused, unknown_outcome.
  virtual std::vector<CrmWriteResult> Write(const std::vector<CrmWrite>& writes) = 0;
};

}  // namespace cosell
