#pragma once

namespace cosell::platform {

// Whether a person sees standard error as it is written.
bool StderrIsTerminal();

}  // namespace cosell::platform
