#include "tools/sandbox/dataverse/control_switches.h"

#include <stdexcept>
#include <utility>

namespace cosell::sandbox::dataverse {
namespace {

using Json = nlohmann::ordered_json;
using Flag = std::pair<const char*, bool DataverseSwitches::*>;

constexpr Flag kFlags[] = {
    {"closed_rows_read_only", &DataverseSwitches::closed_rows_read_only},
    {"refuse_statecode_in_create", &DataverseSwitches::refuse_statecode_in_create},
    {"refuse_read_only_members", &DataverseSwitches::refuse_read_only_members},
    {"alternate_key", &DataverseSwitches::alternate_key},
    {"solutions_table", &DataverseSwitches::solutions_table},
    {"qualify_copies_cosell_columns", &DataverseSwitches::qualify_copies_cosell_columns},
    {"qualify_names_opportunity", &DataverseSwitches::qualify_names_opportunity},
    {"change_tracking", &DataverseSwitches::change_tracking},
    {"expired_token_answers_410", &DataverseSwitches::expired_token_answers_410},
    {"empty_error_codes", &DataverseSwitches::empty_error_codes},
    {"extra_members", &DataverseSwitches::extra_members},
    {"dates_as_timestamps", &DataverseSwitches::dates_as_timestamps},
    {"crlf_memos", &DataverseSwitches::crlf_memos},
    {"other_language_first", &DataverseSwitches::other_language_first},
    {"application_user_missing", &DataverseSwitches::application_user_missing},
    {"push_twice", &DataverseSwitches::push_twice},
    {"push_shuffled", &DataverseSwitches::push_shuffled},
    {"push_oversized", &DataverseSwitches::push_oversized},
    {"push_lost", &DataverseSwitches::push_lost},
};

bool ApplyFlag(DataverseSwitches& switches, const std::string& name, const Json& value) {
  for (const auto& [flag, member] : kFlags) {
    if (name != flag) continue;
    switches.*member = value.get<bool>();
    return true;
  }
  return false;
}

bool ApplyOther(DataverseSwitches& switches, const std::string& name, const Json& value) {
  if (name == "change_tracking_retention_h") {
    switches.change_tracking_retention = std::chrono::hours(value.get<int>());
  } else if (name == "duplicate_status") {
    switches.duplicate_status = value.get<int>();
  } else if (name == "missing_privileges") {
    switches.missing_privileges = value.get<std::set<std::string>>();
  } else if (name == "clock_offset_s") {
    switches.clock_offset = std::chrono::seconds(value.get<int>());
  } else if (name == "push_delay_ms") {
    switches.push_delay = std::chrono::milliseconds(value.get<int>());
  } else {
    return false;
  }
  return true;
}

}  // namespace

Json SwitchesJson(const DataverseSwitches& switches) {
  Json json = Json::object();
  for (const auto& [name, member] : kFlags) json[name] = switches.*member;
  json["change_tracking_retention_h"] = switches.change_tracking_retention.count();
  json["duplicate_status"] = switches.duplicate_status;
  json["missing_privileges"] = switches.missing_privileges;
  json["clock_offset_s"] = switches.clock_offset.count();
  json["push_delay_ms"] = switches.push_delay.count();
  return json;
}

void ApplySwitches(DataverseSwitches& switches, const Json& json) {
  DataverseSwitches changed = switches;
  for (const auto& [name, value] : json.items()) {
    try {
      if (ApplyFlag(changed, name, value) || ApplyOther(changed, name, value)) continue;
    } catch (const Json::exception&) {
      throw std::invalid_argument("the value of switch '" + name + "' has the wrong type");
    }
    throw std::invalid_argument("there is no switch '" + name + "'");
  }
  switches = changed;
}

}  // namespace cosell::sandbox::dataverse
