#include "story/tell.h"

#include "base/text.h"
#include "story/rules.h"

namespace cosell {
namespace {

using Kind = FieldEvent::Kind;

std::string Quoted(const Value& value) {
  if (!value) return "nothing";
  return "'" + ReplaceAll(ReplaceAll(*value, "\r", ""), "\n", " / ") + "'";
}

std::string Shown(const SideValue& side, const std::string& unknown) {
  return side.known ? Quoted(side.value) : unknown;
}

std::string ValueOf(const FieldEvent& event) {
  return event.erased ? "a value that was erased since" : Quoted(event.value);
}

// "; learnt by an event (referral-updated received ...) at ..."
std::string Learnt(const FieldEvent& event) {
  std::string text = "; learnt by " + CauseInWords(event.source);
  if (!event.detail.empty()) text += " (" + event.detail + ")";
  if (event.seen_at) text += " at " + FormatSeconds(*event.seen_at);
  return text;
}

std::string WhyWritten(const FieldEvent& event) {
  std::string text = RuleInWords(event.rule);
  if (!event.cause.empty()) text += "; caused by " + CauseInWords(event.cause);
  text += "; audit entry " + std::to_string(event.audit_id);
  if (!event.correlation_id.empty()) text += ", correlation id " + event.correlation_id;
  if (!event.request_id.empty())
    text += ", request id of " + NameOf(event.side) + " " + event.request_id;
  return text;
}

std::string Present(const Explanation& told) {
  const std::string unread = "not read";
  std::string text = "  Partner Center has " + Shown(told.partner_center, unread) + "\n";
  text += "  the CRM has        " + Shown(told.crm, unread) + "\n";
  const bool same = told.base_partner_center.known == told.base_crm.known &&
                    told.base_partner_center.value == told.base_crm.value;
  text += "  last agreed        ";
  if (same) {
    text += Shown(told.base_crm, "never") + "\n";
  } else {
    text += Shown(told.base_partner_center, "never") + " in Partner Center, " +
            Shown(told.base_crm, "never") + " in the CRM\n";
  }
  if (told.apart) text += "  The two sides were left different on purpose.\n";
  return text;
}

std::string Why(const Explanation& told) {
  std::string text;
  if (told.decided_by) {
    const FieldEvent& write = told.events[*told.decided_by];
    text += "  " + FormatSeconds(write.at) + " cosell-sync wrote " + ValueOf(write) + " to " +
            NameOf(write.side) + ": " + RuleInWords(write.rule) + ".\n";
    if (!write.reason.empty()) text += "  Reason given then: " + write.reason + ".\n";
    text += "  Caused by " + CauseInWords(write.cause) + " (run " + write.run_id +
            "), audit entry " + std::to_string(write.audit_id) + ".\n";
  } else {
    text +=
        "  cosell-sync has not written this value: the sides had it when they were paired, or "
        "people brought it to each.\n";
  }
  if (told.brought_by) {
    const FieldEvent& edit = told.events[*told.brought_by];
    text += "  " + Quoted(edit.value) + " came up in " + NameOf(edit.side) + " on " +
            FormatSeconds(edit.at) + Learnt(edit) + ".\n";
  }
  return text;
}

std::string Waiting(const Explanation& told) {
  std::string text;
  if (told.conflict) {
    text += "  Open conflict since " + FormatSeconds(told.conflict->since) +
            ": it waits for a person (cosell-sync conflicts resolve).\n";
  }
  if (told.decision) {
    text += "  A person decided on " + FormatSeconds(told.decision->decided_at) + ": take " +
            std::string(ToString(told.decision->take)) + "; it is still to be carried out.\n";
  }
  return text;
}

}  // namespace

std::string NameOf(Side side) { return side == Side::crm ? "the CRM" : "Partner Center"; }

std::string EventAsText(const FieldEvent& event) {
  switch (event.kind) {
    case Kind::seen:
      return NameOf(event.side) + " has " + Quoted(event.value) + Learnt(event);
    case Kind::written:
      return "written to " + NameOf(event.side) + ": " + ValueOf(event) + " (" + event.outcome +
             "); " + WhyWritten(event);
    case Kind::refused:
      return "not written to " + NameOf(event.side) + ": " + ValueOf(event) + " (" + event.outcome +
             "): " + event.reason + "; " + WhyWritten(event);
    case Kind::unclear:
      return "sent to " + NameOf(event.side) + " without a clear answer: " + ValueOf(event) + "; " +
             WhyWritten(event);
    case Kind::lost:
      return "decided against: " + Quoted(event.value) + " of " + NameOf(event.side) + "; " +
             RuleInWords(event.rule) + "; kept, and can be brought back";
    case Kind::deleted:
      return "the record in " + NameOf(event.side) + " was deleted" + Learnt(event);
  }
  return "";
}

std::string ExplanationAsText(const Explanation& told) {
  std::string text = told.field + " of link " + std::to_string(told.link_id) + " (" +
                     std::string(ToString(told.state)) + ")\n" + Present(told) + "Why\n" +
                     Why(told) + Waiting(told) + "All that is recorded\n";
  for (const FieldEvent& event : told.events) {
    text += "  " + FormatSeconds(event.at) + "  " + EventAsText(event) + "\n";
  }
  if (told.events.empty()) text += "  nothing: the field has not changed since it is recorded\n";
  return text;
}

}  // namespace cosell
