#include "store/people.h"

#include <functional>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/erasure.h"

namespace cosell::store {
namespace {

using nlohmann::json;

constexpr std::size_t kPhoneDigitsMin = 7;

bool IsAddress(const std::string& text) {
  const auto at = text.find('@');
  return at != std::string::npos && at > 0 && text.find('.', at) != std::string::npos &&
         text.find_first_of(" \t\n,;<>") == std::string::npos;
}

void ForEachObject(const json& document, const std::function<void(const json&)>& visit) {
  if (document.is_object()) visit(document);
  if (!document.is_structured()) return;
  for (const json& each : document) ForEachObject(each, visit);
}

void AddAddresses(const json& document, std::set<std::string>* addresses) {
  if (document.is_structured()) {
    for (const json& each : document) AddAddresses(each, addresses);
  } else if (document.is_string()) {
    for (const std::string& line : Split(document.get_ref<const std::string&>(), '\n')) {
      if (IsAddress(line)) addresses->insert(ToLower(line));
    }
  }
}

// Of the first member whose name begins or ends so, ignoring case ("contact.firstname").
std::string MemberLike(const json& object, const std::string& name) {
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) continue;
    const std::string own = ToLower(key.substr(key.rfind('.') + 1));
    if (own.starts_with(name)) return value.get<std::string>();
  }
  return "";
}

std::string DigitsOf(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

void AddPart(const std::string& text, Person* person) {
  if (const std::string phrase = PhraseOf(text); !phrase.empty()) person->parts.insert(phrase);
}

void AddPhone(const std::string& phone, Person* person) {
  AddPart(phone, person);
  if (DigitsOf(phone).size() < kPhoneDigitsMin) return;
  person->phrases.insert(PhraseOf(phone));
  person->phrases.insert(DigitsOf(phone));
}

void AddName(const std::string& first, const std::string& last, Person* person) {
  AddPart(first, person);
  AddPart(last, person);
  if (PhraseOf(first).empty() || PhraseOf(last).empty()) return;
  person->phrases.insert(PhraseOf(first + " " + last));
  person->phrases.insert(PhraseOf(last + " " + first));
}

bool Holds(const json& object, const std::string& address) {
  for (const json& value : object) {
    if (value.is_string() && ToLower(Trim(value.get_ref<const std::string&>())) == address)
      return true;
  }
  return false;
}

}  // namespace

std::set<std::string> CustomerAddresses(const std::string& referral) {
  std::set<std::string> addresses;
  const json document = json::parse(referral, nullptr, false);
  if (!document.is_object()) return addresses;
  for (const auto& [key, value] : document.items()) {
    if (EqualsIgnoreCase(key, "customerProfile")) AddAddresses(value, &addresses);
  }
  return addresses;
}

std::set<std::string> AddressesAmongValues(const std::string& object) {
  std::set<std::string> addresses;
  AddAddresses(json::parse(object, nullptr, false), &addresses);
  return addresses;
}

void AddPerson(const std::string& text, const std::string& address, Person* person) {
  const json document = json::parse(text, nullptr, false);
  ForEachObject(document, [&](const json& object) {
    if (!Holds(object, address)) return;
    AddName(MemberLike(object, "first"), MemberLike(object, "last"), person);
    for (const char* name : {"phone", "telephone", "mobile"})
      AddPhone(MemberLike(object, name), person);
    for (const char* name : {"title", "jobtitle"}) AddPart(MemberLike(object, name), person);
  });
}

}  // namespace cosell::store
