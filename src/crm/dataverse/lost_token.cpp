#include "crm/dataverse/lost_token.h"

#include "crm/dataverse/errors.h"

namespace cosell::dataverse {

Error Expired(std::string message) {
  Error error;
  error.kind = ErrorKind::cursor_expired;
  error.message = std::move(message);
  return error;
}

Error AsLostToken(Error error) {
  const bool lost = error.kind == ErrorKind::cursor_expired || error.kind == ErrorKind::refused ||
                    error.kind == ErrorKind::not_found ||
                    NormalizeCode(error.code) == kVersionExpired;
  if (lost) error.kind = ErrorKind::cursor_expired;
  return error;
}

bool MeansNoTracking(const Error& error) {
  return error.kind == ErrorKind::refused || error.kind == ErrorKind::forbidden;
}

}  // namespace cosell::dataverse
