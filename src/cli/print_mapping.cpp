#include "cli/print_mapping.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "cli/text_table.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Value(const Json& value) {
  const std::string text = Shorten(value.get<std::string>());
  return text.empty() ? "(none)" : text;
}

std::string Examples(const Json& links) {
  std::string text;
  for (const Json& link : links) text += (text.empty() ? "link " : ", ") + link.dump();
  return text;
}

std::string FieldAsText(const Json& field) {
  std::string text = "  " + field["operation"].get<std::string>() + ", " +
                     field["field"].get<std::string>() + ": " + field["writes"].dump() + "\n";
  std::vector<std::vector<std::string>> rows;
  for (const Json& change : field["changes"]) {
    rows.push_back({"      " + change["count"].dump() + " x",
                    Value(change["before"]) + " -> " + Value(change["after"]),
                    Examples(change["examples"])});
  }
  text += FormatTable(rows);
  if (field["others"] != 0) text += "      and " + field["others"].dump() + " other changes\n";
  return text;
}

}  // namespace

std::string PreviewAsText(const Json& preview) {
  std::string text = preview["connection"].get<std::string>() + " with " +
                     preview["mapping_file"].get<std::string>() + ": " + preview["writes"].dump() +
                     " writes, " + preview["conflicts"].dump() + " conflicts, in " +
                     preview["links"].dump() + " links\n";
  for (const Json& operation : preview["operations"])
    text +=
        "  " + operation["operation"].get<std::string>() + ": " + operation["count"].dump() + "\n";
  for (const Json& field : preview["fields"]) text += FieldAsText(field);
  return text;
}

}  // namespace cosell::cli
