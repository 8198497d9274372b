#include "cli/print_plan.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/text_table.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOperations = {{
    {"create_referral", "create the referral"},
    {"create_connected_referral", "ask Microsoft for help with a referral of its own"},
    {"update_referral", "change the referral"},
    {"create_crm", "create the CRM record"},
    {"update_crm", "change the CRM record"},
    {"close_crm", "close the CRM record"},
}};

std::string OperationAsText(const std::string& operation) {
  for (const auto& [name, text] : kOperations) {
    if (name == operation) return std::string(text);
  }
  return operation;
}

std::string Value(const Json& value) {
  const std::string text = Shorten(value.get<std::string>());
  return text.empty() ? "(none)" : text;
}

std::string Count(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string Indented(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> moved;
  for (const auto& row : rows) {
    moved.push_back(row);
    moved.back().front() = "      " + row.front();
  }
  return FormatTable(moved);
}

std::string HeadOf(const Json& link) {
  std::string head = "  link " + std::to_string(link["link"].get<std::int64_t>());
  const auto referral = link["referral_id"].get<std::string>();
  const auto crm = link["crm_id"].get<std::string>();
  head += referral.empty() ? ", not shared yet" : ", referral " + referral;
  head += crm.empty() ? ", not in the CRM yet"
                      : ", " + link["record_kind"].get<std::string>() + " " + crm;
  return head + "\n";
}

std::string StepAsText(const Json& step) {
  std::string text = "    " + OperationAsText(step["operation"].get<std::string>()) + ": " +
                     step["reason"].get<std::string>() + "\n";
  std::vector<std::vector<std::string>> rows;
  for (const Json& change : step["changes"]) {
    rows.push_back({change["field"].get<std::string>(),
                    Value(change["before"]) + " -> " + Value(change["after"]),
                    change["reason"].get<std::string>()});
  }
  return text + Indented(rows);
}

std::string ConflictAsText(const Json& conflict) {
  return "    conflict in " + conflict["field"].get<std::string>() + ": " +
         conflict["reason"].get<std::string>() + "\n" +
         Indented({{"last agreed", Value(conflict["base"])},
                   {"Partner Center", Value(conflict["partner_center"])},
                   {"CRM", Value(conflict["crm"])}});
}

}  // namespace

std::string PlanAsText(const Json& plan) {
  std::string text = plan["connection"].get<std::string>() + ": " +
                     Count(plan["links"].size(), "link", "links") +
                     " would change or need a person\n";
  for (const Json& link : plan["links"]) {
    text += HeadOf(link);
    for (const Json& step : link["steps"]) text += StepAsText(step);
    for (const Json& conflict : link["conflicts"]) text += ConflictAsText(conflict);
  }
  return text;
}

}  // namespace cosell::cli
