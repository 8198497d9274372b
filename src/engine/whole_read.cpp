#include "engine/whole_read.h"

#include <utility>

namespace cosell {
namespace {

constexpr std::chrono::hours kGoesOnFor{24};

}  // namespace

WholeRead::WholeRead(EngineContext& context, std::string cursor)
    : context_(context), cursor_(std::move(cursor)), started_(context.clock.Now()) {
  const std::string kept = context_.store.Cursor(context_.name(), cursor_).value_or("");
  const auto gap = kept.find(' ');
  const auto began = ParseInstant(kept.substr(0, gap));
  if (gap == std::string::npos || !began || *began > started_ || started_ - *began > kGoesOnFor)
    return;
  started_ = *began;
  position_ = kept.substr(gap + 1);
}

void WholeRead::Reached(const std::string& position) {
  position_ = position;
  Keep(FormatInstant(started_) + " " + position);
}

void WholeRead::BeginAnew() {
  started_ = context_.clock.Now();
  position_.clear();
}

void WholeRead::End() {
  position_.clear();
  if (context_.store.Cursor(context_.name(), cursor_).value_or("").empty()) return;
  Keep("");
}

void WholeRead::Keep(const std::string& value) {
  Changes changes;
  changes.cursors.emplace_back(cursor_, value);
  context_.store.Commit(context_.name(), changes);
}

}  // namespace cosell
