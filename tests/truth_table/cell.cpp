#include "truth_table/cell.h"

#include <chrono>
#include <sstream>

namespace cosell::truth {
namespace {

std::string_view ToText(Letter letter) {
  constexpr std::array<std::string_view, 5> kTexts = {"unknown", "none", "a", "b", "c"};
  return kTexts[static_cast<std::size_t>(static_cast<int>(letter) + 1)];
}

std::string_view ToText(Direction direction) {
  switch (direction) {
    case Direction::both:
      return "both";
    case Direction::to_crm:
      return "to_crm";
    case Direction::to_partner_center:
      return "to_partner_center";
    case Direction::off:
      return "off";
  }
  return "?";
}

std::string_view ToText(Precedence precedence) {
  constexpr std::array<std::string_view, 6> kTexts = {
      "partner_center_wins",        "crm_wins", "newest_wins (pc newer)", "newest_wins (crm newer)",
      "newest_wins (nobody knows)", "ask"};
  return kTexts[static_cast<std::size_t>(precedence)];
}

std::string_view ToText(Referral referral) {
  constexpr std::array<std::string_view, 3> kTexts = {"new", "active", "closed"};
  return kTexts[static_cast<std::size_t>(referral)];
}

}  // namespace

std::vector<Circumstances> AllCircumstances() {
  std::vector<Circumstances> all;
  for (const bool gate_open : {true, false}) {
    for (const Referral referral : {Referral::active, Referral::fresh, Referral::closed}) {
      for (const bool crm_open : {true, false}) {
        for (const bool connected : {false, true}) {
          all.push_back({gate_open, referral, crm_open, connected});
        }
      }
    }
  }
  return all;
}

std::string Describe(const Cell& cell) {
  std::ostringstream out;
  out << cell.spelling->name << ": base (" << ToText(cell.base_partner_center) << ", "
      << ToText(cell.base_crm) << "), partner_center " << ToText(cell.partner_center) << ", crm "
      << ToText(cell.crm) << ", direction " << ToText(cell.direction)
      << (cell.one_way ? ", one way" : "") << ", " << ToText(cell.precedence) << ", gate "
      << (cell.now.gate_open ? "open" : "shut") << ", referral " << ToText(cell.now.referral)
      << ", crm " << (cell.now.crm_open ? "open" : "closed")
      << (cell.now.connected ? ", connected referral" : "");
  return out.str();
}

void PrintTo(const Spelling& spelling, std::ostream* out) { *out << spelling.name; }

Policy PolicyOf(Precedence precedence) {
  Policy policy;
  switch (precedence) {
    case Precedence::partner_center:
      policy.conflict = ConflictPolicy::partner_center_wins;
      break;
    case Precedence::crm:
      policy.conflict = ConflictPolicy::crm_wins;
      break;
    case Precedence::newest_partner_center:
    case Precedence::newest_crm:
    case Precedence::newest_unsure:
      policy.conflict = ConflictPolicy::newest_wins;
      break;
    case Precedence::ask:
      policy.conflict = ConflictPolicy::ask;
      break;
  }
  return policy;
}

FieldContext ContextOf(const Circumstances& now, Precedence precedence) {
  FieldContext context;
  context.gate_open = now.gate_open;
  context.referral_open = now.referral != Referral::closed;
  context.referral_accepted = now.referral != Referral::fresh;
  context.crm_open = now.crm_open;
  context.connected_referral = now.connected;
  const Instant noon = *ParseInstant("2026-03-01T12:00:00Z");
  const auto hour = std::chrono::hours(1);
  if (precedence == Precedence::newest_partner_center) {
    context.partner_center_changed_at = noon + hour;
    context.crm_changed_at = noon;
  } else if (precedence == Precedence::newest_crm) {
    context.partner_center_changed_at = noon;
    context.crm_changed_at = noon + hour;
  } else if (precedence == Precedence::newest_unsure) {
    context.crm_changed_at = noon;
  }
  return context;
}

FieldRule RuleOf(const Spelling& spelling, Direction direction, bool one_way) {
  FieldRule rule = spelling.rule;
  rule.direction = direction;
  rule.one_way = one_way;
  return rule;
}

}  // namespace cosell::truth
