#include "base/text.h"
#include "mapping/transform_rules.h"

namespace cosell::transforms {
namespace {

using Pairs = std::map<std::string, std::string>;

const std::string* ByKey(const Pairs& pairs, const std::string& key) {
  const auto exact = pairs.find(key);
  if (exact != pairs.end()) return &exact->second;
  for (const auto& [own, other] : pairs) {
    if (EqualsIgnoreCase(own, key)) return &other;
  }
  return nullptr;
}

const std::string* ByValue(const Pairs& pairs, const std::string& value) {
  for (const auto& [key, own] : pairs) {
    if (own == value) return &key;
  }
  for (const auto& [key, own] : pairs) {
    if (EqualsIgnoreCase(own, value)) return &key;
  }
  return nullptr;
}

}  // namespace

Value ToCrm(const ValueMap& rule, const std::string& value) {
  if (const std::string* found = ByKey(rule.to_crm, value)) return *found;
  return rule.crm_default ? *rule.crm_default : value;
}

Value FromCrm(const ValueMap& rule, const std::string& value) {
  if (const std::string* found = ByValue(rule.to_crm, value)) return *found;
  return rule.referral_default ? *rule.referral_default : value;
}

}  // namespace cosell::transforms
