#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "ports/store.h"
#include "store/connections.h"
#include "store/session.h"

// How long changes waited: the table write_time. For use inside Session::Write.
namespace cosell::store {

// For one unit of work. Made before the work is written, because writing it may end the waiting.
class WriteTimes {
 public:
  WriteTimes(Session& session, ConnectionRow connection, const Changes& changes);

  // Notes how long the change that `entry` carried had waited, if the entry is a confirmed write
  // of a pair that waited for one.
  void Note(std::int64_t audit_id, const AuditEntry& entry);

 private:
  struct Waiting {
    const Link* link = nullptr;
    std::optional<std::int64_t> noticed_at;
  };
  const Waiting* Find(const AuditEntry& entry) const;

  Session& session_;
  ConnectionRow connection_;
  std::map<std::string, Waiting> waiting_;  // by referral id and by CRM id
};

}  // namespace cosell::store
