#include "cli/rounds.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/certificate.h"
#include "platform/terminal.h"

namespace cosell::cli {

namespace {

// Once it is known how much there is to compare.
std::string Bar(const Progress& progress) {
  if (progress.to_compare == 0) return "";
  constexpr std::int64_t kWidth = 30;
  const std::int64_t compared = std::min(progress.compared, progress.to_compare);
  const auto filled = static_cast<std::size_t>(kWidth * compared / progress.to_compare);
  return ", compared [" + std::string(filled, '#') +
         std::string(static_cast<std::size_t>(kWidth) - filled, '.') + "] " +
         std::to_string(compared) + " of " + std::to_string(progress.to_compare);
}

}  // namespace

ProgressLine::ProgressLine(Engine& engine, const std::string& name)
    : shown_(platform::StderrIsTerminal()) {
  if (!shown_) return;
  engine.OnProgress([name](const Progress& progress) {
    std::cerr << "\r" << name << ": read " << progress.read << ", written " << progress.written
              << Bar(progress) << std::flush;
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
  if (round.contains("certificate") && round["certificate"].is_object())
    std::cout << app::CertificateAsText(round["certificate"]);
  const std::string reason = round["reason"].get<std::string>();
  if (!reason.empty()) std::cerr << reason << "\n";
}

}  // namespace cosell::cli
