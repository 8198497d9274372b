#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tools/sandbox/dataverse/table.h"
#include "tools/sandbox/dataverse/types.h"

// The organisation's rows and everything that is true of all of them: one version counter, one
// clock, atomic operations, the journal.
namespace cosell::sandbox::dataverse {

// Who writes.
struct Caller {
  std::string user_id;
  bool by_api = false;
};

// A committed change of one row, for the push channel.
struct Change {
  std::string message;  // "Create", "Update", "Delete", "Win", "Lose"
  Caller caller;
  Instant at;
  const Table* table = nullptr;
  Row row;                           // as it is now; before the end, for Delete
  std::vector<std::size_t> columns;  // written ones
  std::optional<Row> closing;        // Win, Lose: the opportunityclose row
};

class Database {
 public:
  Database(const DataverseWorldOptions& options, Clock& clock, Random& random);

  const DataverseWorldOptions& options() const { return options_; }
  DataverseSwitches& switches() { return switches_; }
  const DataverseSwitches& switches() const { return switches_; }
  Random& random() { return random_; }
  const std::string& api_user_id() const { return api_user_id_; }
  const std::string& business_unit_id() const { return business_unit_id_; }
  const std::string& organization_id() const { return organization_id_; }

  // The server's clock.
  Instant Now() const { return clock_.Now() + switches_.clock_offset; }
  std::string NewId();
  std::uint64_t NextVersion() { return ++version_; }
  std::uint64_t version() const { return version_; }
  // Tracking tokens older than this version are lost, as after a change of metadata (7).
  std::uint64_t tracking_floor() const { return tracking_floor_; }
  void ExpireTracking() { tracking_floor_ = ++version_; }

  std::vector<Table>& tables() { return tables_; }
  const std::vector<Table>& tables() const { return tables_; }
  // Whether the organisation has the table: those of solutions may be switched off.
  bool Has(const Table& table) const;
  // Null when there is no such table. By logical name; by entity set name.
  Table* Find(std::string_view name);
  const Table* Find(std::string_view name) const;
  Table* FindSet(std::string_view set_name);
  // Requires the table to exist, be it switched off.
  Table& At(std::string_view name);

  // --- What administrators change: see customize.h. References to tables stay good.
  void AddTable(Table table);
  // The table's definition has changed and is not published yet; tracking tokens are lost (7).
  void NoteCustomized(const std::string& table);
  void NotePublished(const std::string& table) { unpublished_.erase(table); }
  const std::set<std::string>& unpublished() const { return unpublished_; }
  bool customized() const { return customized_; }

  // The display name of the row a lookup points to; nothing when it is gone or has none.
  std::optional<std::string> NameOf(const Reference& reference) const;
  // The row of an ISO code, ignoring case.
  const Row* FindCurrency(std::string_view code) const;
  // The alternate keys in force; out of the box no table has one (5.3).
  std::vector<AlternateKey> KeysOf(const Table& table) const;

  // Atomic operations. Rows change through these while a Transaction is open, so that they can be
  // put back.
  void Put(Table& table, Row row);
  void Remove(Table& table, const std::string& id);
  void Journal(PerformedOperation operation);
  void Announce(Change change);
  // Called with every committed change, in order.
  void OnChange(std::function<void(const Change&)> listener) { listener_ = std::move(listener); }

  const std::vector<PerformedOperation>& journal() const { return journal_; }
  void ClearJournal() { journal_.clear(); }

 private:
  friend class Transaction;
  struct Undo {
    Table* table;
    std::string id;
    std::optional<Row> before;
    std::size_t deletions;
  };

  DataverseWorldOptions options_;
  Clock& clock_;
  Random& random_;
  DataverseSwitches switches_;
  std::string api_user_id_;
  std::string business_unit_id_;
  std::string organization_id_;
  std::uint64_t version_;
  std::uint64_t tracking_floor_ = 0;
  std::vector<Table> tables_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::string, std::size_t, std::less<>> by_set_;

  std::set<std::string> unpublished_;
  bool customized_ = false;

  int open_transactions_ = 0;
  std::vector<Undo> undo_;
  std::vector<PerformedOperation> journal_pending_;
  std::vector<Change> changes_pending_;
  std::vector<PerformedOperation> journal_;
  std::function<void(const Change&)> listener_;
};

// All or nothing; inner ones join the outer one. Undone unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit();

 private:
  void Rollback();
  Database& database_;
  std::size_t undo_mark_;
  std::size_t journal_mark_;
  std::size_t change_mark_;
  bool committed_ = false;
};

}  // namespace cosell::sandbox::dataverse
