#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "engine/recovered_bases.h"

namespace cosell::app {

// What an exported audit says about the bases.
struct AuditFile {
  std::map<std::string, RecoveredBases> by_connection;
  std::int64_t entries = 0;
  std::int64_t pairs = 0;
  std::int64_t last_id = 0;
  std::string last_hash;
};

// Reads an exported audit (docs/AUDIT.md): JSON Lines, one object an entry, with the columns of the
// view audit_log under their names, and one a pair, with its bases. Of one field "before" and
// "after" are its values, of several an object by field (or a text that holds one). Only confirmed
// writes of a referral, an opportunity or a lead say what both sides had; a pair's own line says it
// exactly; everything else is passed over. Entries may come in any order: the higher number is the
// later one. Line by line, so that the file may be large. invalid_input names the line that cannot
// be understood.
Result<AuditFile> ReadAuditFile(const std::string& file);

}  // namespace cosell::app
