#pragma once

#include <string>

namespace cosell::simulation {

// A folder of the process for database files, in memory where the system offers it; gone with the
// object. Holds an empty database of the current schema and the root of webhook signatures, so that
// a history need not make them. Serves one history at a time.
class Workshop {
 public:
  Workshop();
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  std::string database() const { return folder_ + "/cosell-sync.db"; }
  std::string backup() const { return folder_ + "/backup.db"; }
  std::string trust_file() const { return folder_ + "/root.pem"; }

  // An empty database of the current schema, and no backup.
  void Clear() const;
  // The file and what SQLite keeps beside it.
  static void Remove(const std::string& database);

 private:
  std::string empty_database() const { return folder_ + "/empty.db"; }

  std::string folder_;
};

}  // namespace cosell::simulation
