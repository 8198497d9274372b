#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "ports/log.h"

namespace cosell::platform {

struct JsonLogOptions {
  LogLevel level_min = LogLevel::info;
  std::string file;               // absolute path; appended to. Empty: standard error
  bool journal_priority = false;  // "<6>" before each line; what StderrIsJournal() says
};

// The log of the running program: one JSON object per line,
//   {"time":"2026-03-01T09:12:44.12Z","level":"info","message":"...","fields":{"connection":"contoso"}}
// `fields` is left out when there are none. Texts are redacted (platform/redact.h), invalid UTF-8
// is replaced, control characters are escaped, so a line is always one valid JSON object. A line is
// written by one call and flushed; when the disk is full it is dropped.
class JsonLog : public Log {
 public:
  // Opens the file again under its name, after logrotate moved it away (on HUP). Any thread. When
  // that fails, logging goes on to standard error.
  virtual void Reopen() = 0;
};

// `clock` must outlive the log. A file that cannot be opened makes it log to standard error, with
// one line that says so.
std::unique_ptr<JsonLog> MakeJsonLog(JsonLogOptions options, const Clock& clock);

// Whether standard error is connected to systemd's journal, which then understands "<N>" priorities
// (JOURNAL_STREAM names the device and inode of this very stream). False on Windows.
bool StderrIsJournal();

// One line without its end, as MakeJsonLog writes it.
std::string FormatLogLine(Instant at, LogLevel level, std::string_view message, Log::Fields fields);

}  // namespace cosell::platform
