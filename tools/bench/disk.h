#pragma once

#include <cstdint>
#include <memory>
#include <string>

// What the disk and SQLite can do at best, on plain files of their own: the limits that durable
// figures are compared with. Linux only; errors throw std::runtime_error.
namespace cosell::bench {

// 8 KiB blocks overwritten in a preallocated file, each followed by fdatasync, for about `seconds`.
double FlushesPerSecond(const std::string& folder, double seconds);

// A WAL database with synchronous FULL, its one table like the inbox: every insert is a transaction
// of its own.
class SingleRowCommits {
 public:
  explicit SingleRowCommits(const std::string& folder);
  ~SingleRowCommits();
  double PerSecond(double seconds);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::int64_t next_ = 0;
};

}  // namespace cosell::bench
