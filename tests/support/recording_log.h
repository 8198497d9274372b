#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "ports/log.h"

namespace cosell::test {

// Keeps every line as "message key=value key=value". Safe from any thread.
class RecordingLog final : public Log {
 public:
  struct Line {
    LogLevel level;
    std::string text;
  };

  void Write(LogLevel level, std::string_view message, Fields fields) override {
    std::string text(message);
    for (const auto& [name, value] : fields) text += " " + std::string(name) + "=" + value;
    const std::lock_guard lock(mutex_);
    lines_.push_back({level, std::move(text)});
  }

  std::vector<Line> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  // All lines in one text, to search for what must or must not be in it.
  std::string text() const {
    std::string all;
    for (const Line& line : lines()) all += line.text + "\n";
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Line> lines_;
};

}  // namespace cosell::test
