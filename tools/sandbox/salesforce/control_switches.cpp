#include "tools/sandbox/salesforce/control_switches.h"

#include <stdexcept>
#include <utility>

namespace cosell::sandbox::salesforce {
namespace {

using Json = nlohmann::ordered_json;
template <typename T>
using Member = std::pair<const char*, T SalesforceSwitches::*>;

constexpr Member<bool> kFlags[] = {
    {"old_locators", &SalesforceSwitches::old_locators},
    {"no_op_bumps", &SalesforceSwitches::no_op_bumps},
    {"stage_restricted", &SalesforceSwitches::stage_restricted},
    {"upsert_204", &SalesforceSwitches::upsert_204},
    {"duplicate_allow_save", &SalesforceSwitches::duplicate_allow_save},
    {"assign_leads", &SalesforceSwitches::assign_leads},
    {"convert_copies_cosell_fields", &SalesforceSwitches::convert_copies_cosell_fields},
    {"empty_412_body", &SalesforceSwitches::empty_412_body},
    {"unmodified_since_uses_modstamp", &SalesforceSwitches::unmodified_since_uses_modstamp},
    {"collection_parse_errors_refuse_all", &SalesforceSwitches::collection_parse_errors_refuse_all},
    {"lenient_datetimes", &SalesforceSwitches::lenient_datetimes},
    {"null_booleans_refused", &SalesforceSwitches::null_booleans_refused},
    {"extra_result_members", &SalesforceSwitches::extra_result_members},
    {"limit_info_extra", &SalesforceSwitches::limit_info_extra},
    {"request_limit_exceeded", &SalesforceSwitches::request_limit_exceeded},
    {"gzip", &SalesforceSwitches::gzip},
};
constexpr Member<int> kNumbers[] = {
    {"deleted_status", &SalesforceSwitches::deleted_status},
    {"lock_errors", &SalesforceSwitches::lock_errors},
    {"composite_sibling_status", &SalesforceSwitches::composite_sibling_status},
};
constexpr Member<std::chrono::seconds> kTimes[] = {
    {"locator_lifetime_s", &SalesforceSwitches::locator_lifetime},
    {"commit_delay_s", &SalesforceSwitches::commit_delay},
    {"clock_offset_s", &SalesforceSwitches::clock_offset},
};

bool ApplyListed(SalesforceSwitches& switches, const std::string& name, const Json& value) {
  for (const auto& [flag, member] : kFlags) {
    if (name == flag) return switches.*member = value.get<bool>(), true;
  }
  for (const auto& [number, member] : kNumbers) {
    if (name == number) return switches.*member = value.get<int>(), true;
  }
  for (const auto& [time, member] : kTimes) {
    if (name == time) {
      return switches.*member = std::chrono::seconds(value.get<std::int64_t>()), true;
    }
  }
  return false;
}

bool ApplyOther(SalesforceSwitches& switches, const std::string& name, const Json& value) {
  if (name == "page_size_max") {
    switches.page_size_max = value.get<std::size_t>();
  } else if (name == "duplicate_rules") {
    switches.duplicate_rules = value.get<std::set<std::string>>();
  } else if (name == "missing_permissions") {
    switches.missing_permissions = value.get<std::set<std::string>>();
  } else if (name == "duplicate_key") {
    switches.duplicate_key = value.get<std::string>();
  } else if (name == "api_limit") {
    switches.api_limit = {value.at("used").get<std::uint64_t>(),
                          value.at("max").get<std::uint64_t>()};
  } else if (name == "delete_log_from") {
    switches.delete_log_from =
        value.is_null() ? std::nullopt : ParseInstant(value.get<std::string>());
  } else {
    return false;
  }
  return true;
}

}  // namespace

Json SwitchesJson(const SalesforceSwitches& switches) {
  Json json = Json::object();
  for (const auto& [name, member] : kFlags) json[name] = switches.*member;
  for (const auto& [name, member] : kNumbers) json[name] = switches.*member;
  for (const auto& [name, member] : kTimes) json[name] = (switches.*member).count();
  json["page_size_max"] = switches.page_size_max;
  json["duplicate_rules"] = switches.duplicate_rules;
  json["missing_permissions"] = switches.missing_permissions;
  json["duplicate_key"] = switches.duplicate_key;
  json["api_limit"] = {{"used", switches.api_limit.used}, {"max", switches.api_limit.max}};
  json["delete_log_from"] =
      switches.delete_log_from ? Json(FormatInstant(*switches.delete_log_from)) : Json(nullptr);
  return json;
}

void ApplySwitches(SalesforceSwitches& switches, const Json& json) {
  SalesforceSwitches changed = switches;
  for (const auto& [name, value] : json.items()) {
    try {
      if (ApplyListed(changed, name, value) || ApplyOther(changed, name, value)) continue;
    } catch (const Json::exception&) {
      throw std::invalid_argument("the value of switch '" + name + "' has the wrong type");
    }
    throw std::invalid_argument("there is no switch '" + name + "'");
  }
  switches = changed;
}

}  // namespace cosell::sandbox::salesforce
