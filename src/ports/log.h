#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cosell {

enum class LogLevel { debug, info, warning, error };

// One line per call. Callers never pass secrets, tokens, message bodies or contact data: ids,
// counts, states and reasons only. Implementations are safe to call from any thread and never
// throw.
class Log {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;
  virtual ~Log() = default;
  virtual void Write(LogLevel level, std::string_view message, Fields fields = {}) = 0;

  void Info(std::string_view message, Fields fields = {}) {
    Write(LogLevel::info, message, fields);
  }
  void Warning(std::string_view message, Fields fields = {}) {
    Write(LogLevel::warning, message, fields);
  }
  void Error(std::string_view message, Fields fields = {}) {
    Write(LogLevel::error, message, fields);
  }
};

// Says nothing.
class NullLog final : public Log {
 public:
  void Write(LogLevel, std::string_view, Fields) override {}
};

}  // namespace cosell
