#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "cli/session.h"

// The command line: its options and the tree of commands, parsed with CLI11. Internal to this room.
namespace cosell::cli {

// Collects commands, then runs the one that was asked for. One thread.
class Program {
 public:
  Program();

  // A command of the top level.
  CLI::App* Add(const char* name, const char* description);
  // A command that only has commands below it.
  CLI::App* AddGroup(const char* name, const char* description);
  // What the command does; its result is the exit code.
  void OnRun(CLI::App* command, std::function<int(const Options&)> run);
  // The same for a command that needs the configuration.
  void OnSession(CLI::App* command, std::function<int(Session&)> run);

  // Throws Failure, as commands do.
  int Run(int argc, char** argv);

 private:
  CLI::App app_;
  Options options_;
  int exit_code_ = kDone;
};

// Each adds one theme's commands and what they take. A command's arguments live as long as the
// closures that read them.
void AddSetup(Program& program);
void AddOnboarding(Program& program);
void AddState(Program& program);
void AddRounds(Program& program);
void AddWaiting(Program& program);
void AddWebhook(Program& program);
void AddAudit(Program& program);
void AddMemory(Program& program);
void AddRedact(Program& program);
void AddMapping(Program& program);
void AddReport(Program& program);

}  // namespace cosell::cli
