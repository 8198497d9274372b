#include <unistd.h>

#include "platform/terminal.h"

namespace cosell::platform {

bool StderrIsTerminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace cosell::platform
