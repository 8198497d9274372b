#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the service says about itself, read through the operator's views as an auditor would.
namespace cosell::simulation {

struct AuditRow {
  std::int64_t id = 0;
  std::string side, record_kind, record_id, operation, field, before, after, reason, rule, outcome,
      correlation_id;
};

// A value that lost, or waits for a decision, and can be brought back.
struct KeptValue {
  std::string referral_id, crm_id, field, value;
};

struct OpenConflict {
  std::string referral_id, crm_id, field;
};

struct LinkRow {
  std::string referral_id, crm_id, state, reason;
};

struct Evidence {
  std::vector<AuditRow> audit;
  std::vector<KeptValue> kept;
  std::vector<OpenConflict> conflicts;
  std::vector<LinkRow> links;
  std::optional<std::string> broken_chain;  // what VerifyAudit says
};

// Throws std::runtime_error when the file cannot be read.
Evidence ReadEvidence(const std::string& database);

// The audit entries and the links' reasons for a person, a line each.
std::string Reasons(const Evidence& evidence);

}  // namespace cosell::simulation
