#pragma once

#include <memory>

#include "ports/log.h"
#include "ports/secrets.h"

namespace cosell::platform {

// The Secrets port on environment variables and files. A file is read at every Read, so a mended
// secret counts at once; one line end is cut from any value, and an empty value is an error. A file
// others may read is used, with one warning per file.
//
// Replace of a file that cannot be written (a read-only credential folder) answers invalid_input,
// yet the new value is kept in memory and Read returns it for as long as the file's content stays
// what it was: the sign-in goes on, and whoever mends the file wins. `log` must outlive the object.
std::unique_ptr<Secrets> MakeSecrets(Log& log);

}  // namespace cosell::platform
