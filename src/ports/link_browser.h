#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

// What a person who looks around wants of the database: links by page, and what happened to one.
namespace cosell {

struct LinkQuery {
  ConnectionName connection{};  // empty: all
  std::string state;            // empty: all
  // A referral id or CRM id or its first eight characters or more; else a link number or a part of
  // the name, ignoring the case of ASCII letters. Empty: all.
  std::string text;
  std::int64_t after_id = 0;
  std::size_t limit = 50;
};

struct LinkLine {
  std::string connection;
  std::int64_t id = 0;
  std::string referral_id;
  std::string crm_id;
  std::string record_kind;
  std::string state;
  std::string reason;
  std::string name;  // as last agreed, else as either side has it; may be empty
  std::optional<Instant> last_synced_at;
};

struct LinkPage {
  std::vector<LinkLine> links;  // by id
  bool more = false;
};

// An audit entry, as the view audit_log shows it. Values may be personal.
struct AuditedWrite {
  std::int64_t id = 0;
  std::string at;  // RFC 3339
  std::string side;
  std::string record_kind;
  std::string record_id;
  std::string operation;
  std::string field;
  std::optional<std::string> before;
  std::optional<std::string> after;
  std::string reason;
  std::string rule;
  std::string cause;
  std::string outcome;
  std::int64_t duration_ms = 0;
};

// Thread rule: from any thread. Reads only. Throws std::runtime_error when the database fails.
class LinkBrowser {
 public:
  virtual ~LinkBrowser() = default;
  virtual LinkPage Links(const LinkQuery& query) = 0;
  // The newest `limit` audit entries of a pair, newest first; either id may be empty.
  virtual std::vector<AuditedWrite> Audit(const ConnectionName& connection,
                                          const std::string& referral_id, const std::string& crm_id,
                                          std::size_t limit) = 0;
};

}  // namespace cosell
