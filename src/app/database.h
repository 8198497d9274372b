#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "model/generation.h"
#include "ports/log.h"
#include "ports/store.h"

// The service's database as one thing: the file, and the marker beside it that tells whether the
// file is the newest there was (docs/decisions/0012-generations.md).
namespace cosell::app {

// What the file "<database>.generation" says: the newest life of the database that was marked.
struct GenerationMarker {
  std::string id;
  std::int64_t marks = 0;
};

// Absent and unreadable markers are nothing.
std::optional<GenerationMarker> ReadMarker(const std::string& database);
Status WriteMarker(const std::string& database, const Generation& generation);

// What the two say together. `current` is the file's newest generation, `holds_data` whether it
// has any connection, `knows_marked` whether the marked generation is one of the file's. The origin
// of the generation that has to begin; nothing when the file goes on as what it is. Pure.
std::optional<GenerationOrigin> JudgeGeneration(const std::optional<Generation>& current,
                                                bool holds_data,
                                                const std::optional<GenerationMarker>& marker,
                                                bool knows_marked);

// The opened store and its life. Requires that the caller holds the instance lock and outlives
// neither clock nor log. Store's thread rule; everything else from any thread.
class Database {
 public:
  struct Options {
    std::string path;
    bool external_checkpoints = false;
    Clock* clock = nullptr;
    Log* log = nullptr;
    bool rebuild = false;  // a file that is new is so because the operator wants it
  };
  // As OpenStore; begins a generation where one has to begin, and marks it. Throws
  // std::runtime_error as that does, and for a restore or rebuild that was interrupted.
  static std::unique_ptr<Database> Open(const Options& options);
  ~Database();

  Store& store() { return *store_; }
  // What is unusual about this life of the database, for a person; empty when nothing is.
  const std::string& notice() const { return notice_; }

  // Something was written: marked at most every few seconds, and once more at the end.
  void NoteWork();

 private:
  explicit Database(const Options& options);
  void BeginOrGoOn();
  void Mark();

  Options options_;
  std::unique_ptr<Store> store_;
  std::string notice_;
  std::mutex mutex_;
  std::chrono::nanoseconds marked_at_{0};  // monotonic
};

// Names beside the database while it is being replaced: whole, but not yet in place.
std::string RestoringName(const std::string& database);
std::string RebuildingName(const std::string& database);

// Gives a database file another, dated name ("<database>.<word>-20261120T210104Z"), with its -wal;
// returns it, or nothing when there was no such file.
Result<std::string> MoveDatabaseAside(const std::string& database, const std::string& word,
                                      Instant now);

// "20261120T210104Z"
std::string DateForNames(Instant at);

}  // namespace cosell::app
