#include "mapping/conditions.h"

#include <algorithm>

#include "base/text.h"
#include "mapping/document.h"
#include "mapping/json_read.h"
#include "mapping/pointer.h"
#include "mapping/reader.h"
#include "mapping/referral_members.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

bool Holds(const Condition& condition, const JsonElement& root) {
  const auto value =
      condition.of_crm ? MemberOf(root, condition.at) : WalkTo(root, condition.steps);
  const std::string text = value ? ScalarIn(*value) : "";
  const bool found =
      std::any_of(condition.accepted.begin(), condition.accepted.end(),
                  [&](const std::string& each) { return EqualsIgnoreCase(each, text); });
  return found != condition.negated;
}

Result<std::vector<bool>> Allowed(const Mapping& mapping, std::string_view raw, bool of_crm) {
  if (!mapping.has_conditions) return std::vector<bool>();
  const auto root = ParseElement(raw, of_crm ? "the CRM record" : "the referral");
  if (!root) return root.error();
  std::vector<bool> allowed;
  for (const FieldRule& rule : mapping.fields) {
    allowed.push_back(
        std::all_of(rule.when.begin(), rule.when.end(), [&](const Condition& condition) {
          return condition.of_crm != of_crm || Holds(condition, *root);
        }));
  }
  return allowed;
}

std::vector<std::string> AcceptedOf(Reader& reader, const Json& list, const std::string& path) {
  std::vector<std::string> accepted;
  for (const Json& each : list.is_array() ? list : Json::array()) {
    if (each.is_string()) {
      accepted.push_back(each.get<std::string>());
    } else if (each.is_number() || each.is_boolean()) {
      accepted.push_back(each.dump());
    } else {
      reader.Problem(path, "must hold plain values only; \"\" stands for nothing");
    }
  }
  if (!list.is_array() || list.empty())
    reader.Problem(path, "must be a list of accepted values, or {\"not\": [...]}");
  return accepted;
}

}  // namespace

Result<std::vector<bool>> AllowedByReferral(const Mapping& mapping, std::string_view raw) {
  return Allowed(mapping, raw, false);
}

Result<std::vector<bool>> AllowedByCrm(const Mapping& mapping, std::string_view raw) {
  return Allowed(mapping, raw, true);
}

std::vector<Condition> ParseConditions(Reader& reader, const Json& when, const std::string& path) {
  std::vector<Condition> conditions;
  if (!when.is_object()) {
    reader.Problem(path, "must be an object of referral members and CRM columns");
    return conditions;
  }
  for (const auto& item : when.items()) {
    const std::string at = PathOf(path, item.key());
    Condition condition;
    condition.at = item.key();
    condition.of_crm = !item.key().starts_with('/');
    if (!condition.of_crm) condition.steps = StepsOf(item.key());
    if (!condition.of_crm && !FindReferralMember(item.key()))
      reader.Problem(at, "is no member of a referral; a CRM column is named without a slash");
    condition.negated = item.value().is_object();
    if (condition.negated) reader.OnlyKeys(item.value(), at, {"not"});
    condition.accepted = AcceptedOf(
        reader, condition.negated ? item.value().value("not", Json()) : item.value(), at);
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

}  // namespace cosell
