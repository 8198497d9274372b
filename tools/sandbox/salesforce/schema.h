#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tools/sandbox/salesforce/types.h"

// What the organisation knows of its objects: fields, types, relationships. Read from schema.json
// as the options say (contract sections 13, 17, 18).
namespace cosell::sandbox::salesforce {

// Null, checkbox, any number, any text (ids of 18 characters, dates "YYYY-MM-DD", datetimes
// "2026-10-19T08:15:42.000+0000", which therefore compare as text).
using Value = std::variant<std::monostate, bool, double, std::string>;
inline bool IsNull(const Value& value) { return std::holds_alternative<std::monostate>(value); }

enum class FieldType {
  id,
  reference,
  string,
  textarea,
  phone,
  email,
  url,
  picklist,
  multipicklist,
  boolean,
  integer,
  number,
  currency,
  percent,
  date,
  datetime,
  address,
};
std::string_view TypeName(FieldType type);  // as describe spells it
bool IsText(FieldType type);                // has a length
bool IsNumber(FieldType type);

struct PicklistValue {
  std::string value;
  std::string label;
  bool is_default = false;
  bool active = true;
};

struct Field {
  std::string name;
  std::string label;
  FieldType type = FieldType::string;
  std::size_t length = 0;  // UTF-16 code units
  int precision = 0;
  int scale = 0;
  bool required = false;   // refuses null
  bool defaulted = false;  // may be left out of a create nevertheless
  bool createable = true;
  bool updateable = true;
  bool external_id = false;
  bool unique = false;
  bool restricted = false;
  bool hidden = false;  // by field-level security
  std::vector<PicklistValue> values;
  std::string to;            // reference: the parent object
  std::string relationship;  // its name from the child: "Account"
  std::string children;      // and from the parent: "Opportunities"; may be empty
  bool cascade = false;      // the record dies with its parent
  std::string formula;       // path whose value is shown; then nothing is stored
  bool cosell = false;       // came with the package

  bool custom() const { return name.ends_with("__c"); }
  bool indexed() const { return external_id || unique || type == FieldType::reference; }
  // Long text cannot stand in WHERE or ORDER BY (6.3).
  bool filterable() const;
};

struct ObjectType {
  std::string name;
  std::string label;
  std::string plural;
  std::string prefix;
  bool setup = false;  // master data: read only over the API, not replicateable
  bool deletable = true;
  bool mergeable = false;
  std::vector<Field> fields;

  bool custom() const { return name.ends_with("__c"); }
  // Ignoring case. Of `Find`, hidden fields included; `Visible` is what API callers see.
  std::optional<std::size_t> Find(std::string_view field) const;
  std::optional<std::size_t> Visible(std::string_view field) const;
  // By the name of the relationship to a parent.
  std::optional<std::size_t> FindRelationship(std::string_view name) const;
  // Requires the field to exist, exactly spelled.
  std::size_t At(std::string_view field) const;
};

struct StageInfo {
  std::string name;
  int probability = 0;
  std::string forecast;
  bool closed = false;
  bool won = false;
};

struct Schema {
  std::vector<ObjectType> objects;
  std::vector<StageInfo> stages;
  std::vector<SalesforceLeadStatus> lead_statuses;  // one of them at least is converted
  std::vector<std::string> currencies;
  std::vector<std::string> inactive_currencies;
  std::vector<PicklistValue> countries;  // value: ISO code

  const ObjectType* Find(std::string_view object) const;  // ignoring case
  const StageInfo* FindStage(std::string_view name) const;
};

Schema LoadSchema(const SalesforceWorldOptions& options);

// "Audit__c" -> "msftpc__Audit__c" where the organisation has the package's namespace.
std::string FullName(const SalesforceWorldOptions& options, const std::string& name);

}  // namespace cosell::sandbox::salesforce
