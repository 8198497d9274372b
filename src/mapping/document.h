#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The text of a mapping file. Internal to this room.
namespace cosell {

struct Document {
  nlohmann::json root;
  std::map<std::string, int> lines;   // path ("fields.name.crm", "routes.0") -> line of its key
  std::vector<std::string> repeated;  // paths of keys that stand there twice
};

// JSON with comments. invalid_input names the line where it stops being that.
Result<Document> ReadDocument(std::string_view text, const std::string& source);

// "fields" + "name" -> "fields.name".
std::string PathOf(const std::string& parent, std::string_view key);

// Where each value of an effective mapping comes from: path -> "the built-in mapping", or
// "mapping.json:12". A value without an entry has its parent's.
using Origins = std::map<std::string, std::string>;

// The document on top of the built-in mapping of its `crm`: objects are merged member by member,
// null takes a member away, everything else replaces what was there. The document itself, without
// its "extends", where that says "nothing" or where the CRM is not known (which is a problem for
// who reads on).
struct Effective {
  nlohmann::json root;
  Origins origins;
};
Effective OnTopOfBuiltIn(const Document& document, const std::string& source);

}  // namespace cosell
