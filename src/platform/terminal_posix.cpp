#include <unistd.h>

#include "platform/terminal.h"

namespace cosell::platform {

bool StderrIsTerminal() { return ::isatty(STDERR_FILENO) == 1; }

bool StdinIsTerminal() { return ::isatty(STDIN_FILENO) == 1 && StderrIsTerminal(); }

}  // namespace cosell::platform
