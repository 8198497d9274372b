#include "crm/salesforce/ground.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::salesforce {
namespace {

// The word in single quotes behind `before`: "No such column 'Phone' on entity 'User'".
std::string QuotedWord(const std::string& text, std::string_view before) {
  const auto at = text.find(before);
  if (at == std::string::npos) return "";
  const auto open = text.find('\'', at + before.size());
  const auto close = open == std::string::npos ? open : text.find('\'', open + 1);
  return close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
}

bool IsField(const std::string& own, const std::string& named) {
  const auto dot = named.rfind('.');
  return EqualsIgnoreCase(own, dot == std::string::npos ? named : named.substr(dot + 1));
}

// The columns of `selected` an INVALID_FIELD may mean. An own field goes before a related one of
// the same name, unless the server says which object it looked at.
std::vector<std::string> NamedColumns(const std::string& message, const ColumnSplit& selected) {
  std::vector<std::string> named;
  const std::string relationship = QuotedWord(message, "relationship");
  const std::string field = QuotedWord(message, "No such column");
  const std::string entity = QuotedWord(message, "entity");
  const std::map<std::string, std::string> kLookups = {
      {"Account", "AccountId"}, {"Contact", "ContactId"}, {"User", "OwnerId"}, {"Name", "OwnerId"}};
  const auto lookup = kLookups.find(entity);
  if (lookup == kLookups.end()) {
    for (const std::string& each : selected.own) {
      if (!field.empty() && IsField(each, field)) named.push_back(each);
    }
    if (!named.empty()) return named;
  }
  for (const auto& [through, names] : selected.related) {
    const bool elsewhere = lookup != kLookups.end() && lookup->second != through;
    const bool whole = !relationship.empty() && StartsWithIgnoreCase(through, relationship);
    for (const std::string& each : names) {
      if (!elsewhere && (whole || (!field.empty() && IsField(each, field)))) {
        named.push_back(through + "." + each);
      }
    }
  }
  return named;
}

std::string HiddenField(const std::string& name) {
  return "The field " + name +
         " cannot be queried and is left out of every read: give the integration user's permission "
         "set read access to it, or take it out of the mapping";
}

}  // namespace

Ground::Ground(Rest& rest, std::map<std::string, std::string> overrides, Log& log)
    : rest_(rest), overrides_(std::move(overrides)), log_(log) {}

Result<SharedView> Ground::Discovered(bool refresh) {
  {
    const std::scoped_lock lock(mutex_);
    if (view_ && !refresh) return view_;
  }
  auto discovered = Discover(rest_, overrides_);
  if (!discovered) return discovered.error();
  const std::scoped_lock lock(mutex_);
  organization_ = std::make_shared<const Organization>(*std::move(discovered));
  dropped_.clear();
  return Rebuild();
}

// Requires mutex_ held and the organisation known.
SharedView Ground::Rebuild() {
  return view_ = std::make_shared<const View>(organization_, selected_, dropped_);
}

void Ground::Select(const std::vector<std::string>& columns) {
  const std::scoped_lock lock(mutex_);
  selected_ = SplitColumns(columns);
  if (!organization_) return;
  const auto missing = MissingColumns(*Rebuild(), selected_);
  if (missing.empty()) return;
  log_.Warning("fields the organisation lacks or hides are not read",
               {{"fields", Join(missing, ", ")}});
}

std::vector<std::string> Ground::Problems() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> problems = organization_->problems;
  for (const std::string& name : dropped_) problems.push_back(HiddenField(name));
  return problems;
}

bool Ground::Heal(const View& used, const Error& error, bool first_time) {
  if (first_time) {
    auto discovered = Discover(rest_, overrides_);
    if (!discovered) return false;
    const std::scoped_lock lock(mutex_);
    organization_ = std::make_shared<const Organization>(*std::move(discovered));
    if (Swap(used)) return true;
  }
  const std::scoped_lock lock(mutex_);
  const auto named = NamedColumns(error.message, selected_);
  dropped_.insert(named.begin(), named.end());
  return Swap(used);
}

// Requires mutex_ held. Whether what is read now differs from what `used` read.
bool Ground::Swap(const View& used) {
  const auto before = MissingColumns(used, selected_);
  const SharedView now = Rebuild();
  for (const std::string& name : MissingColumns(*now, selected_)) {
    if (std::find(before.begin(), before.end(), name) != before.end()) continue;
    log_.Warning("a field can no longer be read and is left out", {{"field", name}});
  }
  return now->with_related.select() != used.with_related.select();
}

}  // namespace cosell::salesforce
