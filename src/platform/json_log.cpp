#include "platform/json_log.h"

#include <cstdio>
#include <mutex>
#include <utility>

#include "base/text.h"
#include "platform/json_log_system.h"
#include "platform/redact.h"

namespace cosell::platform {
namespace {

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

// Syslog's numbers, which the journal reads from the start of a line.
std::string_view JournalPriority(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "<7>";
    case LogLevel::info:
      return "<6>";
    case LogLevel::warning:
      return "<4>";
    case LogLevel::error:
      return "<3>";
  }
  return "<3>";
}

// Invalid bytes, one by one, become U+FFFD.
std::string ValidUtf8(std::string_view text) {
  if (IsUtf8(text)) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t bytes = 1;
    while (bytes <= 4 && at + bytes <= text.size() && !IsUtf8(text.substr(at, bytes))) ++bytes;
    const bool whole = bytes <= 4 && at + bytes <= text.size();
    out += whole ? text.substr(at, bytes) : std::string_view("\xEF\xBF\xBD");
    at += whole ? bytes : 1;
  }
  return out;
}

void AppendEscaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (byte >= 0x20 && byte != 0x7F) {
    out += c;
    return;
  }
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 0xF];
}

void AppendString(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : ValidUtf8(text)) AppendEscaped(out, c);
  out += '"';
}

class JsonLogImpl final : public JsonLog {
 public:
  JsonLogImpl(JsonLogOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock) {
    Reopen();
  }
  ~JsonLogImpl() override { Close(); }
  JsonLogImpl(const JsonLogImpl&) = delete;
  JsonLogImpl& operator=(const JsonLogImpl&) = delete;

  void Write(LogLevel level, std::string_view message, Fields fields) override {
    if (level < options_.level_min) return;
    std::string line;
    if (options_.journal_priority && options_.file.empty()) line += JournalPriority(level);
    line += FormatLogLine(clock_.Now(), level, message, fields);
    line += '\n';
    const std::lock_guard lock(mutex_);
    std::FILE* out = file_ != nullptr ? file_ : stderr;
    std::fwrite(line.data(), 1, line.size(), out);
    std::fflush(out);
  }

  void Reopen() override {
    if (options_.file.empty()) return;
    bool opened = false;
    {
      const std::lock_guard lock(mutex_);
      Close();
      file_ = OpenForAppend(options_.file);
      opened = file_ != nullptr;
    }
    if (!opened) {
      Warning("cannot open the log file; logging to standard error", {{"file", options_.file}});
    }
  }

 private:
  void Close() {
    if (file_ != nullptr) std::fclose(file_);
    file_ = nullptr;
  }

  const JsonLogOptions options_;
  const Clock& clock_;
  std::mutex mutex_;
  std::FILE* file_ = nullptr;
};

}  // namespace

std::string FormatLogLine(Instant at, LogLevel level, std::string_view message,
                          Log::Fields fields) {
  std::string line = "{\"time\":\"" + FormatInstant(at) + "\",\"level\":\"";
  line += LevelName(level);
  line += "\",\"message\":";
  AppendString(line, Redact(message));
  std::string_view separator = ",\"fields\":{";
  for (const auto& [name, value] : fields) {
    line += separator;
    AppendString(line, name);
    line += ':';
    AppendString(line, Redact(value));
    separator = ",";
  }
  line += fields.size() > 0 ? "}}" : "}";
  return line;
}

std::unique_ptr<JsonLog> MakeJsonLog(JsonLogOptions options, const Clock& clock) {
  return std::make_unique<JsonLogImpl>(std::move(options), clock);
}

}  // namespace cosell::platform
