#include "cli/rounds.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "platform/terminal.h"

namespace cosell::cli {

ProgressLine::ProgressLine(Engine& engine, const std::string& name)
    : shown_(platform::StderrIsTerminal()) {
  if (!shown_) return;
  engine.OnProgress([name](const Progress& progress) {
    std::cerr << "\r" << name << ": read " << progress.read << ", written " << progress.written
              << std::flush;
  });
}

ProgressLine::~ProgressLine() {
  if (shown_) std::cerr << "\n";
}

void PrintRound(const nlohmann::ordered_json& round) {
  std::cout << round["connection"].get<std::string>() << ": " << round["outcome"].get<std::string>()
            << "; read " << round["read"] << ", planned " << round["planned"] << ", written "
            << round["written"] << ", failed " << round["failed"] << ", conflicts "
            << round["conflicts"] << "\n";
  if (round["drifting"] != 0) {
    std::cout << "  " << round["drifting"]
              << " pairs newly disagree although neither side has changed; `select * from links "
                 "where reason <> ''` says where\n";
  }
  const std::string reason = round["reason"].get<std::string>();
  if (!reason.empty()) std::cerr << reason << "\n";
}

}  // namespace cosell::cli
