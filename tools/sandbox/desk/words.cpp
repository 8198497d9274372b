#include "tools/sandbox/desk/words.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
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

const std::vector<std::string>& LeadWords() {
  static const std::vector<std::string> words = {
      "name",         "state",   "company", "first_name", "last_name",    "email",
      "phone",        "country", "sync",    "deal_value", "currency",     "referral_id",
      "closing_date", "notes",   "audit",   "became",     "referral_link"};
  return words;
}

std::vector<std::string> ListOf(const std::string& text) {
  std::vector<std::string> members;
  for (const std::string& part : Split(ReplaceAll(text, ",", ";"), ';')) {
    if (const auto member = Trim(part); !member.empty()) members.emplace_back(member);
  }
  std::sort(members.begin(), members.end());
  return members;
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
