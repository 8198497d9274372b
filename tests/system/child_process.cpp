#include "system/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/temp_folder.h"
#include "system/waiting.h"

namespace cosell::system_test {
namespace {

void Redirect(const char* file, int flags, int to) {
  const int from = open(file, flags, 0600);
  if (from >= 0) dup2(from, to);
}

// Between fork and exec: only what is safe there.
[[noreturn]] void Become(const std::vector<char*>& arguments, const std::string& output_file,
                         const std::string& error_file) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  Redirect("/dev/null", O_RDONLY, STDIN_FILENO);
  Redirect(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
  Redirect(error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
  for (int file = STDERR_FILENO + 1; file < 256; ++file) close(file);
  execvp(arguments.front(), arguments.data());
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::string& output_file,
                           const std::string& error_file) {
  std::vector<std::string> texts = command;
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  process_id_ = fork();
  if (process_id_ < 0) throw std::runtime_error("no process could be made for " + command.front());
  if (process_id_ == 0) Become(arguments, output_file, error_file);
}

ChildProcess::~ChildProcess() { Kill(); }

void ChildProcess::Terminate() { Send(SIGTERM); }

void ChildProcess::Reload() { Send(SIGHUP); }

void ChildProcess::Kill() {
  Send(SIGKILL);
  (void)WaitForEnd(kPatience);
}

void ChildProcess::Send(int signal) {
  if (!exit_code()) kill(process_id_, signal);
}

std::optional<int> ChildProcess::exit_code() {
  int status = 0;
  if (!exit_code_ && waitpid(process_id_, &status, WNOHANG) == process_id_)
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

std::optional<int> ChildProcess::WaitForEnd(std::chrono::seconds patience) {
  (void)WaitUntil([this] { return exit_code().has_value(); }, "the process ends", patience);
  return exit_code_;
}

std::string BuiltProgram(const std::string& name) {
  return std::string(COSELL_BIN_DIR) + "/" + name;
}

CommandResult RunCommand(const std::vector<std::string>& command) {
  const test::TempFolder folder;
  CommandResult result;
  {
    ChildProcess process(command, folder.File("output"), folder.File("errors"));
    result.exit_code = process.WaitForEnd(2 * kPatience).value_or(-1);
  }
  result.output = ReadText(folder.File("output"));
  result.errors = ReadText(folder.File("errors"));
  return result;
}

std::string ReadText(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void WriteText(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

}  // namespace cosell::system_test
