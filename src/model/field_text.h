#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/record.h"

// Fields as text: one JSON object, field name -> canonical value, null for none; and what differs
// between two such texts, so that a history keeps changes and not copies. An empty text is an
// object without members. Pure; a text that is no JSON object is taken for an empty one.
namespace cosell {

using FieldValues = std::map<std::string, Value>;

// In the order given.
std::string FieldsAsText(const std::vector<std::pair<std::string_view, const Value*>>& fields);
// Members that are no text (marks of a base, such as "~apart") are left out.
FieldValues FieldsFromText(const std::string& text);

// What has to be applied to `before` to get `after`; empty when they are the same. Members that are
// gone are listed in the member "~gone" where `keep_absent` is false, and else count as unchanged.
std::string ChangesBetween(const std::string& before, const std::string& after, bool keep_absent);
std::string ApplyChanges(const std::string& before, const std::string& changes);

}  // namespace cosell
