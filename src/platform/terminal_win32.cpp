#include <io.h>
#include <stdio.h>

#include "platform/terminal.h"

namespace cosell::platform {

bool StderrIsTerminal() { return _isatty(_fileno(stderr)) != 0; }

bool StdinIsTerminal() { return _isatty(_fileno(stdin)) != 0 && StderrIsTerminal(); }

}  // namespace cosell::platform
