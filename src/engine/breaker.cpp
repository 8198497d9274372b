#include "engine/breaker.h"

#include <algorithm>

#include "mapping/normalize.h"

namespace cosell {
namespace {

constexpr std::chrono::hours kWindow{1};
constexpr std::int64_t kWritesMax = 3;

Value ToValue(const std::string& text) { return text.empty() ? Value() : Value(text); }

bool SameOn(Side side, const FieldRule& rule, const Value& written, const Value& there) {
  return side == Side::crm ? IsEffectOf(rule, written, there) : IsEffectOf(rule, there, written);
}

// What we wrote last is not there, so it was not our own next write that replaced the earlier ones.
bool IsRewritten(const EngineContext& context, const LinkView& view, Side side,
                 const FieldWrite& write, const std::vector<WrittenValue>& history) {
  const FieldRule& rule = context.mapping.For(view.kind).fields[write.field];
  const auto& record = side == Side::crm ? view.crm : view.partner_center;
  const WrittenValue* last = nullptr;
  std::int64_t times = 0;
  for (const WrittenValue& written : history) {
    if (written.field != rule.name) continue;
    last = &written;
    times += ToValue(written.value) == write.value ? 1 : 0;
  }
  return times >= kWritesMax && record &&
         !SameOn(side, rule, ToValue(last->value), record->values[write.field]);
}

}  // namespace

std::string DoesNotRest(const std::string& field, Side side) {
  return "does not come to rest: something keeps rewriting " + field + " in " +
         (side == Side::crm ? "the CRM" : "Partner Center");
}

std::optional<std::string> KeepsBeingRewritten(EngineContext& context, const LinkWork& work,
                                               const LinkView& view, const Step& step) {
  if (step.writes.empty()) return std::nullopt;
  const Side side = SideOf(step.operation);
  const std::string& id = side == Side::crm ? work.link.crm_id.text : work.link.referral_id.text;
  if (id.empty()) return std::nullopt;
  const Instant hour_ago = context.clock.Now() - kWindow;
  const Instant since = std::max(hour_ago, work.link.counted_from.value_or(hour_ago));
  const auto history = context.store.WrittenValues(context.name(), side, id, since);
  for (const FieldWrite& write : step.writes) {
    if (IsRewritten(context, view, side, write, history))
      return DoesNotRest(context.mapping.For(view.kind).fields[write.field].name, side);
  }
  return std::nullopt;
}

}  // namespace cosell
