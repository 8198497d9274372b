#include "tools/sandbox/desk/words.h"

#include <nlohmann/json.hpp>

#include "tools/sandbox/desk/crm_desk.h"

namespace cosell::sandbox {

const std::vector<std::string>& DeskWords() {
  static const std::vector<std::string> words = {
      "name",     "state",  "deal_value",  "currency",         "closing_date",
      "notes",    "sync",   "referral_id", "referral_link",    "help",
      "products", "audit",  "visibility",  "microsoft_crm_id", "referral_program",
      "account",  "contact"};
  return words;
}

Error NoSuchWord(const std::string& word) {
  return {ErrorKind::invalid_input, "the desk knows no column '" + word + "'"};
}

Result<std::string> Renamed(const std::map<std::string, std::string>& columns,
                            const std::string& fields) {
  const auto words = nlohmann::json::parse(fields);
  nlohmann::json out = nlohmann::json::object();
  for (const auto& field : words.items()) {
    const auto column = columns.find(field.key());
    if (column == columns.end()) return NoSuchWord(field.key());
    out[column->second] = field.value();
  }
  return out.dump();
}

std::string PlainDecimal(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace cosell::sandbox
