#include "store/session.h"

#include <stdexcept>
#include <tuple>
#include <utility>

#include <SQLiteCpp/Exception.h>

#include "store/query.h"
#include "store/sha3_function.h"

namespace cosell::store {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

// NOMUTEX: the session's own mutex already gives the connection to one thread at a time.
int Flags(Access access) {
  return SQLite::OPEN_NOMUTEX |
         (access == Access::read ? SQLite::OPEN_READONLY
                                 : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
}

// page_size matters only while the file is empty. secure_delete overwrites what is erased: bodies
// of intents, redacted values. Negative cache sizes are KiB.
constexpr const char* kWriterSettings = R"(
  PRAGMA page_size = 16384;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -32768;
)";
constexpr const char* kReaderSettings = R"(
  PRAGMA query_only = ON;
  PRAGMA cache_size = -8192;
)";

}  // namespace

Session::Session(std::string path, Access access, const std::string& vfs)
    : path_(std::move(path)), db_(Guarded(path_, [&] {
        return SQLite::Database(path_, Flags(access), kBusyTimeoutMs, vfs);
      })) {
  Guarded(path_, [&] {
    RegisterSha3(db_);
    db_.exec(access == Access::write ? kWriterSettings : kReaderSettings);
  });
}

void Session::UseWal() {
  Guarded(path_, [&] {
    const std::string mode = db_.execAndGet("PRAGMA journal_mode = WAL").getString();
    if (mode == "wal") return;
    throw std::runtime_error("The database '" + path_ +
                             "' cannot use write-ahead logging here (it stays in mode '" + mode +
                             "'); put it on a local disk, not on a network share");
  });
}

void Session::Checkpoint() {
  const std::lock_guard lock(mutex_);
  Guarded(path_, [&] { db_.exec("PRAGMA wal_checkpoint(TRUNCATE)"); });
}

void Session::Execute(const std::string& sql) {
  Guarded(path_, [&] { db_.exec(sql); });
}

PreparedStatement& Session::Prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_
                .emplace(std::piecewise_construct, std::forward_as_tuple(sql),
                         std::forward_as_tuple(SQLite::Statement(db_, std::string(sql)), false))
                .first;
  }
  return found->second;
}

Session::Transaction::Transaction(Session& session, std::string_view begin) : session_(session) {
  Change(session_, begin);
}

Session::Transaction::~Transaction() {
  if (committed_) return;
  try {
    Change(session_, "ROLLBACK");
  } catch (const SQLite::Exception&) {
    // SQLite has rolled back itself, as after a full disk; what failed then is on its way up.
  }
}

void Session::Transaction::Commit() {
  Change(session_, "COMMIT");
  committed_ = true;
}

void Session::Finish(Transaction& transaction, std::string_view begin) {
  transaction.Commit();
  if (begin == kBeginWriting) ++commits_;
}

}  // namespace cosell::store
