#include "app/database.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "platform/files.h"
#include "ports/log.h"
#include "store/store_factory.h"

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kMarkEvery{5};

std::string MarkerName(const std::string& database) { return database + ".generation"; }

std::string NoticeOf(GenerationOrigin origin, const std::string& path) {
  switch (origin) {
    case GenerationOrigin::created:
      return "";
    case GenerationOrigin::lost:
      return "the database '" + path +
             "' was gone or empty although there had been one; links and bases come back from the "
             "identifiers on both sides, the audit begins anew. If there is a backup, stop and run "
             "`cosell-sync restore FILE` instead";
    case GenerationOrigin::rebuilt:
      return "the database '" + path +
             "' is built anew from the identifiers on both sides; the audit begins anew";
    case GenerationOrigin::older_copy:
      return "the database '" + path +
             "' is an older copy: later work was done on a newer one. Both sides are read whole, "
             "and where both records of a pair have changed since, no old value is written over a "
             "newer one";
    case GenerationOrigin::moved:
      return "the database '" + path +
             "' came without its marker file, so whether it is the newest copy cannot be told; it "
             "is treated as an older one: both sides are read whole";
    case GenerationOrigin::restored:
    case GenerationOrigin::salvaged:
      return "";  // who did it says so
  }
  return "";
}

void RefuseHalfReplaced(const std::string& path) {
  if (platform::FileExists(path)) return;
  for (const auto& [name, command] : {std::pair{RestoringName(path), "cosell-sync restore FILE"},
                                      std::pair{RebuildingName(path), "cosell-sync rebuild"}}) {
    if (!platform::FileExists(name)) continue;
    throw std::runtime_error("The database '" + path + "' is not in its place and '" + name +
                             "' is: replacing it was interrupted. Run `" + command +
                             "` again to finish it");
  }
}

}  // namespace

std::optional<GenerationMarker> ReadMarker(const std::string& database) {
  const auto text = platform::ReadFile(MarkerName(database));
  if (!text) return std::nullopt;
  const Json json = Json::parse(*text, nullptr, false);
  const bool whole = json.is_object() && json.contains("generation") && json.contains("marks") &&
                     json["generation"].is_string() && json["marks"].is_number_integer();
  if (!whole) return std::nullopt;
  return GenerationMarker{json["generation"], json["marks"]};
}

Status WriteMarker(const std::string& database, const Generation& generation) {
  const Json json = {{"generation", generation.id},
                     {"marks", generation.marks},
                     {"marked_at", FormatSeconds(generation.marked_at)}};
  return platform::WriteFileAtomically(MarkerName(database), json.dump(2) + "\n",
                                       platform::FileAccess::everyone);
}

std::optional<GenerationOrigin> JudgeGeneration(const std::optional<Generation>& current,
                                                bool holds_data,
                                                const std::optional<GenerationMarker>& marker,
                                                bool knows_marked) {
  if (!current) {
    if (!marker) return GenerationOrigin::created;
    return holds_data ? GenerationOrigin::older_copy : GenerationOrigin::lost;
  }
  if (!marker) return GenerationOrigin::moved;
  if (marker->id == current->id) {
    if (marker->marks > current->marks) return GenerationOrigin::older_copy;
    return std::nullopt;
  }
  return knows_marked ? std::nullopt : std::optional(GenerationOrigin::older_copy);
}

std::unique_ptr<Database> Database::Open(const Options& options) {
  RefuseHalfReplaced(options.path);
  std::unique_ptr<Database> database(new Database(options));
  database->BeginOrGoOn();
  return database;
}

Database::Database(const Options& options) : options_(options) {
  StoreOptions store;
  store.path = options.path;
  store.clock = options.clock;
  store.external_checkpoints = options.external_checkpoints;
  store_ = OpenStore(store);
}

Database::~Database() {
  try {
    Mark();
  } catch (const std::exception& error) {
    options_.log->Warning("the database could not be marked as the newest one",
                          {{"error", error.what()}});
  }
}

void Database::BeginOrGoOn() {
  const auto marker = ReadMarker(options_.path);
  const bool holds_data = !store_->Status(options_.clock->Now()).empty();
  auto origin = JudgeGeneration(store_->CurrentGeneration(), holds_data, marker,
                                marker && store_->KnowsGeneration(marker->id));
  const bool fresh = !holds_data && !store_->CurrentGeneration();
  if (options_.rebuild && fresh) origin = GenerationOrigin::rebuilt;
  if (origin) {
    notice_ = NoticeOf(*origin, options_.path);
    store_->BeginGeneration(*origin, notice_);
    if (!notice_.empty()) options_.log->Warning(notice_);
  }
  Mark();
}

void Database::NoteWork() {
  {
    const std::lock_guard lock(mutex_);
    if (options_.clock->Monotonic() - marked_at_ < kMarkEvery) return;
  }
  Mark();
}

// The database first: a marker that is ahead of it would call it an older copy.
void Database::Mark() {
  const std::lock_guard lock(mutex_);
  const Generation generation = store_->MarkGeneration();
  marked_at_ = options_.clock->Monotonic();
  if (const auto written = WriteMarker(options_.path, generation); !written) {
    options_.log->Warning(
        "the marker of the newest database could not be written; an older copy of it would not be "
        "recognised",
        {{"error", written.error().message}});
  }
}

std::string RestoringName(const std::string& database) { return database + ".restoring"; }
std::string RebuildingName(const std::string& database) { return database + ".rebuilding"; }

std::string DateForNames(Instant at) {
  return ReplaceAll(ReplaceAll(FormatSeconds(at), "-", ""), ":", "");
}

// The -wal goes first. Should that be all that happens, the file that remains is an older state,
// which its marker tells; the other way round a -wal without its file would be thrown away.
Result<std::string> MoveDatabaseAside(const std::string& database, const std::string& word,
                                      Instant now) {
  const std::string aside = platform::FreeName(database + "." + word + "-" + DateForNames(now));
  for (const char* suffix : {"-wal", ""}) {
    if (!platform::FileExists(database + suffix)) continue;
    const auto moved = platform::MoveDurably(database + suffix, aside + suffix);
    if (!moved) return moved.error();
  }
  if (const auto removed = platform::RemoveFile(database + "-shm"); !removed)
    return removed.error();
  return platform::FileExists(aside) ? aside : std::string();
}

}  // namespace cosell::app
