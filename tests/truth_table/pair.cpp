#include "truth_table/pair.h"

#include <sstream>

#include "mapping/normalize.h"

namespace cosell::truth {
namespace {

// How a remote side shows what was written to it.
Value Shown(const FieldRule& rule, bool in_crm, const Value& written) {
  if (rule.type == FieldType::boolean) return written.value_or("false");
  const bool closed_otherwise =
      written == Value("declined") || written == Value("expired") || written == Value("error");
  if (rule.type == FieldType::status && in_crm && closed_otherwise) return "lost";
  return written;
}

std::string Text(const Value& value) { return value.value_or("(none)"); }

bool IsOpen(const Value& state) { return state == Value("new") || state == Value("active"); }

}  // namespace

Pair::Pair() {
  const std::size_t fields = mapping.fields.size();
  view.partner_center.emplace().values.resize(fields);
  view.crm.emplace().values.resize(fields);
  view.base.partner_center.resize(fields);
  view.base.crm.resize(fields);
  view.crm_facts.sync = true;
  PartnerCenterHas("status", "active");
  CrmHas("status", "active");
}

void Pair::PartnerCenterHas(const std::string& field, Value value) {
  view.partner_center->values[At(field)] = std::move(value);
  view.referral.open = IsOpen(view.partner_center->values[At("status")]);
}
void Pair::CrmHas(const std::string& field, Value value) {
  view.crm->values[At(field)] = std::move(value);
}
void Pair::AgreedOn(const std::string& field, const Value& partner_center, const Value& crm) {
  view.base.partner_center[At(field)] = partner_center;
  view.base.crm[At(field)] = crm;
}

void Pair::Answer(const LinkView& before, const Step& step) {
  const bool to_crm =
      step.operation == IntentOperation::update_crm || step.operation == IntentOperation::close_crm;
  const bool second_referral = step.operation == IntentOperation::create_connected_referral;
  for (const FieldWrite& write : step.writes) {
    const FieldRule& rule = mapping.fields[write.field];
    Value& target = (to_crm ? view.crm : view.partner_center)->values[write.field];
    if (!second_referral) target = Shown(rule, to_crm, write.value);
    (to_crm ? view.base.crm : view.base.partner_center)[write.field] = target;
    view.base.SetApart(write.field, false);
    view.written.push_back({to_crm ? Side::crm : Side::partner_center, write.field, target});
    const Value& from = (to_crm ? before.partner_center : before.crm)->values[write.field];
    const bool same = to_crm ? Agree(rule, from, target) : Agree(rule, target, from);
    if (from != write.value && !same) continue;
    (to_crm ? view.base.partner_center : view.base.crm)[write.field] = from;
  }
  if (second_referral) view.connected_referral = true;
  view.referral.open = IsOpen(view.partner_center->values[At("status")]);
}

void Pair::Settle(const Plan& plan) {
  for (const Settled& settled : plan.settled) {
    view.base.partner_center[settled.field] = settled.partner_center;
    view.base.crm[settled.field] = settled.crm;
    view.base.SetApart(settled.field, settled.apart);
  }
}

void Pair::Do(const Plan& plan) {
  const LinkView before = view;
  Settle(plan);
  for (const Step& step : plan.steps) Answer(before, step);
}

void Pair::Do(const Step& step) {
  const LinkView before = view;
  Answer(before, step);
}

std::string Print(const Pair& pair) {
  std::ostringstream out;
  const LinkView& view = pair.view;
  const auto base = [](const std::optional<Value>& value) {
    return value ? Text(*value) : "(unknown)";
  };
  for (FieldIndex i = 0; i < pair.mapping.fields.size(); ++i) {
    if (!view.partner_center->values[i] && !view.crm->values[i] && !view.base.Knows(i)) continue;
    out << pair.mapping.fields[i].name << ": base " << base(view.base.partner_center[i]) << " | "
        << base(view.base.crm[i]) << ", now " << Text(view.partner_center->values[i]) << " | "
        << Text(view.crm->values[i]) << "\n";
  }
  out << "sync " << view.crm_facts.sync << ", connected " << view.connected_referral << ", policy "
      << ToString(pair.policy.conflict) << "\n";
  return out.str();
}

std::string Print(const Plan& plan) {
  std::ostringstream out;
  for (const Step& step : plan.steps) {
    out << ToString(step.operation) << " because " << step.reason << ", " << step.status_reason
        << ", audit " << step.audit_success << step.from_crm << " " << step.audit_reason << "\n";
    for (const FieldWrite& write : step.writes) out << write.field << "=" << Text(write.value);
    for (const FieldChange& change : step.changes) {
      out << "  " << change.field << ": '" << change.before << "' -> '" << change.after << "' ("
          << change.rule << ": " << change.reason << ")\n";
    }
  }
  for (const Settled& settled : plan.settled) {
    out << "settled " << settled.field << ": " << Text(settled.partner_center) << " | "
        << Text(settled.crm) << "\n";
  }
  for (const PlannedConflict& conflict : plan.conflicts) {
    out << "conflict " << conflict.field << ": " << Text(conflict.base) << ", "
        << Text(conflict.partner_center) << " | " << Text(conflict.crm) << ", " << conflict.reason
        << "\n";
  }
  for (const Loser& loser : plan.losers) {
    out << "lost " << loser.field << " of " << ToString(loser.side) << ": " << Text(loser.value)
        << " by " << loser.rule << "\n";
  }
  out << ToString(plan.state) << ", " << plan.reason << ", " << plan.notice << "\n";
  return out.str();
}

}  // namespace cosell::truth
