#include "model/audit_entry.h"

namespace cosell {

std::string_view ToString(AuditOutcome outcome) {
  switch (outcome) {
    case AuditOutcome::done:
      return "done";
    case AuditOutcome::adopted:
      return "adopted";
    case AuditOutcome::unknown:
      return "unknown";
    case AuditOutcome::not_done:
      return "not_done";
    case AuditOutcome::refused:
      return "refused";
    case AuditOutcome::failed:
      return "failed";
  }
  return "failed";
}

}  // namespace cosell
