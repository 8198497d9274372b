#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/object.h"
#include "ports/crm.h"

// Flat values -> request bodies: the writing half of the port's central idea (contract
// salesforce.md section 3.4). Pure functions.
namespace cosell::salesforce {

enum class BodyFor { create, update };

// The members of a record to write: field -> JSON text, in the order given, each field once.
struct Body {
  std::vector<Attribute> members;
  bool empty() const { return members.empty(); }
  void Set(const std::string& field, std::string json);
  void Remove(std::string_view field);
  bool Has(std::string_view field) const;
};

// Choices are written as the organisation spells them; a text that is longer than its field ends in
// an ellipsis; a formula is left to the server. refused, naming the field, for a field the object
// lacks or that may not be written, a choice the field does not take, a link or identifier that is
// too long to be cut, and a value of the wrong kind.
Result<Body> BuildBody(const Object& object, std::span<const Attribute> attributes,
                       BodyFor purpose);

// {"Name":"..."}; `type` adds the attributes member of a collection's record (section 12.1), and
// `id` the record's id.
std::string PrintBody(const Body& body);
std::string PrintRecord(const Body& body, const std::string& type, const std::string& id);

// {"allOrNone":false,"records":[...]}
std::string PrintCollection(const std::vector<std::string>& records);

}  // namespace cosell::salesforce
