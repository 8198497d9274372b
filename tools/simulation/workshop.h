#pragma once

#include <string>

namespace cosell::simulation {

// A folder of the process, gone with the object: for the databases, which are kept in memory
// (memory_vfs.h), for backups, and for the root of webhook signatures. Keeps an empty database of
// the current schema, so that a history need not make one. Serves one history at a time.
class Workshop {
 public:
  Workshop();
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  std::string database() const { return databases() + "/cosell-sync.db"; }
  std::string backup() const { return folder_ + "/backup.db"; }
  std::string trust_file() const { return folder_ + "/root.pem"; }

  // An empty database of the current schema, and no backup.
  void Clear() const;
  // The file and what SQLite keeps beside it.
  static void Remove(const std::string& database);

 private:
  std::string databases() const { return folder_ + "/databases"; }
  std::string empty_database() const { return databases() + "/empty.db"; }

  std::string folder_;
};

}  // namespace cosell::simulation
