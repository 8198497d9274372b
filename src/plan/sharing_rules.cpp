#include "plan/sharing_rules.h"

#include <algorithm>

#include "base/planted.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

Value ValueOf(const Mapping& mapping, const Record& crm, std::string_view field) {
  const auto index = mapping.Find(field);
  return index ? crm.values[*index] : std::nullopt;
}

bool IsPositive(const Value& decimal) {
  return decimal && decimal->front() != '-' && *decimal != "0";
}

bool IsCountryCode(const std::string& text) {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool IsCurrencyCode(const Value& text) {
  return text && text->size() == 3 &&
         std::all_of(text->begin(), text->end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void CheckCustomer(const Sharing& sharing, std::vector<std::string>* missing) {
  if (sharing.At("/customerProfile/name").empty()) {
    missing->push_back("customer account missing (choose an account)");
    return;
  }
  if (sharing.At("/customerProfile/address/addressLine1").empty()) {
    missing->push_back("customer account address line 1 missing");
  }
  if (sharing.At("/customerProfile/address/city").empty())
    missing->push_back("customer account city missing");
  if (!IsCountryCode(sharing.country())) {
    missing->push_back("customer account country code missing (two-letter ISO code expected)");
  }
}

// An organisation with one currency has no column for it: the mapping names it.
Value CurrencyOf(const Mapping& mapping, const Record& crm) {
  if (mapping.Find("currency")) return ValueOf(mapping, crm, "currency");
  return NormalizeText(ConstantOfReferral(mapping, "/details/currency"));
}

void CheckDeal(const Mapping& mapping, const Record& crm, std::vector<std::string>* missing) {
  if (!ValueOf(mapping, crm, kFieldName)) missing->push_back("deal name missing");
  if (!IsPositive(ValueOf(mapping, crm, "deal_value")))
    missing->push_back("deal value missing or not above 0");
  if (!IsCurrencyCode(CurrencyOf(mapping, crm))) missing->push_back("currency missing");
  if (!ValueOf(mapping, crm, "closing_date")) missing->push_back("estimated close date missing");
  const std::size_t solutions = SetMembers(ValueOf(mapping, crm, "solutions")).size();
  if (solutions == 0)
    missing->push_back("solution missing (at least one co-sell ready or Microsoft solution id)");
  if (solutions > 50) missing->push_back("more than 50 solutions");
}

}  // namespace

std::vector<std::string> MissingForSharing(const Mapping& mapping, const Record& crm,
                                           const Sharing& sharing) {
  std::vector<std::string> missing;
  if (Planted(PlantedBug::incomplete_deal_shared)) return missing;
  CheckDeal(mapping, crm, &missing);
  CheckCustomer(sharing, &missing);
  if (ValueOf(mapping, crm, kFieldHelp) && !sharing.contact.complete()) {
    missing.push_back(
        "customer contact missing or incomplete (Microsoft's help needs first name, last name, "
        "phone and e-mail)");
  }
  return missing;
}

}  // namespace cosell
