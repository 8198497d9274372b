#include <iostream>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/inspect.h"
#include "story/explain.h"
#include "story/rules.h"
#include "story/tell.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;
using Kind = FieldEvent::Kind;

const char* NameOf(Kind kind) {
  switch (kind) {
    case Kind::seen:
      return "seen";
    case Kind::written:
      return "written";
    case Kind::refused:
      return "refused";
    case Kind::unclear:
      return "unclear";
    case Kind::lost:
      return "decided_against";
    case Kind::deleted:
      return "deleted";
  }
  return "";
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json ValueOrNull(const Value& value) { return value ? Json(*value) : Json(nullptr); }

Json SideAsJson(const SideValue& side) {
  return {{"known", side.known}, {"value", ValueOrNull(side.value)}};
}

Json EventAsJson(const FieldEvent& event) {
  const bool audited = event.audit_id != 0;
  return {{"kind", NameOf(event.kind)},
          {"side", ToString(event.side)},
          {"record_id", event.record_id},
          {"at", FormatInstant(event.at)},
          {"seen_at", event.seen_at ? Json(FormatInstant(*event.seen_at)) : Json(nullptr)},
          {"value", ValueOrNull(event.value)},
          {"erased", event.erased},
          {"source", TextOrNull(event.source)},
          {"detail", TextOrNull(event.detail)},
          {"rule", TextOrNull(event.rule)},
          {"rule_in_words", TextOrNull(event.rule.empty() ? "" : RuleInWords(event.rule))},
          {"reason", TextOrNull(event.reason)},
          {"cause", TextOrNull(event.cause)},
          {"audit_id", audited ? Json(event.audit_id) : Json(nullptr)},
          {"run_id", TextOrNull(event.run_id)},
          {"correlation_id", TextOrNull(event.correlation_id)},
          {"request_id", TextOrNull(event.request_id)},
          {"outcome", TextOrNull(event.outcome)},
          {"in_words", EventAsText(event)}};
}

Json EventOrNull(const Explanation& told, const std::optional<std::size_t>& position) {
  return position ? EventAsJson(told.events[*position]) : Json(nullptr);
}

Json AsJson(const ConnectionName& connection, const Explanation& told) {
  Json json = {
      {"connection", connection.text},
      {"link", told.link_id},
      {"referral_id", TextOrNull(told.referral_id)},
      {"crm_id", TextOrNull(told.crm_id)},
      {"state", ToString(told.state)},
      {"field", told.field},
      {"partner_center", SideAsJson(told.partner_center)},
      {"crm", SideAsJson(told.crm)},
      {"base",
       {{"partner_center", SideAsJson(told.base_partner_center)},
        {"crm", SideAsJson(told.base_crm)},
        {"apart", told.apart}}},
      {"decided_by", EventOrNull(told, told.decided_by)},
      {"brought_by", EventOrNull(told, told.brought_by)},
      {"conflict_since", told.conflict ? Json(FormatInstant(told.conflict->since)) : Json(nullptr)},
      {"decision", told.decision ? Json(ToString(told.decision->take)) : Json(nullptr)},
      {"events", Json::array()}};
  for (const FieldEvent& event : told.events) json["events"].push_back(EventAsJson(event));
  return json;
}

}  // namespace

int ExplainField(Session& session, const std::string& id, const std::string& field) {
  const FoundLink found = FindLink(session, id);
  const LinkHistory history = ReadHistory(session, found);
  const auto told = Explain(history, field);
  if (!told) {
    throw Failure{kUsage, "link " + std::to_string(found.work.link.id) + " has no field '" + field +
                              "'; it has: " + Join(FieldsOf(history), ", ")};
  }
  if (session.json()) {
    std::cout << AsJson(found.connection, *told).dump(2, ' ', false, Json::error_handler_t::replace)
              << "\n";
  } else {
    std::cout << ExplanationAsText(*told);
  }
  return told->conflict && !told->decision ? kNeedsPerson : kDone;
}

}  // namespace cosell::cli
