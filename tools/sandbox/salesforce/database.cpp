#include "tools/sandbox/salesforce/database.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::chrono::hours kRecycleBin{15 * 24};

}  // namespace

const Record* Table::Find(std::string_view id) const {
  const auto at = records_.find(id);
  return at == records_.end() ? nullptr : &at->second;
}

const Row* Table::Visible(std::string_view id) const {
  const Record* record = Find(id);
  if (record == nullptr || record->hidden) return nullptr;
  if (!record->open) return &record->row;
  return record->before ? &*record->before : nullptr;
}

const Row* Table::Live(std::string_view id) const {
  const Row* row = Visible(id);
  return row == nullptr || row->deletion != 0 ? nullptr : row;
}

std::vector<std::string> Table::Candidates(std::size_t field, std::string_view text) const {
  std::set<std::string> ids = open_;
  const auto at = index_.find({field, FoldCase(text)});
  if (at != index_.end()) ids.insert(at->second.begin(), at->second.end());
  return {ids.begin(), ids.end()};
}

std::string Table::Text(const Row& row, std::string_view field) const {
  const auto* text = std::get_if<std::string>(&Cell(row, field));
  return text == nullptr ? "" : *text;
}

void Table::Index(const Row& row, bool add) {
  for (std::size_t i = 0; i < type_->fields.size(); ++i) {
    const auto* text = std::get_if<std::string>(&row.cells[i]);
    if (text == nullptr || !type_->fields[i].indexed()) continue;
    auto& ids = index_[{i, FoldCase(*text)}];
    add ? void(ids.insert(row.id)) : void(ids.erase(row.id));
  }
}

void Table::Put(Record record) {
  Remove(record.row.id);
  Index(record.row, true);
  if (record.open) open_.insert(record.row.id);
  if (record.row.deletion != 0) deleted_.insert(record.row.id);
  const std::string id = record.row.id;
  records_.insert_or_assign(id, std::move(record));
}

void Table::Remove(const std::string& id) {
  const auto at = records_.find(id);
  if (at == records_.end()) return;
  Index(at->second.row, false);
  open_.erase(id);
  deleted_.erase(id);
  records_.erase(at);
}

void Table::AddField(Field field, const Value& initial) {
  type_->fields.push_back(std::move(field));
  for (auto& [id, record] : records_) {
    record.row.cells.push_back(initial);
    if (record.before) record.before->cells.push_back(initial);
  }
}

Database::Database(SalesforceWorldOptions options, Clock& clock, Random& random)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      ids_(random),
      schema_(LoadSchema(options_)),
      schema_changed_at_(clock.Now()) {
  for (auto& type : schema_.objects) tables_.push_back(std::make_unique<Table>(type));
}

const Table* Database::Find(std::string_view object) const {
  const auto at = std::find_if(tables_.begin(), tables_.end(), [&](const auto& table) {
    return EqualsIgnoreCase(table->type().name, object);
  });
  return at == tables_.end() ? nullptr : at->get();
}

Table* Database::Find(std::string_view object) {
  return const_cast<Table*>(std::as_const(*this).Find(object));
}

const Table& Database::At(std::string_view object) const {
  const Table* table = Find(object);
  if (table == nullptr) throw std::logic_error("no object " + std::string(object));
  return *table;
}

Table& Database::At(std::string_view object) {
  return const_cast<Table&>(std::as_const(*this).At(object));
}

const Row* Database::Parent(const Table& table, const Row& row, std::size_t field) const {
  const auto* id = std::get_if<std::string>(&row.cells[field]);
  const Table* parents = id == nullptr ? nullptr : Find(table.type().fields[field].to);
  return parents == nullptr ? nullptr : parents->Live(*id);
}

Value Database::Read(const Table& table, const Row& row, std::size_t field) const {
  const Field& spec = table.type().fields[field];
  if (spec.formula.empty()) return row.cells[field];
  const Table* at = &table;
  const Row* record = &row;
  const auto path = Split(spec.formula, '.');
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const std::size_t hop = *at->type().FindRelationship(path[i]);
    record = Parent(*at, *record, hop);
    if (record == nullptr) return {};
    at = Find(at->type().fields[hop].to);
  }
  return Read(*at, *record, at->type().At(path.back()));
}

void Database::Put(Table& table, Row row, bool delayed) {
  if (open_transactions_ == 0) throw std::logic_error("a write outside a transaction");
  const Record* before = table.Find(row.id);
  undo_.push_back({&table, row.id, before == nullptr ? std::nullopt : std::optional(*before)});
  Record record;
  if (before != nullptr) record = *before;
  const bool was_open = record.open;
  if (delayed && !was_open) {
    record.before = before == nullptr ? std::nullopt : std::optional(before->row);
    record.stamped_at = Now();
  }
  record.open = delayed || was_open;
  if (delayed) record.visible_at = clock_.Now() + switches_.commit_delay;
  record.row = std::move(row);
  table.Put(std::move(record));
}

void Database::SetHidden(Table& table, const std::string& id, bool hidden) {
  Record record = *table.Find(id);
  record.hidden = hidden;
  table.Put(std::move(record));
}

void Database::Journal(SalesforceWrite write) { journal_pending_.push_back(std::move(write)); }

void Database::Announce(SalesforceChange change, bool delayed) {
  const auto due = clock_.Now() + switches_.commit_delay;
  changes_pending_.push_back(
      {std::move(change), delayed ? std::optional<Instant>(due) : std::nullopt});
}

void Database::Settle() {
  const Instant now = clock_.Now();
  for (auto& table : tables_) {
    const auto waiting = table->open();
    for (const auto& id : waiting) {
      Record record = *table->Find(id);
      if (record.visible_at > now) continue;
      record.open = false;
      record.before.reset();
      table->Put(std::move(record));
    }
    std::vector<std::string> expired;
    for (const auto& id : table->deleted()) {
      if (table->Find(id)->row.deleted_at + kRecycleBin < Now()) expired.push_back(id);
    }
    for (const auto& id : expired) table->Remove(id);
  }
  const auto late = std::stable_partition(delayed_.begin(), delayed_.end(),
                                          [&](const auto& item) { return item.due <= now; });
  std::vector<Announcement> due(delayed_.begin(), late);
  delayed_.erase(delayed_.begin(), late);
  for (const auto& item : due) Announce(item.change);
}

std::optional<Instant> Database::NextCommitDue() const {
  std::optional<Instant> next;
  for (const auto& table : tables_) {
    for (const auto& id : table->open()) {
      const Instant at = table->Find(id)->visible_at;
      next = next ? std::min(*next, at) : at;
    }
  }
  return next;
}

std::optional<Instant> Database::OldestOpenStamp() const {
  std::optional<Instant> oldest;
  for (const auto& table : tables_) {
    for (const auto& id : table->open()) {
      const Instant at = table->Find(id)->stamped_at;
      oldest = oldest ? std::min(*oldest, at) : at;
    }
  }
  return oldest;
}

void Database::AddFormula(Table& table, Field field) {
  table.AddField(std::move(field));
  schema_changed_at_ = Now();
}

void Database::AddCustomField(Table& table, Field field, const Value& initial) {
  table.AddField(std::move(field), initial);
  schema_changed_at_ = Now();
}

void Database::ShowField(Table& table, const std::string& field) {
  Field& shown = table.type().fields.at(table.type().At(field));
  shown.hidden = false;
  schema_changed_at_ = Now();
}

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
  for (auto& item : std::exchange(database_.changes_pending_, {})) {
    if (item.due) {
      database_.delayed_.push_back(std::move(item));
    } else {
      database_.Announce(item.change);
    }
  }
}

void Transaction::Rollback() {
  --database_.open_transactions_;
  while (database_.undo_.size() > undo_mark_) {
    auto& undo = database_.undo_.back();
    undo.table->Remove(undo.id);
    if (undo.before) undo.table->Put(std::move(*undo.before));
    database_.undo_.pop_back();
  }
  database_.journal_pending_.resize(journal_mark_);
  database_.changes_pending_.erase(
      database_.changes_pending_.begin() + static_cast<std::ptrdiff_t>(change_mark_),
      database_.changes_pending_.end());
}

}  // namespace cosell::sandbox::salesforce
