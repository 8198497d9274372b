#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cosell::system_test {

// A program of ours, or one found on the PATH, running in a process of its own. It never outlives
// the object, nor the test. One owner; used from one thread.
class ChildProcess {
 public:
  // `command` is the program and its arguments. Its outputs are appended to the two files; its
  // input is empty. Throws std::runtime_error when no process can be made; a program that does not
  // exist ends with 127.
  ChildProcess(const std::vector<std::string>& command, const std::string& output_file,
               const std::string& error_file);
  // Kills what still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Terminate();  // SIGTERM
  void Reload();     // SIGHUP
  void Kill();       // SIGKILL; returns when the process is gone

  // The exit code (128 and the number for a signal), once it has ended.
  std::optional<int> exit_code();
  std::optional<int> WaitForEnd(std::chrono::seconds patience);

 private:
  void Send(int signal);

  int process_id_ = 0;
  std::optional<int> exit_code_;
};

// Where the build put a program: "cosell-syncd".
std::string BuiltProgram(const std::string& name);

struct CommandResult {
  int exit_code = -1;  // -1: it did not end in time and was killed
  std::string output;
  std::string errors;
};

// Runs a command to its end.
CommandResult RunCommand(const std::vector<std::string>& command);

std::string ReadText(const std::string& file);
void WriteText(const std::string& file, const std::string& text);

}  // namespace cosell::system_test
