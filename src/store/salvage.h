#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

// A database file that may be damaged: how it is, and what can be saved of it. Throws
// std::runtime_error for what is wrong besides (no permission, a full disk), naming the file.
namespace cosell {

enum class StoreCondition {
  absent,   // no file
  empty,    // a file without anything in it
  sound,    // every page can be read and every rule of the schema holds
  damaged,  // some or all of it cannot be read
};

struct StoreExamination {
  StoreCondition condition = StoreCondition::absent;
  std::string problem;  // the first one found; for a person
};

// Reads the whole file. A database of something else and one of a later version are refused as in
// store_factory.h.
StoreExamination ExamineStore(const std::string& path);

// One table of a damaged file.
struct SalvagedTable {
  std::string name;
  std::int64_t rows = 0;  // saved
  std::int64_t lost = 0;  // known to be lost; more may be
  bool complete = false;  // everything that was there could be read
};

struct SalvageReport {
  std::vector<SalvagedTable> tables;      // empty when nothing could be read at all
  std::vector<std::string> audit_breaks;  // numbers of lost entries: "17-40"
  std::int64_t bases_lost = 0;            // links whose base could no longer be read
};

// Reads from the file at `damaged`, which stays as it is, what must survive: connections, links,
// bases, conflicts, decisions, open intents, waiting events, history, audit. Table by table, and
// where a page cannot be read from both of its sides; a row that breaks a rule of the schema counts
// as lost. All that goes into a new database at `fresh`, which must not exist, with this program's
// schema; what else there was is read again from both sides. Audit entries whose hash does not fit
// are lost too; what is missing of the chain is recorded in it (operation 'break').
SalvageReport SalvageStore(const std::string& damaged, const std::string& fresh, Clock& clock);

}  // namespace cosell
