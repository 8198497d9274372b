#include "tools/simulation/fields.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"

namespace cosell::simulation {
namespace {

using Json = nlohmann::json;

struct Place {
  Field field;
  std::string_view name;
  const char* pointer;
};

constexpr std::array<Place, 9> kPlaces = {{
    {Field::name, "name", "/name"},
    {Field::deal_value, "deal_value", "/details/dealValue"},
    {Field::currency, "currency", "/details/currency"},
    {Field::closing_date, "closing_date", "/details/closingDateTime"},
    {Field::notes, "notes", "/details/notes"},
    {Field::solutions, "solutions", "/details/requirements/solutions"},
    {Field::visibility, "visibility", "/consent/consentToShareReferralWithMicrosoftSellers"},
    {Field::help, "help", "/inviteContext/assistanceRequestCode"},
    {Field::status, "status", "/status"},
}};

const Place& PlaceOf(Field field) { return kPlaces[static_cast<std::size_t>(field)]; }

Shown NoneIfEmpty(std::string text) { return text.empty() ? std::nullopt : Shown(std::move(text)); }

std::string InOrder(std::vector<std::string> members) {
  for (std::string& member : members) member = ToLower(Trim(member));
  std::erase(members, "");
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return Join(members, ",");
}

std::string WithoutMark(std::string text) {
  for (const std::string_view mark : {"\u2713 ", "\u2717 "}) {
    if (text.starts_with(mark)) return text.substr(mark.size());
  }
  return text;
}

// "Quotes Or Licensing" and "QuotesOrLicensing" are one word.
std::string HelpWord(std::string text) {
  text = ToLower(ReplaceAll(std::move(text), " ", ""));
  return text == "unknown" ? "" : text;
}

std::string Decimal(const Json& number) {
  std::string text = number.is_string() ? number.get<std::string>() : number.dump();
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string SolutionsOf(const Json& list) {
  std::vector<std::string> ids;
  for (const Json& solution : list) ids.push_back(solution.value("id", ""));
  return InOrder(std::move(ids));
}

std::string StatusOf(const Json& referral) {
  const std::string status = referral.value("status", "");
  if (status != "Closed") return ToLower(status);
  return referral.value("substatus", "") == "Won" ? "won" : "lost";
}

std::string Spelled(Field field, std::string text) {
  switch (field) {
    case Field::name:
      return WithoutMark(std::move(text));
    case Field::solutions:
      return InOrder(Split(ReplaceAll(ReplaceAll(std::move(text), "\n", ","), ";", ","), ','));
    case Field::help:
      return HelpWord(std::move(text));
    case Field::closing_date:
      return text.substr(0, 10);
    default:
      return text;
  }
}

}  // namespace

std::string_view ToString(Field field) { return PlaceOf(field).name; }

Shown InReferral(const Json& referral, Field field) {
  if (field == Field::status) return StatusOf(referral);
  const Json::json_pointer at(PlaceOf(field).pointer);
  if (!referral.contains(at) || referral[at].is_null()) return std::nullopt;
  const Json& value = referral[at];
  if (field == Field::solutions) return NoneIfEmpty(SolutionsOf(value));
  if (field == Field::deal_value) return Decimal(value);
  if (value.is_boolean()) return std::string(value.get<bool>() ? "true" : "false");
  return NoneIfEmpty(Spelled(field, value.get<std::string>()));
}

Shown InCrm(const sandbox::CrmDesk& desk, const std::string& id, Field field) {
  std::string word(ToString(field));
  if (field == Field::solutions) word = "products";
  if (field == Field::status) word = "state";
  const auto value = desk.Value(id, word);
  return value ? NoneIfEmpty(Spelled(field, *value)) : std::nullopt;
}

Shown FromTable(Field field, std::string_view text) {
  std::string spelled = Spelled(field, std::string(text));
  const bool closed = spelled == "declined" || spelled == "expired" || spelled == "error";
  if (field == Field::status && closed) spelled = "lost";
  return NoneIfEmpty(std::move(spelled));
}

bool Same(Field field, const Shown& a, const Shown& b) {
  if (field == Field::visibility) return a.value_or("false") == b.value_or("false");
  return a == b;
}

std::string Print(const Shown& value) { return value ? "'" + *value + "'" : "nothing"; }

}  // namespace cosell::simulation
