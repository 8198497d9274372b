#include "tools/bench/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "tools/bench/measure.h"

namespace cosell::bench {
namespace {

constexpr std::size_t kBlockSize = 8 * 1024;
constexpr off_t kBlocks = 512;

class PlainFile {
 public:
  explicit PlainFile(const std::string& path)
      : path_(path), handle_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (handle_ < 0) Fail();
  }
  ~PlainFile() { close(handle_); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  void WriteBlock(off_t block) {
    const off_t at = block % kBlocks * static_cast<off_t>(kBlockSize);
    if (pwrite(handle_, content_.data(), kBlockSize, at) != static_cast<ssize_t>(kBlockSize)) {
      Fail();
    }
  }
  void Flush() {
    if (fdatasync(handle_) != 0) Fail();
  }

 private:
  [[noreturn]] void Fail() const {
    throw std::system_error(errno, std::generic_category(), "cannot write '" + path_ + "'");
  }

  std::string path_;
  int handle_;
  std::vector<char> content_ = std::vector<char>(kBlockSize, 'x');
};

}  // namespace

double FlushesPerSecond(const std::string& folder, double seconds) {
  PlainFile file(folder + "/flushes");
  for (off_t block = 0; block < kBlocks; ++block) file.WriteBlock(block);
  file.Flush();
  off_t done = 0;
  const double start = WallSeconds();
  double spent = 0;
  while (spent < seconds) {
    file.WriteBlock(done);
    file.Flush();
    ++done;
    spent = WallSeconds() - start;
  }
  return static_cast<double>(done) / spent;
}

struct SingleRowCommits::Parts {
  explicit Parts(const std::string& path)
      : db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX) {
    db.exec(
        "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE event (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
        " content TEXT NOT NULL) STRICT;");
    insert =
        std::make_unique<SQLite::Statement>(db, "INSERT INTO event (key, content) VALUES (?1, ?2)");
  }
  SQLite::Database db;
  std::unique_ptr<SQLite::Statement> insert;
};

SingleRowCommits::SingleRowCommits(const std::string& folder)
    : parts_(std::make_unique<Parts>(folder + "/single-row.db")) {}
SingleRowCommits::~SingleRowCommits() = default;

double SingleRowCommits::PerSecond(double seconds) {
  const std::string content(200, 'x');
  std::int64_t done = 0;
  const double start = WallSeconds();
  double spent = 0;
  while (spent < seconds) {
    parts_->insert->bind(1, "referral-updated:" + std::to_string(++next_));
    parts_->insert->bind(2, content);
    parts_->insert->exec();
    parts_->insert->reset();
    ++done;
    spent = WallSeconds() - start;
  }
  return static_cast<double>(done) / spent;
}

}  // namespace cosell::bench
