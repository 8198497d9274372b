#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cosell {

// A Salesforce id in its 18-character form, spelt as Salesforce spells it (contract salesforce.md
// section 4). Accepts 15 characters, whose checksum is computed, and 18, whose checksum is verified
// and repairs letters that were all folded to one case. Nothing for any other text or a wrong
// checksum.
std::optional<std::string> NormalizeSalesforceId(std::string_view text);

// The one spelling under which a record's id is stored and compared, however the other side wrote
// it: a GUID in lower case without braces, a Salesforce id with 18 characters, any other text as it
// is without surrounding blanks.
std::string CanonicalRecordId(std::string_view text);

}  // namespace cosell
