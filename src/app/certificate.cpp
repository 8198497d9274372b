#include "app/certificate.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

Json TimeOrNull(const std::optional<Instant>& at) {
  return at ? Json(FormatSeconds(*at)) : Json(nullptr);
}

std::int64_t Count(const Json& json, const char* name) { return json.value(name, std::int64_t{0}); }

// "3 changed, 1 new": what is zero is left out.
std::string Listed(const Json& json,
                   const std::vector<std::pair<const char*, const char*>>& members) {
  std::vector<std::string> parts;
  for (const auto& [name, word] : members) {
    if (const auto n = Count(json, name); n > 0) parts.push_back(std::to_string(n) + " " + word);
  }
  return parts.empty() ? "none" : Join(parts, ", ");
}

std::string WhatHappened(const std::string& cause) {
  if (cause == "downtime") return "nobody looked";
  if (cause == "restored") return "a backup was restored";
  if (cause == "older_copy") return "the database was an older copy";
  if (cause == "moved") return "the database came without its marker";
  if (cause == "salvaged") return "the database was damaged";
  if (cause == "rebuilt") return "every pair was compared anew";
  return "the database was lost";
}

}  // namespace

Json CertificateAsJson(const GapCertificate& certificate) {
  const GapCounts& n = certificate.counts;
  return {{"id", certificate.id},
          {"cause", certificate.gap.cause},
          {"from_at", TimeOrNull(certificate.gap.from_at)},
          {"until_at", TimeOrNull(certificate.gap.read_at)},
          {"closed_at", FormatSeconds(certificate.closed_at)},
          {"whole", certificate.whole},
          {"referrals_new", n.referrals_new},
          {"referrals_changed", n.referrals_changed},
          {"crm_records_new", n.crm_records_new},
          {"crm_records_changed", n.crm_records_changed},
          {"crm_records_gone", n.crm_records_gone},
          {"events_missing", n.events_missing},
          {"links", n.links},
          {"written", n.written},
          {"unchanged", n.unchanged},
          {"conflicting", n.conflicting},
          {"set_aside", n.set_aside},
          {"waiting", n.waiting},
          {"left_alone", n.left_alone},
          {"ended", n.ended},
          {"without_link", n.without_link},
          {"writes_partner_center", n.writes_partner_center},
          {"writes_crm", n.writes_crm},
          {"doubted", certificate.doubted},
          {"audit_from", certificate.audit_from},
          {"audit_until", certificate.audit_until}};
}

std::string CertificateAsText(const Json& json) {
  const std::string from =
      json["from_at"].is_string() ? json["from_at"].get<std::string>() : "an unknown time";
  const std::string until = json["until_at"].is_string() ? json["until_at"].get<std::string>() : "";
  std::string text = "Gap certificate " + std::to_string(Count(json, "id")) + ", from " + from +
                     " to " + until + ": " + WhatHappened(json.value("cause", "")) + "\n";
  text += json.value("whole", false) ? "  read again: every record of both sides\n"
                                     : "  read again: what both sides list as changed\n";
  text += "  found in Partner Center: " +
          Listed(json, {{"referrals_new", "new"}, {"referrals_changed", "changed"}}) + "\n";
  text += "  found in the CRM: " +
          Listed(json, {{"crm_records_new", "new"},
                        {"crm_records_changed", "changed"},
                        {"crm_records_gone", "deleted"}}) +
          "\n";
  text += "  events missing: " + std::to_string(Count(json, "events_missing")) + "\n";
  text += "  pairs concerned: " + std::to_string(Count(json, "links")) + " (" +
          Listed(json, {{"written", "made equal"},
                        {"unchanged", "without anything to do"},
                        {"conflicting", "waiting for a person's decision"},
                        {"set_aside", "set aside after a refusal"},
                        {"waiting", "not shareable yet"},
                        {"left_alone", "not ours"},
                        {"ended", "ended"}}) +
          ")\n";
  text += "  records written: " + std::to_string(Count(json, "writes_partner_center")) +
          " in Partner Center, " + std::to_string(Count(json, "writes_crm")) +
          " in the CRM (audit entries after " + std::to_string(Count(json, "audit_from")) +
          " up to " + std::to_string(Count(json, "audit_until")) + ")\n";
  if (Count(json, "doubted") > 0) {
    text += "  bases in doubt: " + std::to_string(Count(json, "doubted")) +
            "; where their sides differed, the policy decided as between two changes\n";
  }
  const bool waits = Count(json, "conflicting") + Count(json, "set_aside") > 0;
  return text + (waits ? "  nothing else found in this time is left to do\n"
                       : "  nothing found in this time is left to do\n");
}

}  // namespace cosell::app
