#include "engine/gap.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace cosell {
namespace {

// When both sides had last been read, in milliseconds since 1970: the store begins gaps of restored
// databases there as well.
constexpr const char* kReadUntil = "read_until";
constexpr std::chrono::minutes kGapMin{15};
// How old the note may be: an idle poll writes nothing.
constexpr std::chrono::minutes kNoteEvery{1};
// Feeds of changes are trusted for as long as sweeps trust them.
constexpr std::chrono::hours kFeedsHold{24};
constexpr std::string_view kDowntime = "downtime";

std::optional<Instant> ReadUntil(EngineContext& context) {
  const auto text = context.store.Cursor(context.name(), kReadUntil);
  std::int64_t ms = 0;
  if (!text) return std::nullopt;
  std::from_chars(text->data(), text->data() + text->size(), ms);
  return FromUnixMs(ms);
}

std::chrono::seconds LongestQuiet(const EngineOptions& options) {
  return std::max<std::chrono::seconds>(
      kGapMin, 2 * std::max(options.poll_interval, options.sweep_interval));
}

}  // namespace

void NoticeGap(EngineContext& context, bool listens) {
  const bool never_reads =
      context.options.poll_interval.count() == 0 && context.options.sweep_interval.count() == 0;
  if (listens && never_reads) return;
  const auto until = ReadUntil(context);
  const Instant now = context.clock.Now();
  if (!until || now - *until <= LongestQuiet(context.options)) return;
  if (context.store.FindOpenGap(context.name())) return;
  Gap gap;
  gap.cause = kDowntime;
  gap.from_at = until;
  gap.found_at = now;
  context.store.OpenGap(context.name(), gap);
  context.log.Info("nobody has looked for a while; what changed is being accounted for",
                   {{"connection", context.name().text}, {"since", FormatSeconds(*until)}});
}

bool IsUnread(EngineContext& context) {
  const auto gap = context.store.FindOpenGap(context.name());
  return gap && !gap->read_at;
}

bool BeginRebuild(EngineContext& context) {
  if (const auto open = context.store.FindOpenGap(context.name()))
    return open->cause == kDowntime || !open->read_at;
  Gap gap;
  gap.cause = ToString(GenerationOrigin::rebuilt);
  gap.from_at = ReadUntil(context);
  gap.found_at = context.clock.Now();
  context.store.OpenGap(context.name(), gap);
  context.store.MarkAllDirty(context.name());
  return true;
}

bool NeedsWholeRead(EngineContext& context) {
  const auto gap = context.store.FindOpenGap(context.name());
  if (!gap || gap->read_at) return false;
  return gap->cause != kDowntime || !gap->from_at || gap->found_at - *gap->from_at >= kFeedsHold;
}

void NoteRead(EngineContext& context, bool whole) {
  const Instant now = context.clock.Now();
  const auto gap = context.store.FindOpenGap(context.name());
  if (gap && (!gap->read_at || whole)) context.store.NoteGapRead(context.name(), {now, whole});
  const auto known = ReadUntil(context);
  if (known && *known <= now && now - *known < kNoteEvery) return;
  Changes changes;
  changes.cursors.emplace_back(kReadUntil, std::to_string(ToUnixMs(now)));
  context.store.Commit(context.name(), changes);
}

std::optional<GapCertificate> CloseGap(EngineContext& context) {
  const auto gap = context.store.FindOpenGap(context.name());
  if (!gap || !gap->read_at) return std::nullopt;
  const Instant now = context.clock.Now();
  const bool left = !context.store.DueLinks(context.name(), now, 1).empty() ||
                    !context.store.OpenIntents(context.name()).empty();
  if (left) return std::nullopt;
  return context.store.CloseGap(context.name(), now);
}

}  // namespace cosell
