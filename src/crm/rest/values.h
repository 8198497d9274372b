#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crm/rest/description.h"
#include "crm/rest/exact_json.h"
#include "ports/crm.h"

// One attribute between its member in the service's JSON and the flat value of ports/crm.h. Pure
// functions.
namespace cosell::rest {

// The flat value as JSON text. A value that is not of the described type is handed on as it is, for
// the mapping to judge.
std::string FlatOf(const Attribute& attribute, const Json* member);

// The member for a flat value. refused, naming the attribute, for what it does not take.
Result<Json> MemberOf(const Attribute& attribute, const std::string& flat,
                      const std::vector<std::string>& currencies);

// What one write sets: the described attributes and their members. refused for a column that is not
// described or may not be written, and as MemberOf.
struct Setting {
  const Attribute* attribute = nullptr;
  Json member;
};
Result<std::vector<Setting>> SettingsOf(const Attributes& attributes,
                                        const std::vector<cosell::Attribute>& written, bool create,
                                        const std::vector<std::string>& currencies);

// The text of a flat value: of a JSON string what stands in it, of anything else its JSON text;
// empty for null.
std::string TextOf(const std::string& flat);

// Our own refusal, before anything was sent.
Error Refusal(std::string message);

}  // namespace cosell::rest
