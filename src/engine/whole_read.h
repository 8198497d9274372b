#pragma once

#include <string>

#include "engine/context.h"

namespace cosell {

// How far a read of everything has come, kept durable after every page, so that one which was
// interrupted goes on where it stopped. Used from the engine's thread.
class WholeRead {
 public:
  // `cursor` is the name under which it is kept. Goes on with what was begun within the last day.
  WholeRead(EngineContext& context, std::string cursor);

  // When it began: what it has not brought since is gone.
  Instant started() const { return started_; }
  // Where it goes on, in words of who reads; empty at the beginning.
  const std::string& position() const { return position_; }

  void Reached(const std::string& position);
  void BeginAnew();
  void End();

 private:
  void Keep(const std::string& value);

  EngineContext& context_;
  std::string cursor_;
  Instant started_;
  std::string position_;
};

}  // namespace cosell
