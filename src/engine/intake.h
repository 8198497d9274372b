#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/context.h"
#include "engine/linker.h"

namespace cosell {

// How much of each side a round reads.
enum class IntakeDepth {
  events,  // what events point at, and the CRM's changes
  poll,    // what changed on either side since the last time, with an overlap
  sweep,   // both sides whole
};

// What it means that a side which had records lists none.
enum class EmptySide {
  stops,      // the round ends before its first write, and so do later ones until a person confirms
              // or a sweep finds records again
  confirmed,  // a person says it is so
  ignored,    // nothing is concluded from it: nothing will be written, or only what was reviewed
};

struct IntakeResult {
  std::int64_t read = 0;
  std::string stopped;  // "empty-side": a side suddenly lists nothing; else empty
};

// Whether a side listed nothing in the last sweep and no person has confirmed that.
bool IsStoppedByEmptySide(EngineContext& context);

// Reads both sides into snapshots and links. Level-triggered: an event only says where to look, so
// losing every one costs time, never data. Used from the engine's thread. Cursors advance only
// after what they cover is stored.
class Intake {
 public:
  explicit Intake(EngineContext& context) : context_(context), linker_(context) {}

  // The first error of either side ends it; what was read until then is kept.
  Result<IntakeResult> Run(IntakeDepth depth, EmptySide empty_side);

  // Whether both sides have been read whole at least once. Nothing may be created before.
  bool Complete() const;

  // Stores one answer of a remote side (also used after writes and lookups).
  void Save(const RemoteReferral& referral);
  void Save(const CrmRecord& record);

 private:
  Result<std::int64_t> ReadReferrals(bool whole);
  bool JudgeEmptySide(bool emptied, EmptySide empty_side);
  struct KindRead {
    RecordKind kind = RecordKind::opportunity;
    std::int64_t read = 0;
    bool full = false;   // everything was read, not what changed
    std::string cursor;  // for the next time
    Instant started;     // what a full read has not brought since then is gone
  };
  std::vector<RecordKind> Kinds() const;
  Result<std::int64_t> ReadCrm(bool whole, bool may_be_empty);
  Result<KindRead> ReadKind(RecordKind kind, bool whole);
  Status SaveRecords(const std::vector<CrmRecord>& records);
  std::string Successor(const Snapshot& snapshot);
  Result<std::int64_t> ReadEvents();
  Result<std::int64_t> FollowReferralEvents(const std::vector<InboxEvent>& events);
  Status FollowCrmEvents(const std::vector<InboxEvent>& events);
  void FinishEvents(const std::vector<InboxEvent>& events);
  Status FindDeleted(RecordKind kind, Instant started);
  void MarkDeleted(const std::vector<std::string>& ids);
  void SaveAll(std::vector<Snapshot> snapshots);
  void NoteEvents(const std::vector<InboxEvent>& events);
  void NoteSource(Snapshot* snapshot) const;
  std::optional<Snapshot> Wanted(const CrmRecord& record);
  void SetCursor(const std::string& name, const std::string& value);
  bool IsUpToDate(const InboxEvent& event);

  EngineContext& context_;
  Linker linker_;
  std::string source_ = "read";                // Snapshot::source of what is read now
  std::map<std::string, std::string> events_;  // record id -> the event that tells of it
};

}  // namespace cosell
