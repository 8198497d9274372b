#include "crm/dataverse/prepare.h"

#include <charconv>

#include "base/text.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/qualified.h"
#include "crm/dataverse/solution_writer.h"

namespace cosell::dataverse {
namespace {

// Contract section 6.1.
constexpr std::int64_t kInProgress = 1;
constexpr std::int64_t kWonState = 1;
constexpr std::int64_t kLostState = 2;
constexpr std::int64_t kDefaultWon = 3;
constexpr std::int64_t kDefaultLost = 4;

std::vector<Attribute> WithoutColumn(std::vector<Attribute> attributes, std::string_view name) {
  std::erase_if(attributes, [&](const Attribute& each) { return each.name == name; });
  return attributes;
}

void SetLookup(std::vector<Attribute>& attributes, const std::string& name, const std::string& id) {
  if (id.empty()) return;
  attributes = WithoutColumn(std::move(attributes), name);
  attributes.push_back({name, Quoted(id)});
}

// The status reasons of a state, for a message.
std::string ReasonsOf(const Column& column, std::int64_t state) {
  std::vector<std::string> reasons;
  for (const auto& [value, of] : column.states) {
    if (of != state) continue;
    const auto label = column.labels.find(value);
    reasons.push_back(std::to_string(value) +
                      (label == column.labels.end() ? "" : " " + label->second));
  }
  return Join(reasons, ", ");
}

Status CheckReason(const Table& table, std::int64_t status, std::int64_t state) {
  const Column* column = table.Find("statuscode");
  if (column == nullptr || column->states.empty()) return Done{};
  const auto found = column->states.find(status);
  if (found != column->states.end() && found->second == state) return Done{};
  return Refusal("Status reason " + std::to_string(status) +
                 " does not belong to the wanted state; the CRM has: " + ReasonsOf(*column, state) +
                 ". Correct the mapping's status table");
}

// The state that an update of a lead moves it to; nothing where it leaves it alone.
Result<std::optional<std::int64_t>> StateOfLead(const Job& job) {
  std::optional<std::int64_t> state;
  if (job.records->kind() != RecordKind::lead) return state;
  const Table& table = job.table();
  for (const Attribute& each : job.write->attributes) {
    std::int64_t value = 0;
    const auto [end, problem] =
        std::from_chars(each.json.data(), each.json.data() + each.json.size(), value);
    if (each.name == "statecode" && problem == std::errc{}) state = value;
  }
  const auto reason = StatusOf(table, job.write->attributes);
  if (!reason) return reason.error();
  const Column* column = table.Find("statuscode");
  if (*reason && !state && column != nullptr) {
    const auto known = column->states.find(**reason);
    if (known != column->states.end()) state = known->second;
  }
  if (state == kQualifiedState) {
    return Refusal(
        "A lead is not qualified by writing its status: that would leave it without an "
        "opportunity. Correct the mapping's status table");
  }
  if (*reason && state) {
    if (const Status checked = CheckReason(table, **reason, *state); !checked) {
      return checked.error();
    }
  }
  return state;
}

// The attributes that are columns; solutions may be rows of their own.
std::vector<Attribute> OwnColumns(Job& job) {
  std::vector<Attribute> attributes = job.write->attributes;
  const auto& solutions = job.records->organization().solutions;
  if (job.records->kind() != RecordKind::opportunity || !solutions) return attributes;
  job.solutions = TakeSolutions(*solutions, attributes);
  // Without rows the text would be read as the opportunity's solutions.
  const bool cleared = job.solutions && job.solutions->empty();
  if (cleared && !solutions->products_text.empty()) {
    attributes.push_back({solutions->products_text, "null"});
  }
  return attributes;
}

}  // namespace

std::int64_t WantedState(const CrmWrite& write) { return write.won ? kWonState : kLostState; }

Status PrepareCreate(Job& job, const Currencies& currencies) {
  auto status = StatusOf(job.table(), job.write->attributes);
  if (!status) return status.error();
  job.wanted_status = *status;
  std::vector<Attribute> attributes = OwnColumns(job);
  // The default reason comes by itself, and some forms of create do not take one (mapping contract
  // section 14.2).
  if (job.wanted_status.value_or(kInProgress) == kInProgress) {
    attributes = WithoutColumn(std::move(attributes), "statuscode");
  }
  SetLookup(attributes, "parentaccountid", job.account_id);
  SetLookup(attributes, "parentcontactid", job.contact_id);
  auto body = BuildBody(job.table(), currencies, attributes, BodyFor::create);
  if (!body) return body.error();
  job.body = *std::move(body);
  return Done{};
}

Status PrepareUpdate(Job& job, const Currencies& currencies) {
  auto state = StateOfLead(job);
  if (!state) return state.error();
  auto body =
      BuildBody(job.table(), currencies, OwnColumns(job), BodyFor::update, *std::move(state));
  if (!body) return body.error();
  job.body = *std::move(body);
  return Done{};
}

Status PrepareClose(Job& job) {
  auto status = StatusOf(job.table(), job.write->attributes);
  if (!status) return status.error();
  job.wanted_status = status->value_or(job.write->won ? kDefaultWon : kDefaultLost);
  if (const Status checked = CheckReason(job.table(), *job.wanted_status, WantedState(*job.write));
      !checked) {
    return checked;
  }
  job.body.json =
      CloseBody(job.id, *job.wanted_status, job.write->close_subject, job.write->close_description);
  return Done{};
}

}  // namespace cosell::dataverse
