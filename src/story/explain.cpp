#include "story/explain.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "model/field_text.h"

namespace cosell {
namespace {

using Kind = FieldEvent::Kind;

bool IsOurs(const RecordVersion& version) {
  return version.source == "answer" || version.source == "lookup";
}

// The position of the field among those of the write.
std::optional<std::size_t> PositionIn(const RecordedWrite& write, const std::string& field) {
  const auto found = std::find(write.fields.begin(), write.fields.end(), field);
  if (found == write.fields.end()) return std::nullopt;
  return static_cast<std::size_t>(found - write.fields.begin());
}

// One rule for all fields, or one for each.
std::string RuleOf(const RecordedWrite& write, std::size_t position) {
  const auto rules = Split(write.rule, ',');
  return rules.size() == write.fields.size() ? rules[position] : write.rule;
}

Kind KindOf(const RecordedWrite& write) {
  if (write.outcome == "done" || write.outcome == "adopted") return Kind::written;
  return write.outcome == "unknown" ? Kind::unclear : Kind::refused;
}

FieldEvent EventOf(const RecordedWrite& write, std::size_t position) {
  FieldEvent event;
  event.kind = KindOf(write);
  event.side = write.side;
  event.record_id = write.record_id;
  event.at = write.at;
  if (position < write.after.size() && write.after[position] != "")
    event.value = write.after[position];
  event.erased = write.erased;
  event.rule = RuleOf(write, position);
  event.reason = write.reason;
  event.cause = write.cause;
  event.audit_id = write.id;
  event.run_id = write.run_id;
  event.correlation_id = write.correlation_id;
  event.request_id = write.request_id;
  event.outcome = write.outcome;
  return event;
}

void AddWrites(const LinkHistory& history, const std::string& field,
               std::vector<FieldEvent>* events) {
  for (const RecordedWrite& write : history.writes) {
    if (const auto position = PositionIn(write, field))
      events->push_back(EventOf(write, *position));
  }
}

// A version that answered a write of this field is that write's own effect, told there.
bool IsEffectOf(const RecordVersion& version, const std::vector<FieldEvent>& writes,
                const Value& value) {
  if (!IsOurs(version)) return false;
  return std::any_of(writes.begin(), writes.end(), [&](const FieldEvent& write) {
    return write.kind == Kind::written && write.correlation_id == version.detail &&
           write.side == version.side && (write.erased || write.value == value);
  });
}

FieldEvent EventOf(const RecordVersion& version, Kind kind, Value value) {
  FieldEvent event;
  event.kind = kind;
  event.side = version.side;
  event.record_id = version.record_id;
  event.at = version.changed_at;
  event.seen_at = version.seen_at;
  event.value = std::move(value);
  event.source = version.source;
  event.detail = version.detail;
  return event;
}

void AddVersions(const LinkHistory& history, const std::string& field,
                 std::vector<FieldEvent>* events) {
  const std::vector<FieldEvent> writes = *events;
  for (const RecordVersion& version : history.versions) {
    if (version.deleted) events->push_back(EventOf(version, Kind::deleted, std::nullopt));
    const FieldValues changes = FieldsFromText(version.changes);
    const auto change = changes.find(field);
    if (change == changes.end() || IsEffectOf(version, writes, change->second)) continue;
    events->push_back(EventOf(version, Kind::seen, change->second));
  }
}

// In field_history a value that was decided against carries the rule alone.
bool IsLoser(const FieldHistoryEntry& entry) {
  return !entry.superseded_by.empty() && entry.superseded_by.find(':') == std::string::npos;
}

void AddLosers(const LinkHistory& history, const std::string& field,
               std::vector<FieldEvent>* events) {
  for (const FieldHistoryEntry& entry : history.values) {
    if (entry.field != field || !IsLoser(entry)) continue;
    FieldEvent event;
    event.kind = Kind::lost;
    event.side = entry.side;
    event.record_id =
        entry.side == Side::crm ? history.link.crm_id.text : history.link.referral_id.text;
    event.at = entry.at;
    if (!entry.value.empty()) event.value = entry.value;
    event.rule = entry.superseded_by;
    event.cause = entry.cause;
    events->push_back(std::move(event));
  }
}

// What is seen comes before what is decided from it.
int Rank(const FieldEvent& event) {
  switch (event.kind) {
    case Kind::seen:
    case Kind::deleted:
      return 0;
    case Kind::lost:
      return 1;
    case Kind::written:
    case Kind::refused:
    case Kind::unclear:
      return 2;
  }
  return 2;
}

SideValue ValueIn(const std::string& fields, const std::string& field) {
  const FieldValues values = FieldsFromText(fields);
  const auto found = values.find(field);
  if (found == values.end()) return {};
  return {true, found->second};
}

bool IsApart(const std::string& base_crm, const std::string& field) {
  return FieldsFromText(base_crm).contains(field) &&
         base_crm.find("\"~apart\":[") != std::string::npos &&
         base_crm.find("\"" + field + "\"", base_crm.find("\"~apart\":[")) != std::string::npos;
}

// The newest write that is still what its side has.
std::optional<std::size_t> Deciding(const Explanation& told) {
  for (std::size_t i = told.events.size(); i-- > 0;) {
    const FieldEvent& event = told.events[i];
    if (event.kind != Kind::written) continue;
    const SideValue& there = event.side == Side::crm ? told.crm : told.partner_center;
    const bool overtaken =
        std::any_of(told.events.begin() + static_cast<std::ptrdiff_t>(i) + 1, told.events.end(),
                    [&](const FieldEvent& later) {
                      return later.kind == Kind::seen && later.side == event.side;
                    });
    if (event.erased || (there.value == event.value && !overtaken)) return i;
  }
  return std::nullopt;
}

// What the write carried: the newest value of the other side before it. Without a write, the newest
// value that was seen on either side.
std::optional<std::size_t> Bringing(const Explanation& told) {
  const std::size_t end = told.decided_by.value_or(told.events.size());
  for (std::size_t i = end; i-- > 0;) {
    const FieldEvent& event = told.events[i];
    if (event.kind != Kind::seen) continue;
    if (!told.decided_by || event.side != told.events[*told.decided_by].side) return i;
  }
  return std::nullopt;
}

template <typename Rows>
auto OfField(const Rows& rows, const std::string& field) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.field == field; });
  return found == rows.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::vector<std::string> FieldsOf(const LinkHistory& history) {
  std::set<std::string> names;
  const auto add = [&](const std::string& fields) {
    for (const auto& [name, value] : FieldsFromText(fields)) names.insert(name);
  };
  add(history.fields_partner_center);
  add(history.fields_crm);
  add(history.link.base_partner_center);
  add(history.link.base_crm);
  for (const RecordVersion& version : history.versions) add(version.changes);
  for (const RecordedWrite& write : history.writes) {
    if (write.record_kind == "referral" || write.record_kind == "opportunity" ||
        write.record_kind == "lead")
      names.insert(write.fields.begin(), write.fields.end());
  }
  for (const FieldHistoryEntry& entry : history.values) names.insert(entry.field);
  return {names.begin(), names.end()};
}

std::optional<Explanation> Explain(const LinkHistory& history, const std::string& field) {
  const auto fields = FieldsOf(history);
  if (!std::binary_search(fields.begin(), fields.end(), field)) return std::nullopt;
  const Link& link = history.link;
  Explanation told;
  told.field = field;
  told.link_id = link.id;
  told.referral_id = link.referral_id.text;
  told.crm_id = link.crm_id.text;
  told.state = link.state;
  told.partner_center = ValueIn(history.fields_partner_center, field);
  told.crm = ValueIn(history.fields_crm, field);
  told.base_partner_center = ValueIn(link.base_partner_center, field);
  told.base_crm = ValueIn(link.base_crm, field);
  told.apart = IsApart(link.base_crm, field);
  AddWrites(history, field, &told.events);
  AddVersions(history, field, &told.events);
  AddLosers(history, field, &told.events);
  std::stable_sort(told.events.begin(), told.events.end(),
                   [](const FieldEvent& a, const FieldEvent& b) {
                     return std::pair(a.at, Rank(a)) < std::pair(b.at, Rank(b));
                   });
  told.decided_by = Deciding(told);
  told.brought_by = Bringing(told);
  told.conflict = OfField(history.conflicts, field);
  told.decision = OfField(history.decisions, field);
  return told;
}

}  // namespace cosell
