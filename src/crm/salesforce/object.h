#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What an object of the organisation looks like to our user, as far as flat attributes need it
// (contract salesforce.md sections 3.4 and 13). Values. A field hidden by field-level security is
// not there at all.
namespace cosell::salesforce {

enum class FieldType {
  text,
  link,  // url, email: a text that is worth nothing when it is cut
  memo,
  money,
  number,
  date,
  datetime,
  boolean,
  choice,
  multi_choice,
  reference,
  compound,  // address, location, base64: read through its parts or not at all
};

struct PicklistValue {
  std::string value;
  std::string label;  // may be translated
};

struct Field {
  std::string name;
  std::string label;
  FieldType type = FieldType::text;
  std::optional<std::size_t> length_max;  // UTF-16 code units
  bool creatable = true;
  bool updatable = true;
  bool required = false;  // a new record is refused without it
  bool calculated = false;
  bool external_id = false;
  bool unique = false;
  bool restricted = false;            // a picklist that takes its own values alone
  std::vector<PicklistValue> values;  // the active ones
  std::string relationship;           // of a reference: "Account"

  // The value a text means: the value itself or its label, ignoring case. Nothing if none does.
  const PicklistValue* FindValue(std::string_view text) const;
};

struct ChildRelationship {
  std::string object;  // "OpportunityContactRole"
  std::string field;   // of the child, leads to the parent
  std::string name;    // "OpportunityContactRoles"; may be empty: not queryable
};

struct Object {
  std::string name;
  std::string label;
  std::string label_plural;
  bool creatable = true;  // by our user
  bool updatable = true;
  std::map<std::string, Field> fields;  // by name
  std::vector<ChildRelationship> children;

  const Field* Find(std::string_view name) const;
  // Ignoring case, for names that people type.
  const Field* FindIgnoringCase(std::string_view name) const;
  bool Has(std::string_view name) const { return Find(name) != nullptr; }
};

// The answer of a describe. Nothing when it is not one.
std::optional<Object> ParseDescribe(std::string_view body);

// "Sync_with_Partner_Center__c" of "contoso__Sync_with_Partner_Center__c" (section 17.6).
std::string_view WithoutNamespace(std::string_view name);

}  // namespace cosell::salesforce
