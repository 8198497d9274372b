#include "tools/sandbox/dataverse/table.h"

#include <stdexcept>

namespace cosell::sandbox::dataverse {
namespace {

std::optional<std::size_t> Lookup(const std::map<std::string, std::size_t, std::less<>>& index,
                                  std::string_view name) {
  const auto found = index.find(name);
  if (found == index.end()) return std::nullopt;
  return found->second;
}

}  // namespace

const Option* Column::FindOption(std::int64_t value) const {
  for (const auto& option : options) {
    if (option.value == value) return &option;
  }
  return nullptr;
}

void Table::Add(Column column) {
  by_name_[column.name] = columns_.size();
  by_property_[column.property()] = columns_.size();
  columns_.push_back(std::move(column));
}

void Table::AddLater(Column column) {
  for (auto& [id, row] : rows_) row.cells.push_back(column.initial);
  Add(std::move(column));
}

std::optional<std::size_t> Table::Find(std::string_view column) const {
  return Lookup(by_name_, column);
}

std::optional<std::size_t> Table::FindProperty(std::string_view property) const {
  return Lookup(by_property_, property);
}

std::optional<std::pair<std::size_t, const Navigation*>> Table::FindNavigation(
    std::string_view name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (const auto& navigation : columns_[i].navigations) {
      if (navigation.name == name) return std::pair{i, &navigation};
    }
  }
  return std::nullopt;
}

std::size_t Table::At(std::string_view column) const {
  const auto found = Find(column);
  if (!found) throw std::logic_error("no column " + std::string(column) + " in " + info_.name);
  return *found;
}

const Row* Table::FindRow(std::string_view id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second;
}

void Table::Put(Row row) {
  Remove(row.id);
  by_version_[row.version] = row.id;
  std::string id = row.id;
  rows_.insert_or_assign(std::move(id), std::move(row));
}

void Table::Remove(std::string_view id) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return;
  by_version_.erase(found->second.version);
  rows_.erase(found);
}

std::string Etag(const Row& row) { return "W/\"" + std::to_string(row.version) + "\""; }

}  // namespace cosell::sandbox::dataverse
