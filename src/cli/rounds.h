#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/engine.h"

// What the commands that run a round share. Internal to this room.
namespace cosell::cli {

// One line on a terminal that tells how far a round has come; nothing elsewhere. The engine
// outlives it.
class ProgressLine {
 public:
  ProgressLine(Engine& engine, const std::string& name);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  bool shown_;
};

// A round as RoundAsJson (app/results.h) tells it, in one line; why it stopped goes to standard
// error.
void PrintRound(const nlohmann::ordered_json& round);

}  // namespace cosell::cli
