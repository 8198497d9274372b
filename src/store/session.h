#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/store_error.h"

namespace cosell::store {

enum class Access { write, read };

// A statement that is prepared once and used again and again.
struct PreparedStatement {
  SQLite::Statement statement;
  bool in_use = false;
};

// One connection to the database file, its mutex and its prepared statements. Write and Read may be
// called from any thread; what they run is alone on the connection. Everything else is called from
// inside such work only (or before a second thread knows the session).
class Session {
 public:
  // Access::write creates an absent file. Changes nothing in an existing one.
  // `vfs` names the file system; empty: the default one.
  Session(std::string path, Access access, const std::string& vfs = {});

  // Runs `work` in one IMMEDIATE transaction and returns its result once that is synced to disk. If
  // `work` throws, or the commit fails, nothing was written. Not to be nested.
  template <typename Work>
  auto Write(Work&& work) {
    return Within(kBeginWriting, work);
  }

  // Runs `work` on one consistent state of the database: the last committed one.
  template <typename Work>
  auto Read(Work&& work) {
    return Within(kBeginReading, work);
  }

  // Switches the file to write-ahead logging, where it stays. Throws std::runtime_error where the
  // file system cannot do it.
  void UseWal();
  // Moves what stands in the write-ahead log into the file and empties the log, as far as readers
  // let it. Not inside `work`.
  void Checkpoint();
  // Runs SQL outside any transaction, or inside `work`.
  void Execute(const std::string& sql);
  // `sql` must live as long as the session: a literal, or a constant.
  PreparedStatement& Prepare(std::string_view sql);
  std::int64_t last_insert_id() const { return db_.getLastInsertRowid(); }

  const std::string& path() const { return path_; }
  // Transactions committed by Write.
  std::int64_t commits() const { return commits_; }

 private:
  static constexpr std::string_view kBeginWriting = "BEGIN IMMEDIATE";
  static constexpr std::string_view kBeginReading = "BEGIN";

  // Rolls back what was not committed.
  class Transaction {
   public:
    Transaction(Session& session, std::string_view begin);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void Commit();

   private:
    Session& session_;
    bool committed_ = false;
  };

  template <typename Work>
  std::invoke_result_t<Work&> Within(std::string_view begin, Work& work) {
    const std::lock_guard lock(mutex_);
    return Guarded(path_, [&]() -> std::invoke_result_t<Work&> {
      Transaction transaction(*this, begin);
      if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
        work();
        Finish(transaction, begin);
      } else {
        auto result = work();
        Finish(transaction, begin);
        return result;
      }
    });
  }
  void Finish(Transaction& transaction, std::string_view begin);

  std::string path_;
  std::mutex mutex_;
  SQLite::Database db_;
  std::unordered_map<std::string_view, PreparedStatement> statements_;
  std::atomic<std::int64_t> commits_ = 0;
};

}  // namespace cosell::store
