#pragma once

#include <string>

#include "base/time.h"

namespace cosell::cli {

// What is said of the times the command line takes.
inline constexpr const char* kTimeForms =
    "2026-03-01T09:12:44Z, with a fraction, an offset such as +01:00, or a date alone for its "
    "first "
    "moment; UTC where no zone is given";

// Throws Failure (kUsage) with the accepted forms; `option` is named in it.
Instant ParseTime(const std::string& text, const std::string& option);

}  // namespace cosell::cli
