#pragma once

#include <string>

#include "report/report.h"

namespace cosell::report {

inline Instant At(const char* text) { return *ParseInstant(text); }

// Texts that a careless renderer would hand to a spreadsheet or a browser as something else.
inline const std::string kFormula = "=HYPERLINK(\"https://evil.example\",\"Contoso\")";
inline const std::string kMarkup = "<script>alert('1')</script> & \"Fabrikam\"";
inline const std::string kLines = "first, line\r\nsecond \"line\"";
inline const std::string kEmoji = "caf\xC3\xA9 \xF0\x9F\x8D\xBB \xD8\xB9";
inline const std::string kLongNumber = "1234567890123456789";
inline const std::string kLeadingZeros = "000123";

// A report whose texts are all hostile and whose numbers can be told apart.
inline Report HostileReport() {
  Report report;
  report.scope = {
      At("2026-03-01T00:00:00Z"), At("2026-04-01T00:00:00Z"), At("2026-04-02T08:00:00Z"), {}};
  ConnectionStatus status;
  status.name.text = "contoso";
  status.mode = "live";
  status.state = "paused";
  status.reason = kMarkup;
  status.links = 12;
  status.links_by_state = {{"in_sync", 7}, {"closed", 2}, {"waiting", 1}};
  report.connections = {status};
  report.writes = {{"contoso", Side::crm, "opportunity", "update", "done", 41},
                   {"contoso", Side::partner_center, "referral", "update", "refused", 3}};
  report.latency = {{"contoso", Side::crm, "changed_to_written", 40, 1200, 3000, 4000, 5000, 6000}};
  const Instant at = At("2026-03-05T10:00:00Z");
  report.failures = {
      {"contoso", Side::crm, "refused", kFormula, 2, at, at, kLongNumber},
      {"contoso", Side::crm, "refused", kLines, 1, at, at, kLeadingZeros},
      {"contoso", Side::crm, "failed", "@SUM(A1)", 1, at, at, "+49"},
      {"contoso", Side::crm, "failed", "\tcmd", 1, at, at, "-1"},
      {"contoso", Side::crm, "failed", "\rcmd", 1, at, at, "1E5"},
      {"contoso", Side::crm, "failed", kEmoji, 1, at, at, "006xx000001a2B3AAC"},
      {"contoso", Side::crm, "failed", std::string("a\0b\x01\xFF z", 7), 1, at, at, "x"}};
  report.pipeline = {{"contoso", "EUR", "active", 2, "169000.75"},
                     {"contoso", "EUR", "won", 1, "12345678901234567.89"},
                     {"contoso", "", "new", 1, "-5"}};
  report.changes = {{"contoso", Side::crm, "deal_value", "newest_wins", 9}};
  report.head = {77, at, std::string(64, 'a')};
  return report;
}

}  // namespace cosell::report
