#include <iostream>
#include <stdexcept>

#include "cli/program.h"

namespace cosell::cli {
namespace {

int Main(int argc, char** argv) {
  try {
    Program program;
    AddSetup(program);
    AddOnboarding(program);
    AddState(program);
    AddRounds(program);
    AddWaiting(program);
    AddWebhook(program);
    AddAudit(program);
    AddMemory(program);
    AddRedact(program);
    AddMapping(program);
    AddReport(program);
    return program.Run(argc, argv);
  } catch (const Failure& failure) {
    std::cerr << "cosell-sync: " << failure.message << "\n";
    return failure.exit_code;
  } catch (const std::runtime_error& error) {
    // The store throws these; everything else is a Result.
    std::cerr << "cosell-sync: " << error.what() << "\n";
    return kDatabase;
  }
}

}  // namespace
}  // namespace cosell::cli

int main(int argc, char** argv) { return cosell::cli::Main(argc, argv); }
