#include "app/rebuild.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/database.h"
#include "base/text.h"
#include "platform/files.h"
#include "store/store_factory.h"

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

std::string_view ToString(StoreCondition condition) {
  switch (condition) {
    case StoreCondition::absent:
      return "absent";
    case StoreCondition::empty:
      return "empty";
    case StoreCondition::sound:
      return "sound";
    case StoreCondition::damaged:
      return "damaged";
  }
  return "damaged";
}

// The damaged file is in its place until everything that can be saved has been.
Status Replace(const std::string& database, Clock& clock, RebuildStart* start) {
  const std::string fresh = RebuildingName(database);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (const auto removed = platform::RemoveFile(fresh + suffix); !removed) return removed.error();
  }
  start->salvage = SalvageStore(database, fresh, clock);
  {
    StoreOptions options;
    options.path = fresh;
    options.clock = &clock;
    OpenStore(options)->BeginGeneration(
        GenerationOrigin::salvaged,
        "saved from the damaged file '" + database + "' (" + start->problem + ")");
  }
  auto aside = MoveDatabaseAside(database, "damaged", clock.Now());
  if (!aside) return aside.error();
  start->aside = *aside;
  return platform::MoveDurably(fresh, database);
}

Json TableAsJson(const SalvagedTable& table) {
  return {{"name", table.name},
          {"rows", table.rows},
          {"lost", table.lost},
          {"complete", table.complete}};
}

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string TableAsText(const SalvagedTable& table) {
  std::string text = "  " + table.name + ": " + std::to_string(table.rows) + " saved";
  if (table.lost > 0) text += ", " + std::to_string(table.lost) + " known to be lost";
  if (!table.complete) text += "; parts of it could not be read";
  return text + "\n";
}

}  // namespace

bool RebuildStart::lost_rows() const {
  if (condition != StoreCondition::damaged) return false;
  return salvage.tables.empty() || !salvage.audit_breaks.empty() || salvage.bases_lost > 0 ||
         std::any_of(salvage.tables.begin(), salvage.tables.end(),
                     [](const SalvagedTable& table) { return table.lost > 0 || !table.complete; });
}

Result<RebuildStart> PrepareRebuild(const std::string& database, Clock& clock) {
  RebuildStart start;
  const bool in_between =
      !platform::FileExists(database) && platform::FileExists(RebuildingName(database));
  if (in_between) {
    start.condition = StoreCondition::damaged;
    start.problem = "a rebuild that was interrupted has saved what could be read";
    const auto moved = platform::MoveDurably(RebuildingName(database), database);
    if (!moved) return moved.error();
    return start;
  }
  const StoreExamination examined = ExamineStore(database);
  start.condition = examined.condition;
  start.problem = examined.problem;
  if (start.condition != StoreCondition::damaged) return start;
  if (const auto replaced = Replace(database, clock, &start); !replaced) return replaced.error();
  return start;
}

std::string RebuildStartAsJson(const RebuildStart& start) {
  Json json = {{"condition", ToString(start.condition)},
               {"problem", start.problem},
               {"aside", start.aside},
               {"tables", Json::array()},
               {"audit_breaks", start.salvage.audit_breaks},
               {"bases_lost", start.salvage.bases_lost}};
  for (const SalvagedTable& table : start.salvage.tables)
    json["tables"].push_back(TableAsJson(table));
  return Dump(json);
}

std::string RebuildStartAsText(const RebuildStart& start) {
  switch (start.condition) {
    case StoreCondition::absent:
      return "There is no database; links and bases come back from the identifiers on both "
             "sides.\n";
    case StoreCondition::empty:
      return "The database is empty; links and bases come back from the identifiers on both "
             "sides.\n";
    case StoreCondition::sound:
      return "The database is sound; its links and bases stay, and every pair is compared again.\n";
    case StoreCondition::damaged:
      break;
  }
  std::string text = "The database is damaged: " + start.problem + "\n";
  if (!start.aside.empty()) text += "The damaged file is kept as " + start.aside + "\n";
  if (start.aside.empty()) return text;
  if (start.salvage.tables.empty())
    return text + "Nothing in it could be read; links and bases come back from both sides.\n";
  for (const SalvagedTable& table : start.salvage.tables) text += TableAsText(table);
  for (const std::string& numbers : start.salvage.audit_breaks)
    text += "  audit entries " + numbers + " are lost; the audit says so\n";
  if (start.salvage.bases_lost > 0) {
    text += "  " + std::to_string(start.salvage.bases_lost) +
            " links have lost what their two sides last agreed on\n";
  }
  return text;
}

std::string CensusAsJson(const PairCensus& census) {
  return Dump({{"pairs", census.pairs()},
               {"equal", census.equal},
               {"written", census.written},
               {"conflicting", census.conflicting},
               {"unsettled", census.unsettled},
               {"only_partner_center", census.only_partner_center},
               {"only_crm", census.only_crm},
               {"ambiguous", census.ambiguous},
               {"decided", census.decided}});
}

std::string CensusAsText(const PairCensus& census) {
  const auto count = [](std::int64_t n) { return std::to_string(n); };
  std::string text = "  " + count(census.pairs()) + " pairs: " + count(census.equal) + " equal, " +
                     count(census.written) + " different and made equal, " +
                     count(census.conflicting) + " with a field for a person to decide, " +
                     count(census.unsettled) + " not in step\n";
  std::vector<std::string> decided;
  for (const auto& [rule, writes] : census.decided) decided.push_back(rule + " " + count(writes));
  if (!decided.empty()) text += "  decided by: " + Join(decided, ", ") + " (records written)\n";
  text += "  " + count(census.only_partner_center) + " only in Partner Center, " +
          count(census.only_crm) + " only in the CRM";
  if (census.ambiguous > 0) {
    text += "; " + count(census.ambiguous) +
            " of these name a record that is paired with another: `select * from links where "
            "reason is not null`";
  }
  return text + "\n";
}

}  // namespace cosell::app
