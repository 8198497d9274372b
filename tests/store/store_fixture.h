#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include "ports/store.h"
#include "store/sqlite_store.h"
#include "store/store_factory.h"
#include "store/store_tools.h"
#include "tests/support/fake_clock.h"

namespace cosell::store {

inline Instant At(const std::string& text) { return ParseInstant(text).value(); }

// A folder that is gone after the test. Its name holds a blank, a quote and a non-ASCII letter.
class TempFolder {
 public:
  TempFolder() {
    std::random_device random;
    const std::string number = std::to_string(random()) + std::to_string(random());
    path_ = std::filesystem::temp_directory_path() /
            (u8"cosell store's \u00e4 " + std::u8string(number.begin(), number.end()));
    std::filesystem::create_directories(path_);
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string File(const std::string& name) const {
    const std::u8string text = (path_ / name).u8string();
    return {text.begin(), text.end()};
  }

 private:
  std::filesystem::path path_;
};

inline std::filesystem::path PathOf(const std::string& utf8) {
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(PathOf(path), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Snapshot Referral(const std::string& id, const std::string& hash,
                         const std::string& changed_at = "2026-03-01T08:00:00.1234567Z") {
  Snapshot snapshot;
  snapshot.side = Side::partner_center;
  snapshot.id = id;
  snapshot.etag = "\"etag-" + hash + "\"";
  snapshot.changed_at = At(changed_at);
  snapshot.read_at = At("2026-03-01T09:00:00Z");
  snapshot.raw = R"({"id":")" + id + R"(","name":"Contoso pilot"})";
  snapshot.hash = hash;
  return snapshot;
}

inline Snapshot Opportunity(const std::string& id, const std::string& hash,
                            const std::string& changed_at = "2026-03-01T08:00:00Z") {
  Snapshot snapshot = Referral(id, hash, changed_at);
  snapshot.side = Side::crm;
  return snapshot;
}

inline Link Pair(const std::string& referral_id, const std::string& crm_id) {
  Link link;
  link.referral_id.text = referral_id;
  link.crm_id.text = crm_id;
  return link;
}

// A store on a new file, with one connection "contoso". `sql` looks at the file from outside, as an
// operator's tool would.
class StoreTest : public testing::Test {
 protected:
  StoreTest() : path_(folder_.File("cosell-sync.db")) { Open(); }

  void Open() {
    store_ = std::make_unique<SqliteStore>(StoreOptions{path_, &clock_, nullptr}, Migrations());
    store_->OpenConnection(contoso_, "live");
  }
  void Close() { store_.reset(); }

  SnapshotOutcome Read(const Snapshot& snapshot) {
    return store_->SaveSnapshots(contoso_, std::vector{snapshot}).at(0);
  }
  // A link of two records that were read.
  std::int64_t ReadAndLink(const std::string& referral_id, const std::string& crm_id) {
    Read(Referral(referral_id, "r1"));
    Read(Opportunity(crm_id, "c1"));
    return store_->InsertLink(contoso_, Pair(referral_id, crm_id));
  }
  Link LinkNow(std::int64_t id) { return store_->LoadLink(contoso_, id).value().link; }
  // What the engine does at the end of a step: the link has seen what is there.
  void WorkedOn(std::int64_t id, std::optional<Instant> not_before = std::nullopt,
                LinkState state = LinkState::in_sync) {
    const LinkWork work = store_->LoadLink(contoso_, id).value();
    Changes changes;
    changes.links = {work.link};
    Link& link = changes.links[0];
    if (link.state == LinkState::pending) link.state = LinkState::in_sync;
    link.seen_referral_hash = work.referral ? work.referral->hash : "";
    link.seen_crm_hash = work.crm ? work.crm->hash : "";
    link.not_before = not_before;
    link.state = state;
    store_->Commit(contoso_, changes);
  }
  std::vector<std::int64_t> Due() {
    std::vector<std::int64_t> ids;
    for (const LinkWork& work : store_->DueLinks(contoso_, clock_.Now(), 100)) {
      ids.push_back(work.link.id);
    }
    return ids;
  }

  // First column of every row, as text.
  std::vector<std::string> Ask(const std::string& sql) {
    SQLite::Database db(path_, SQLite::OPEN_READONLY);
    SQLite::Statement statement(db, sql);
    std::vector<std::string> rows;
    while (statement.executeStep()) {
      rows.push_back(statement.isColumnNull(0) ? "NULL" : statement.getColumn(0).getString());
    }
    return rows;
  }
  std::int64_t Count(const std::string& table) {
    return std::stoll(Ask("SELECT count(*) FROM " + table).at(0));
  }

  TempFolder folder_;
  std::string path_;
  test::FakeClock clock_;
  const ConnectionName contoso_{"contoso"};
  std::unique_ptr<SqliteStore> store_;
};

}  // namespace cosell::store
