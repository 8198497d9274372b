#pragma once

namespace cosell::platform {

// Whether a person sees standard error as it is written.
bool StderrIsTerminal();

// Whether a person can be asked: standard input and standard error are a terminal.
bool StdinIsTerminal();

}  // namespace cosell::platform
