#pragma once

#include <chrono>
#include <string>

#include "base/error.h"

// What the answers of change tracking mean (contract dynamics365.md section 7), and the overlap of
// reads by modification time. Pure.
namespace cosell::dataverse {

// modifiedon has whole seconds and is stamped before the row can be seen by others, so each query
// begins a little before the newest one met.
constexpr std::chrono::seconds kModifiedOverlap{120};

Error Expired(std::string message);

// 0x80044352, 410, or any 400 on a link mean that the token is lost: cursor_expired. Other errors
// stay as they are.
Error AsLostToken(Error error);

// Without the privilege, or where the table does not track, the plain query may still be answered.
bool MeansNoTracking(const Error& error);

}  // namespace cosell::dataverse
