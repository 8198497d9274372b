#include "crm/salesforce/ground.h"

#include <algorithm>
#include <map>

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

Error NoLeads(const Wanted& wanted) {
  return Refusal(wanted.leads ? "The Lead object is hidden from the integration user: give its "
                                "permission set access to the object"
                              : "Leads are left alone: put \"lead\" into crm.records");
}

}  // namespace

Ground::Ground(Rest& rest, Wanted wanted, Log& log)
    : rest_(rest), wanted_(std::move(wanted)), log_(log) {}

Result<SharedOrganization> Ground::Discovered(bool refresh) {
  {
    const std::scoped_lock lock(mutex_);
    if (organization_ && !refresh) return organization_;
  }
  auto discovered = Discover(rest_, wanted_);
  if (!discovered) return discovered.error();
  const std::scoped_lock lock(mutex_);
  opportunities_.dropped.clear();
  leads_.dropped.clear();
  Take(*std::move(discovered));
  return organization_;
}

Result<SharedView> Ground::ViewOf(RecordKind kind) {
  if (kind == RecordKind::lead && !wanted_.leads) return NoLeads(wanted_);
  const auto known = Discovered(false);
  if (!known) return known.error();
  const std::scoped_lock lock(mutex_);
  if (const SharedView& view = Of(kind).view) return view;
  return NoLeads(wanted_);
}

// Requires mutex_ held.
void Ground::Take(Organization organization) {
  organization_ = std::make_shared<const Organization>(std::move(organization));
  Rebuild(opportunities_);
  Rebuild(leads_);
}

// Requires mutex_ held and the organisation known.
void Ground::Rebuild(Reading& reading) {
  reading.view.reset();
  if (organization_->Find(reading.kind) == nullptr) return;
  reading.view =
      std::make_shared<const View>(organization_, reading.kind, reading.selected, reading.dropped);
}

void Ground::Select(RecordKind kind, const std::vector<std::string>& columns) {
  const std::scoped_lock lock(mutex_);
  Reading& reading = Of(kind);
  reading.selected = SplitColumns(columns);
  if (!organization_) return;
  Rebuild(reading);
  if (!reading.view) return;
  const auto missing = MissingColumns(*reading.view, reading.selected);
  if (missing.empty()) return;
  log_.Warning("fields the organisation lacks or hides are not read",
               {{"record_kind", std::string(ToString(kind))}, {"fields", Join(missing, ", ")}});
}

std::vector<std::string> Ground::Problems() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> problems = organization_->problems;
  for (const Reading* reading : {&opportunities_, &leads_}) {
    for (const std::string& name : reading->dropped) problems.push_back(HiddenField(name));
  }
  return problems;
}

bool Ground::Heal(const View& used, const Error& error, bool first_time) {
  Reading& reading = Of(used.synced.kind);
  if (first_time) {
    auto discovered = Discover(rest_, wanted_);
    if (!discovered) return false;
    const std::scoped_lock lock(mutex_);
    Take(*std::move(discovered));
    if (Changed(used, reading)) return true;
  }
  const std::scoped_lock lock(mutex_);
  const auto named = NamedColumns(error.message, reading.selected);
  reading.dropped.insert(named.begin(), named.end());
  Rebuild(reading);
  return Changed(used, reading);
}

// Requires mutex_ held. Whether what is read now differs from what `used` read.
bool Ground::Changed(const View& used, const Reading& reading) const {
  // Without a view the next read ends with a clear refusal.
  if (!reading.view) return true;
  const auto before = MissingColumns(used, reading.selected);
  for (const std::string& name : MissingColumns(*reading.view, reading.selected)) {
    if (std::find(before.begin(), before.end(), name) != before.end()) continue;
    log_.Warning("a field can no longer be read and is left out", {{"field", name}});
  }
  return reading.view->with_related.select() != used.with_related.select();
}

}  // namespace cosell::salesforce
