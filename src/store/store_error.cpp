#include "store/store_error.h"

#include <stdexcept>

#include <sqlite3.h>

namespace cosell::store {
namespace {

std::string MendFor(int code) {
  switch (code) {
    case SQLITE_FULL:
      return "the disk is full; make room on the disk that holds it";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program keeps it locked; close the program that writes to it (only one "
             "cosell-syncd may use a database)";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged or not a database; stop the service, then run `cosell-sync restore "
             "FILE` with a backup, or `cosell-sync rebuild`, which saves what can still be read "
             "and brings the rest back from both sides; either keeps the file aside";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "it may not be written; give the service's user write access to the file and its "
             "folder";
    case SQLITE_CANTOPEN:
      return "it cannot be opened; check that its folder exists and that the service's user may "
             "read and write there";
    case SQLITE_IOERR:
      return "the disk reported an input or output error; check the disk and its free space";
    case SQLITE_NOMEM:
      return "there is not enough memory; free some and start again";
    default:
      return "SQLite could not do what was asked; if a restart does not help, check the file with "
             "`PRAGMA integrity_check`";
  }
}

}  // namespace

void ThrowStoreError(const std::string& path, const SQLite::Exception& error) {
  const std::string detail = std::string(" [") + error.what() + "]";
  const int code = error.getErrorCode() & 0xff;  // without the extension
  if (code == SQLITE_CONSTRAINT) {
    throw std::logic_error("The database '" + path +
                           "' refused a change that breaks one of its rules; nothing was written" +
                           detail);
  }
  const std::string text = "The database '" + path + "' failed: " + MendFor(code) + "." + detail;
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) throw DamagedError(text);
  throw std::runtime_error(text);
}

}  // namespace cosell::store
