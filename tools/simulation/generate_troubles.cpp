#include "tools/simulation/generate_troubles.h"

#include <array>
#include <vector>

namespace cosell::simulation {
namespace {

using sandbox::CrmProduct;
using sandbox::FaultKind;
using sandbox::FaultRule;

// An answer of Salesforce by its own catalogue (contract salesforce.md 14.2). It never says how
// long to wait.
struct SalesforceAnswer {
  int status;
  const char* code;
  const char* method;
  const char* path;
  const char* body;
};
constexpr char kOneRecord[] = "/v[0-9.]+/sobjects/[A-Za-z]+/";
constexpr std::array<Weighted<SalesforceAnswer>, 13> kSalesforceAnswers = {{
    {{401, "INVALID_SESSION_ID", "", "", "auto"}, 4},
    {{403, "REQUEST_LIMIT_EXCEEDED", "", "", "auto"}, 3},
    {{503, "SERVER_UNAVAILABLE", "", "", "auto"}, 3},
    {{500, "UNKNOWN_EXCEPTION", "", "", "auto"}, 2},
    {{400, "UNABLE_TO_LOCK_ROW", "PATCH", kOneRecord, "auto"}, 3},
    {{400, "UNABLE_TO_LOCK_ROW", "POST", "/v[0-9.]+/sobjects/", "auto"}, 1},
    {{412, "", "PATCH", "/v[0-9.]+/sobjects/Opportunity/006", "auto"}, 3},
    {{400, "QUERY_TIMEOUT", "GET", "/query", "auto"}, 1},
    {{400, "INVALID_QUERY_LOCATOR", "GET", "/query", "auto"}, 1},
    {{503, "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", "PATCH", "", "auto"}, 1},
    {{400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "PATCH", kOneRecord, "auto"}, 1},
    {{502, "", "", "", "html"}, 1},
    {{420, "", "", "", "html"}, 1},
}};

class Troublemaker {
 public:
  Troublemaker(Chance& chance, CrmProduct product) : chance_(chance), product_(product) {}

  Trouble Make() {
    Trouble trouble;
    trouble.spot = chance_.Pick<Spot>({{Spot::remote, 50},
                                       {Spot::store_busy, 3},
                                       {Spot::store_full, 4},
                                       {Spot::store_broken, 4},
                                       {Spot::crash_before_send, 7},
                                       {Spot::crash_after_effect, 10},
                                       {Spot::crash_after_answer, 8},
                                       {Spot::crash_after_commit, 6},
                                       {Spot::crash_before_store_write, 4},
                                       {Spot::crash_after_store_write, 4}});
    const bool of_files = trouble.spot >= Spot::store_busy && trouble.spot <= Spot::store_broken;
    trouble.nth = 1 + chance_.Below(of_files                                         ? 30
                                    : trouble.spot >= Spot::crash_before_store_write ? 12
                                                                                     : 4);
    if (trouble.spot == Spot::remote) trouble.rule = Rule();
    return trouble;
  }

 private:
  FaultRule Rule() {
    FaultRule rule;
    rule.service = chance_.Pick<const char*>(
        {{kCrmService, 46}, {"referrals", 46}, {kCrmSignIn, 4}, {kPartnerSignIn, 4}});
    rule.method = chance_.Pick<const char*>({{"", 3}, {"POST", 3}, {"PATCH", 4}, {"GET", 2}});
    if (rule.service == kCrmSignIn || rule.service == kPartnerSignIn) rule.method.clear();
    rule.skip = chance_.Pick<int>({{0, 6}, {1, 3}, {2, 1}});
    rule.times = chance_.Pick<int>({{1, 6}, {2, 2}, {5, 1}});
    rule.kind = chance_.Pick<FaultKind>({{FaultKind::status, 10},
                                         {FaultKind::unreachable, 2},
                                         {FaultKind::drop_before, 3},
                                         {FaultKind::drop_after, 5},
                                         {FaultKind::truncate, 2},
                                         {FaultKind::html, 2},
                                         {FaultKind::invalid_json, 2}});
    if (rule.kind != FaultKind::status) return rule;
    const bool salesforce = rule.service == kCrmService && product_ == CrmProduct::salesforce;
    salesforce ? SetSalesforceAnswer(&rule) : SetStatus(&rule);
    return rule;
  }

  void SetStatus(FaultRule* rule) {
    const bool sign_in = rule->service == kCrmSignIn || rule->service == kPartnerSignIn;
    rule->status =
        sign_in
            ? chance_.Pick<int>({{429, 2}, {500, 1}, {503, 3}})
            : chance_.Pick<int>(
                  {{401, 2}, {403, 2}, {412, 3}, {429, 3}, {500, 2}, {502, 1}, {503, 2}, {504, 1}});
    if (rule->status == 412) rule->method = "PATCH";
    const bool may_ask_to_wait = rule->status == 429 || rule->status == 503;
    if (!may_ask_to_wait || chance_.Percent(30)) return;
    rule->retry_after_s = chance_.Pick<int>({{1, 3}, {4, 3}, {37, 2}, {120, 1}});
    rule->retry_after_as_date = chance_.Percent(40);
  }

  void SetSalesforceAnswer(FaultRule* rule) {
    const auto answer =
        chance_.Pick(std::span<const Weighted<SalesforceAnswer>>(kSalesforceAnswers));
    rule->status = answer.status;
    rule->code = answer.code;
    rule->body = answer.body;
    if (*answer.method != '\0') rule->method = answer.method;
    rule->path = answer.path;
    // More often than the service tries.
    if (rule->code == "UNABLE_TO_LOCK_ROW" && chance_.Percent(30)) rule->times = 8;
  }

  Chance& chance_;
  const CrmProduct product_;
};

}  // namespace

void GenerateTroubles(Chance& chance, Script* script) {
  std::vector<int> busy;
  for (const Step& step : script->steps) {
    if (IsRound(step.act) || step.act == Act::deliver) busy.push_back(step.number);
  }
  if (busy.empty()) return;
  const int count = chance.Pick<int>({{0, 25}, {1, 35}, {2, 25}, {3, 15}});
  for (int i = 0; i < count; ++i) {
    Trouble trouble = Troublemaker(chance, script->product).Make();
    trouble.number = static_cast<int>(script->steps.size()) + i + 1;
    trouble.step = busy[static_cast<std::size_t>(chance.Below(static_cast<int>(busy.size())))];
    script->troubles.push_back(std::move(trouble));
  }
}

}  // namespace cosell::simulation
