#include "tools/simulation/runner.h"

#include "tools/simulation/arrivals.h"
#include "tools/simulation/crm_side.h"
#include "tools/simulation/rest.h"
#include "tools/simulation/stage.h"

namespace cosell::simulation {
namespace {

void ChangeWorld(Stage& stage, const Step& step) {
  auto& switches = stage.world().switches();
  switch (step.act) {
    case Act::time_passes:
      return stage.Pass(std::chrono::seconds(step.amount));
    case Act::second_strikes:
      return stage.PassToTheSecond();
    case Act::our_clock_is_off:
      return stage.SkewOurClock(std::chrono::seconds(step.amount));
    case Act::partner_clock_is_off:
      switches.clock_offset_s = step.amount;
      return;
    case Act::reads_lag:
      switches.stale_get_s = switches.stale_list_s = step.amount;
      return;
    case Act::pages_shift:
      switches.page_size_max = step.amount == 0 ? sandbox::Switches{}.page_size_max : step.amount;
      switches.page_by_offset = step.amount != 0;
      return;
    case Act::webhooks_get_lost:
      switches.event_lost_percent = step.amount;
      return;
    case Act::webhooks_double:
      switches.event_duplicate_percent = step.amount;
      return;
    case Act::webhooks_late:
      switches.event_delay_ms = step.amount * 1000;
      return;
    case Act::webhooks_shuffle:
      switches.event_reorder_ms = step.amount * 1000;
      return;
    default:
      DisturbCrm(stage.world(), stage.desk().product(), step);
  }
}

void Operate(Stage& stage, const Step& step) {
  switch (step.act) {
    case Act::poll:
      return stage.Round(IntakeDepth::poll);
    case Act::sweep:
      return stage.Round(IntakeDepth::sweep);
    case Act::events:
      return stage.Round(IntakeDepth::events);
    case Act::deliver:
      return stage.Deliver();
    case Act::restart:
      return stage.Restart();
    case Act::lose_database:
      return stage.LoseDatabase();
    case Act::back_up:
      return stage.BackUp();
    default:
      return stage.RestoreBackup();
  }
}

void Carry(Stage& stage, const Script& script, const Step& step) {
  stage.trace().Line("step " + std::to_string(step.number) + " " + Describe(step));
  std::vector<Trouble> troubles;
  for (const Trouble& trouble : script.troubles) {
    if (trouble.step == step.number) troubles.push_back(trouble);
  }
  stage.Arm(troubles);
  if (step.act < Act::time_passes) {
    stage.Do(step);
  } else if (step.act < Act::poll) {
    ChangeWorld(stage, step);
  } else {
    Operate(stage, step);
  }
  stage.outcome().remote_writes_of_last_step = stage.saboteur().remote_writes();
  stage.Disarm();
}

Outcome Finish(Stage& stage) {
  Outcome& outcome = stage.outcome();
  outcome.requests = stage.world().log().last_sequence();
  outcome.writes = static_cast<std::int64_t>(stage.CommittedWrites());
  stage.trace().Line(outcome.end);
  for (const Violation& violation : outcome.violations)
    stage.trace().Line(violation.invariant + ": " + violation.text);
  outcome.trace_hash = stage.trace().hash();
  outcome.trace = stage.trace().text();
  return std::move(outcome);
}

}  // namespace

Outcome RunScript(const Script& script, const Workshop& workshop) {
  Stage stage(script, workshop);
  stage.Restart();
  for (const Step& step : script.steps) Carry(stage, script, step);
  ComeToRest(stage);
  if (stage.service().running()) {
    Judge(stage);
    CheckNoEcho(stage);
    if (script.arrives_at_rest && stage.outcome().violations.empty()) {
      TellArrivals(stage);
      ComeToRest(stage);
      Judge(stage);
    }
    if (script.lost_at_rest) CheckRebuild(stage);
  }
  stage.service().Kill();
  return Finish(stage);
}

void CheckSameHistory(const Outcome& once, Outcome* again) {
  if (once.trace_hash == again->trace_hash) return;
  again->violations.push_back({"I12 not the same", "the same script left two traces"});
}

}  // namespace cosell::simulation
