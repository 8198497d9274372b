#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "mapping/transform.h"
#include "model/record.h"
#include "model/side.h"

// Which referral member belongs to which CRM column, and how values look on either side. A Mapping
// is read from JSON with comments (the built-in one, or the administrator's file on top of it),
// then bound to the columns a CRM really has. Values; immutable after Bind; safe to share between
// threads. The file's keys are described in docs/MAPPING.md.
namespace cosell {

// set: ids of a list. members: people of a list, known by their e-mail.
enum class FieldType { text, money, code, date, boolean, choice, set, members, status };
enum class Direction { both, to_crm, to_partner_center, off };

// What stands in a CRM column.
enum class CrmForm {
  by_type,  // what the field's type says
  text,
  number,
  boolean,
};

// One condition: a member of the referral, or a column of the CRM record, is (not) one of these
// texts, ignoring case; "" also stands for a member or column that is absent or null. Numbers and
// booleans are compared as JSON prints them.
struct Condition {
  bool of_crm = false;
  std::string at;                  // JSON pointer, or column name ("@role" until bound)
  std::vector<std::string> steps;  // the pointer's
  std::vector<std::string> accepted;
  bool negated = false;
};

struct FieldRule {
  std::string name;
  FieldType type = FieldType::text;
  Direction direction = Direction::both;  // between two records that exist
  Direction on_create = Direction::both;  // into a record that is being made
  // Where in the referral, step by step; empty when computed. A step is a member's name, an index
  // into a list ("0" is the first), or "[member=text]": the first of a list whose member is that.
  std::vector<std::string> partner_center;
  std::string pointer;        // the same as a JSON pointer, for patches
  std::string template_name;  // the Partner Center value is this template of the configuration,
                              // filled with the ids
  std::string text_template;  // ... is this text, "{/pointer}" replaced by the member there
  Value constant;             // ... is this
  // Column name; "#id" is the record's own id, "#owner" and "#contact" the people of the mapping's
  // owner (with the sales team) and contact; "@role" until bound.
  std::string crm;
  std::string item_key;   // sets: the member of an array item that identifies it
  std::string separator;  // sets: between the members in the CRM's text; empty: "; ", read freely
  std::vector<Transform> transforms;  // in the order of the way to the CRM
  CrmForm crm_form = CrmForm::by_type;
  bool normalises = false;      // what the transforms cannot bring back is meant to be lost
  std::vector<Condition> when;  // all must hold, else the field is left alone
  // Of what its values mean, on both sides: a base kept under another one says nothing about it.
  std::string identity;
  std::string conflict;  // a conflict policy's name; empty: the connection's default
  bool one_way = false;  // once set, a change back in the CRM is put back
  bool connected_referral =
      false;            // reaches Partner Center as a second referral, addressed to Microsoft
  bool marked = false;  // the CRM column may start with the sync mark
  std::size_t length_max = 0;                 // of the CRM column in UTF-16 units; 0: no limit
  std::string none;                           // choice: the referral's word for "nothing"
  std::map<std::string, std::string> values;  // choice: referral value -> CRM label

  bool ReachesCrm() const { return direction == Direction::both || direction == Direction::to_crm; }
  bool ReachesPartnerCenter() const {
    return direction == Direction::both || direction == Direction::to_partner_center;
  }
  bool CreatesInCrm() const {
    return on_create == Direction::both || on_create == Direction::to_crm;
  }
  bool CreatesInPartnerCenter() const {
    return on_create == Direction::both || on_create == Direction::to_partner_center;
  }
  bool IsOff() const { return direction == Direction::off && on_create == Direction::off; }
};

struct StatusReadRule {
  std::vector<std::pair<std::string, std::string>> when;  // column -> value as JSON text
  std::string is;
};

struct StatusWrite {
  std::vector<std::pair<std::string, std::string>> columns;  // column -> value as JSON text
  std::string close;                                         // "", "won" or "lost"
};

struct StatusMap {
  std::vector<StatusReadRule> read;
  std::map<std::string, StatusWrite> write;  // by canonical state
  std::string reason_column;
  std::map<std::string, std::string> reasons;
  std::string reason_default;
};

// A column of a related record. Several pointers: their texts joined with `separator`, empty ones
// left out; on the way back the text is split there, the last member taking the rest.
struct RelatedColumn {
  std::string column;
  std::vector<std::string> pointers;
  std::string separator;
  std::vector<Transform> transforms;
};

// A related record (account, contact, owner): its lookup column and the columns of it.
struct RelatedMap {
  std::string lookup;
  std::vector<std::string> match;  // columns a record is found by; all must be equal
  std::vector<RelatedColumn> columns;
  std::string create;  // JSON object of flat attributes for a new record, where nothing else fills
  // Column with more people of the same sort, "@role" until bound: a JSON array of members as
  // Partner Center has them. Empty: there is none.
  std::string others{};
};

// What a referral is in the CRM: the first rule whose members all match says so.
enum class Route {
  opportunity,
  lead,  // until it is accepted, an opportunity from then on
  none,  // left alone
};

struct RouteRule {
  // JSON pointer of the referral -> accepted texts, compared ignoring case; "" also stands for a
  // member that is absent or null.
  std::vector<std::pair<std::string, std::vector<std::string>>> when;
  Route as = Route::opportunity;
};

struct MappingOptions {
  std::string referral_link_template;  // with {referral_id} and {engagement_id}
  bool mark = true;                    // write the check mark into the name
};

struct Mapping {
  std::string crm;                            // "dynamics365", "salesforce", "rest"
  RecordKind kind = RecordKind::opportunity;  // what `fields` and all that follows speak of
  std::vector<FieldRule> fields;
  StatusMap status;
  RelatedMap account;
  RelatedMap contact;
  RelatedMap owner;
  std::string create_referral;  // JSON object merged into a new referral
  std::string create_crm;       // JSON object of flat attributes for a new CRM record
  std::vector<RouteRule> routes;
  // The part that speaks of leads; null where the file has none or the CRM's leads cannot be used.
  // Field names mean the same in both parts, so that a value keeps its base when a lead becomes an
  // opportunity.
  std::shared_ptr<const Mapping> lead;
  std::map<std::string, std::string> roles;  // role -> column, after Bind
  MappingOptions options;
  std::string fingerprint;  // of the effective mapping; changes when any of the above does
  bool has_conditions = false;

  std::optional<FieldIndex> Find(std::string_view field) const;
  // The part for this kind of record. Requires `lead` for leads.
  const Mapping& For(RecordKind record_kind) const {
    return record_kind == RecordKind::lead ? *lead : *this;
  }
  // The column of a role; empty when the CRM lacks it.
  std::string Column(std::string_view role) const;
};

// Fields every mapping has; the plan knows them by name.
inline constexpr std::string_view kFieldName = "name";
inline constexpr std::string_view kFieldStatus = "status";
inline constexpr std::string_view kFieldVisibility = "visibility";
inline constexpr std::string_view kFieldHelp = "help";
inline constexpr std::string_view kFieldReferralId = "referral_id";
inline constexpr std::string_view kFieldCrmId = "crm_id";
// Places a field of type members may have in the CRM.
inline constexpr std::string_view kPeopleOwner = "#owner";
inline constexpr std::string_view kPeopleContact = "#contact";

// The built-in mapping of a CRM kind ("dynamics365", "salesforce", "rest"); invalid_input for a
// kind that has none.
Result<std::string> BuiltInMapping(std::string_view crm_kind);

// Reads a mapping text, which stands on the built-in mapping of its `crm` unless it says "extends":
// "nothing". invalid_input lists every problem with its line, its path ("line 12:
// fields.name.direction: ...") and how to mend it, lossy fields (mapping/lens.h) among them.
// `source` names the file in messages.
Result<Mapping> ParseMapping(std::string_view json, const std::string& source);

// Replaces roles by columns. A field whose role the CRM lacks is dropped from the mapping and named
// in `dropped`. `lead_roles` bind the part for leads; without them that part is taken away.
Mapping BindMapping(Mapping mapping, const std::map<std::string, std::string>& roles,
                    MappingOptions options, std::vector<std::string>* dropped,
                    const std::map<std::string, std::string>* lead_roles = nullptr);

// The CRM columns one part of a bound mapping needs to read: own ones, and "<lookup>.<column>" of
// related records.
std::vector<std::string> ColumnsToRead(const Mapping& mapping);

}  // namespace cosell
