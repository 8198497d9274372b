#include "tools/sandbox/dataverse/database.h"

#include <stdexcept>
#include <utility>

#include "base/guid.h"
#include "base/text.h"
#include "tools/sandbox/dataverse/schema.h"

namespace cosell::sandbox::dataverse {
namespace {

// Room for the tables an administrator adds: whoever refers to a table keeps doing so.
constexpr std::size_t kMoreTables = 16;

}  // namespace

Database::Database(const DataverseWorldOptions& options, Clock& clock, Random& random)
    : options_(options),
      clock_(clock),
      random_(random),
      api_user_id_(NewGuid(random)),
      business_unit_id_(NewGuid(random)),
      organization_id_(NewGuid(random)),
      version_(options.first_version),
      tables_(MakeTables(options, random)) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    by_name_[tables_[i].info().name] = i;
    by_set_[tables_[i].info().set_name] = i;
  }
  tables_.reserve(tables_.size() + kMoreTables);
}

void Database::AddTable(Table table) {
  if (tables_.size() == tables_.capacity()) throw std::logic_error("too many new tables");
  by_name_[table.info().name] = tables_.size();
  by_set_[table.info().set_name] = tables_.size();
  tables_.push_back(std::move(table));
}

void Database::NoteCustomized(const std::string& table) {
  customized_ = true;
  unpublished_.insert(table);
  ExpireTracking();
}

std::string Database::NewId() { return NewGuid(random_); }

bool Database::Has(const Table& table) const {
  return switches_.solutions_table ||
         !table.name().starts_with(options_.prefix + "microsoftsolution");
}

const Table* Database::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end() || !Has(tables_[found->second])) return nullptr;
  return &tables_[found->second];
}

Table* Database::Find(std::string_view name) {
  return const_cast<Table*>(std::as_const(*this).Find(name));
}

Table* Database::FindSet(std::string_view set_name) {
  const auto found = by_set_.find(set_name);
  if (found == by_set_.end() || !Has(tables_[found->second])) return nullptr;
  return &tables_[found->second];
}

Table& Database::At(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) throw std::logic_error("no table " + std::string(name));
  return tables_[found->second];
}

std::optional<std::string> Database::NameOf(const Reference& reference) const {
  const Table* table = Find(reference.table);
  const Row* row = table == nullptr ? nullptr : table->FindRow(reference.id);
  if (row == nullptr) return std::nullopt;
  const auto* name = std::get_if<std::string>(&table->Cell(*row, table->info().primary_name));
  return name == nullptr ? std::nullopt : std::optional(*name);
}

const Row* Database::FindCurrency(std::string_view code) const {
  const Table* table = Find("transactioncurrency");
  for (const auto& [id, row] : table->rows()) {
    const auto* text = std::get_if<std::string>(&table->Cell(row, "isocurrencycode"));
    if (text != nullptr && EqualsIgnoreCase(*text, code)) return &row;
  }
  return nullptr;
}

std::vector<AlternateKey> Database::KeysOf(const Table& table) const {
  std::vector<AlternateKey> keys;
  if (switches_.alternate_key && table.name() == "opportunity") {
    AlternateKey key = ReferralKey(options_);
    if (table.Find(key.columns.front())) keys.push_back(std::move(key));
  }
  return keys;
}

void Database::Put(Table& table, Row row) {
  if (open_transactions_ == 0) throw std::logic_error("a write outside a transaction");
  const Row* before = table.FindRow(row.id);
  undo_.push_back({&table, row.id, before == nullptr ? std::nullopt : std::optional(*before),
                   table.deletions().size()});
  table.Put(std::move(row));
}

void Database::Remove(Table& table, const std::string& id) {
  if (open_transactions_ == 0) throw std::logic_error("a write outside a transaction");
  const Row* before = table.FindRow(id);
  if (before == nullptr) return;
  undo_.push_back({&table, id, *before, table.deletions().size()});
  table.NoteDeletion({NextVersion(), id, Now()});
  table.Remove(undo_.back().id);
}

void Database::Journal(PerformedOperation operation) {
  journal_pending_.push_back(std::move(operation));
}

void Database::Announce(Change change) { changes_pending_.push_back(std::move(change)); }

Transaction::Transaction(Database& database)
    : database_(database),
      undo_mark_(database.undo_.size()),
      journal_mark_(database.journal_pending_.size()),
      change_mark_(database.changes_pending_.size()) {
  ++database_.open_transactions_;
}

Transaction::~Transaction() {
  if (!committed_) Rollback();
}

void Transaction::Commit() {
  committed_ = true;
  if (--database_.open_transactions_ > 0) return;
  database_.undo_.clear();
  for (auto& entry : database_.journal_pending_) database_.journal_.push_back(std::move(entry));
  database_.journal_pending_.clear();
  const auto changes = std::exchange(database_.changes_pending_, {});
  if (!database_.listener_) return;
  for (const auto& change : changes) database_.listener_(change);
}

void Transaction::Rollback() {
  --database_.open_transactions_;
  while (database_.undo_.size() > undo_mark_) {
    auto& undo = database_.undo_.back();
    undo.table->Remove(undo.id);
    if (undo.before) undo.table->Put(std::move(*undo.before));
    undo.table->CutDeletions(undo.deletions);
    database_.undo_.pop_back();
  }
  database_.journal_pending_.resize(journal_mark_);
  database_.changes_pending_.resize(change_mark_);
}

}  // namespace cosell::sandbox::dataverse
