#include "engine/engine.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>

#include "engine/pause.h"
#include "engine/person_work.h"
#include "engine/redefined.h"
#include "model/digest.h"

namespace cosell {
namespace {

using namespace std::chrono_literals;

// A full read of both sides once a day; sweeps in between look at what changed and at everything
// that waits.
constexpr std::chrono::hours kWholeReadEvery{24};
constexpr const char* kWasShadow = "shadow";
constexpr std::string_view kReferralsComplete = "referrals_complete";
// The loop gives a sign of life at least this often, however long a remote wants to be left alone.
constexpr auto kWaitMax = 60s;

Error Stopping() {
  return {ErrorKind::unreachable, "the service is stopping; try again when it runs"};
}

}  // namespace

struct Engine::Schedule {
  std::mutex mutex;
  std::condition_variable changed;
  bool stop = false;
  bool woken = false;
  std::deque<std::packaged_task<void()>> asked;
  // Monotonic.
  std::chrono::nanoseconds next_poll{0};
  std::chrono::nanoseconds next_sweep{0};
  std::chrono::nanoseconds not_before{0};  // a paused connection is not tried again before
  bool started = false;
  int pauses = 0;  // in a row
  std::atomic<std::int64_t> last_sign_of_life{0};
};

Engine::Engine(EngineOptions options, Mapping mapping, MappingOptions mapping_options, World world)
    : context_{std::move(options), {},           world.partner_center, world.crm, world.store,
               world.clock,        world.random, world.executor,       world.log},
      unbound_(std::move(mapping)),
      mapping_options_(std::move(mapping_options)),
      schedule_(std::make_unique<Schedule>()) {
  OnProgress({});
}

Engine::~Engine() = default;

Status Engine::Prepare() {
  context_.store.OpenConnection(context_.name(), context_.options.shadow ? "shadow" : "live");
  const auto schema = context_.crm.Describe(false);
  if (!schema) return schema.error();
  for (const std::string_view role : {"sync", "referral_id", "audit"}) {
    if (!schema->roles.contains(std::string(role))) {
      return Error{ErrorKind::forbidden,
                   "the CRM has no column for '" + std::string(role) +
                       "'; name it in crm.fields or create it, then run `cosell-sync check`"};
    }
  }
  std::vector<std::string> dropped;
  const bool leads = SyncsLeads(*schema);
  context_.can_qualify = schema->can_qualify;
  context_.mapping = BindMapping(unbound_, schema->roles, mapping_options_, &dropped,
                                 leads ? &schema->lead->roles : nullptr);
  context_.mapping.fingerprint =
      ContentHash(context_.mapping.fingerprint + "|" + schema->organization_id);
  for (const auto& field : dropped) {
    context_.log.Warning("a mapped field is off: the CRM has no column for it",
                         {{"connection", context_.name().text}, {"field", field}});
  }
  NoteMode();
  context_.crm.Select(RecordKind::opportunity, ColumnsToRead(context_.mapping));
  if (context_.mapping.lead)
    context_.crm.Select(RecordKind::lead, ColumnsToRead(*context_.mapping.lead));
  context_.redefined = FindRedefined(context_);
  prepared_ = true;
  return Done{};
}

// What shadow mode has only announced is work once the connection is live.
void Engine::NoteMode() {
  const bool was_shadow = context_.store.Cursor(context_.name(), kWasShadow) == "yes";
  if (was_shadow == context_.options.shadow) return;
  if (was_shadow) context_.store.MarkAllDirty(context_.name());
  Changes changes;
  changes.cursors.emplace_back(kWasShadow, was_shadow ? "" : "yes");
  context_.store.Commit(context_.name(), changes);
}

// Opportunities are synced without leads rather than not at all.
bool Engine::SyncsLeads(const CrmSchema& schema) {
  if (!context_.options.leads || !unbound_.lead) return false;
  std::string lacking = schema.lead ? "" : "leads";
  for (const char* role : {"audit", "referral_id", "sync"}) {
    if (schema.lead && !schema.lead->roles.contains(role)) lacking = role;
  }
  if (lacking.empty()) return true;
  context_.log.Warning(
      "leads are not synced: the CRM lacks something for them; create it or name it, or leave "
      "\"lead\" out of crm.records, then run `cosell-sync check`",
      {{"connection", context_.name().text}, {"lacking", lacking}});
  return false;
}

Status Engine::Ready() {
  if (!prepared_) {
    if (const auto prepared = Prepare(); !prepared) return prepared.error();
  }
  context_.erased = context_.store.ErasedPeople(context_.name());
  return Done{};
}

std::optional<Erasure> Engine::Erase(const std::string& id) {
  const std::lock_guard lock(work_);
  return context_.store.Erase(context_.name(), id);
}

std::int64_t Engine::AllowAgain(const std::string& id) {
  const std::lock_guard lock(work_);
  return context_.store.AllowAgain(context_.name(), id);
}

std::optional<RoundResult> Engine::NotReady() {
  const auto ready = Ready();
  if (ready) return std::nullopt;
  const std::string reason = Describe(ready.error());
  if (memory_.reason != reason)
    context_.store.SetConnectionState(context_.name(), "paused", reason);
  memory_.state = "paused";
  memory_.reason = reason;
  RoundResult result;
  result.broken = ready.error();
  result.reason = reason;
  return result;
}

RoundResult Engine::Round(const RoundRequest& request) {
  const std::lock_guard lock(work_);
  if (auto failed = NotReady()) return *failed;
  return RunRound(context_, memory_, request);
}

RoundResult Engine::Apply(const ReviewedPlan& reviewed) {
  const std::lock_guard lock(work_);
  if (auto failed = NotReady()) return *failed;
  return RunReviewed(context_, memory_, reviewed);
}

Result<std::vector<PlannedLink>> Engine::DryRun() {
  const std::lock_guard lock(work_);
  if (const auto ready = Ready(); !ready) return ready.error();
  Intake intake(context_);
  const auto taken = intake.Run(IntakeDepth::sweep, EmptySide::ignored);
  if (!taken) return taken.error();
  return PlanAllLinks(context_);
}

Status Engine::Resolve(const Resolution& resolution) {
  {
    const std::lock_guard lock(work_);
    if (const auto ready = Ready(); !ready) return ready.error();
    if (const auto kept = KeepDecision(context_, resolution); !kept) return kept.error();
  }
  Wake();
  return Done{};
}

Result<std::int64_t> Engine::RetryQuarantined(const std::string& record_id) {
  std::int64_t links = 0;
  {
    const std::lock_guard lock(work_);
    if (const auto ready = Ready(); !ready) return ready.error();
    const auto released = ReleaseQuarantined(context_, record_id);
    if (!released) return released.error();
    links = *released;
  }
  Wake();
  return links;
}

void Engine::OnProgress(std::function<void(const Progress&)> observer) {
  context_.on_progress = [this, observer = std::move(observer)](const Progress& progress) {
    schedule_->last_sign_of_life = context_.clock.Monotonic().count();
    if (observer) observer(progress);
  };
}

std::chrono::nanoseconds Engine::last_sign_of_life() const {
  return std::chrono::nanoseconds(schedule_->last_sign_of_life.load());
}

void Engine::OnRound(std::function<void(const RoundResult&)> observer) {
  observer_ = std::move(observer);
}

void Engine::Wake() {
  const std::lock_guard lock(schedule_->mutex);
  schedule_->woken = true;
  schedule_->changed.notify_all();
}

void Engine::Stop() {
  const std::lock_guard lock(schedule_->mutex);
  schedule_->stop = true;
  schedule_->changed.notify_all();
}

// Runs `task` on the loop's thread and waits for it; false when the loop is ending.
bool Engine::RunOnLoop(std::function<void()> work) {
  std::packaged_task<void()> task(std::move(work));
  auto done = task.get_future();
  {
    const std::lock_guard lock(schedule_->mutex);
    if (schedule_->stop) return false;
    schedule_->asked.push_back(std::move(task));
    schedule_->changed.notify_all();
  }
  try {
    done.get();
    return true;
  } catch (const std::future_error&) {
    return false;  // the loop ended before it came to this
  }
}

RoundResult Engine::RequestRound(const RoundRequest& request) {
  RoundResult result;
  if (!RunOnLoop([&] { result = Round(request); })) {
    result.broken = Stopping();
    result.reason = result.broken->message;
  }
  return result;
}

RoundResult Engine::RequestApply(const ReviewedPlan& reviewed) {
  RoundResult result;
  if (!RunOnLoop([&] { result = Apply(reviewed); })) {
    result.broken = Stopping();
    result.reason = result.broken->message;
  }
  return result;
}

Result<std::vector<PlannedLink>> Engine::RequestDryRun() {
  Result<std::vector<PlannedLink>> result = Stopping();
  RunOnLoop([&] { result = DryRun(); });
  return result;
}

IntakeDepth Engine::SweepDepth() {
  if (IsStoppedByEmptySide(context_)) return IntakeDepth::sweep;
  const auto last = context_.store.Cursor(context_.name(), std::string(kReferralsComplete));
  const auto at = last ? ParseInstant(*last) : std::nullopt;
  return at && context_.clock.Now() - *at < kWholeReadEvery ? IntakeDepth::poll
                                                            : IntakeDepth::sweep;
}

// What the schedule asks for now; an empty kind for nothing. Requires the mutex.
RoundRequest Engine::NextRequest() {
  Schedule& s = *schedule_;
  const auto now = context_.clock.Monotonic();
  RoundRequest request;
  const bool sweep = context_.options.sweep_interval.count() > 0 && now >= s.next_sweep;
  const bool poll = context_.options.poll_interval.count() > 0 && now >= s.next_poll;
  if (!s.started) {
    request = {"start", IntakeDepth::poll, {}};
  } else if (sweep) {
    request = {"sweep", IntakeDepth::sweep, {}};
  } else if (poll) {
    request = {"poll", IntakeDepth::poll, {}};
  } else if (s.woken) {
    request = {"event", IntakeDepth::events, {}};
  } else {
    request.kind.clear();
  }
  if (sweep || !s.started) s.next_sweep = now + context_.options.sweep_interval;
  if (sweep || poll || !s.started) s.next_poll = now + context_.options.poll_interval;
  s.started = true;
  s.woken = false;
  return request;
}

void Engine::RunAsked() {
  while (true) {
    std::packaged_task<void()> task;
    {
      const std::lock_guard lock(schedule_->mutex);
      if (schedule_->asked.empty()) return;
      task = std::move(schedule_->asked.front());
      schedule_->asked.pop_front();
    }
    task();
  }
}

void Engine::WaitForWork() {
  Schedule& s = *schedule_;
  const auto due = context_.store.NextDue(context_.name(), context_.clock.Now());
  std::unique_lock lock(s.mutex);
  const auto now = context_.clock.Monotonic();
  const auto longest = now + std::chrono::nanoseconds(kWaitMax);
  auto until = longest;
  if (context_.options.poll_interval.count() > 0) until = std::min(until, s.next_poll);
  if (context_.options.sweep_interval.count() > 0) until = std::min(until, s.next_sweep);
  if (due) {
    until = std::min(until, now + std::chrono::duration_cast<std::chrono::nanoseconds>(
                                      *due - context_.clock.Now()));
  }
  if (s.woken) until = now;
  until = std::min(std::max(until, s.not_before), longest);
  s.changed.wait_for(lock, std::max(until - now, std::chrono::nanoseconds(10ms)), [&] {
    return s.stop || !s.asked.empty() || (s.woken && context_.clock.Monotonic() >= s.not_before);
  });
  if (due && context_.clock.Now() >= *due) s.woken = true;
}

// A paused connection is tried again by itself, less and less often. Requires the mutex.
void Engine::Pause(const RoundResult& result) {
  Schedule& s = *schedule_;
  if (!result.broken) {
    s.pauses = 0;
    return;
  }
  s.not_before = context_.clock.Monotonic() + PauseAfter(*result.broken, s.pauses++);
  s.woken = true;
}

void Engine::Loop() {
  while (true) {
    schedule_->last_sign_of_life = context_.clock.Monotonic().count();
    RunAsked();
    RoundRequest request;
    {
      const std::lock_guard lock(schedule_->mutex);
      if (schedule_->stop) {
        schedule_->asked.clear();
        return;
      }
      if (context_.clock.Monotonic() >= schedule_->not_before)
        request = NextRequest();
      else
        request.kind.clear();
    }
    if (!request.kind.empty()) {
      if (request.kind == "sweep") request.depth = SweepDepth();
      const RoundResult result = Round(request);
      if (observer_) observer_(result);
      const std::lock_guard lock(schedule_->mutex);
      Pause(result);
    }
    WaitForWork();
  }
}

}  // namespace cosell
