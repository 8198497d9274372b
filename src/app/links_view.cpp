#include "app/links_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "app/find_link.h"
#include "base/text.h"
#include "mapping/normalize.h"
#include "mapping/read_record.h"
#include "plan/base.h"

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTimelineMax = 300;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json TimeOrNull(const std::optional<Instant>& at) {
  return at ? Json(FormatSeconds(*at)) : Json(nullptr);
}

std::string_view ToString(FieldType type) {
  switch (type) {
    case FieldType::text:
      return "text";
    case FieldType::money:
      return "money";
    case FieldType::code:
      return "code";
    case FieldType::date:
      return "date";
    case FieldType::boolean:
      return "boolean";
    case FieldType::choice:
      return "choice";
    case FieldType::set:
      return "set";
    case FieldType::members:
      return "members";
    case FieldType::status:
      return "status";
  }
  return "text";
}

std::string_view ToString(Direction direction) {
  switch (direction) {
    case Direction::both:
      return "both";
    case Direction::to_crm:
      return "to_crm";
    case Direction::to_partner_center:
      return "to_partner_center";
    case Direction::off:
      return "off";
  }
  return "off";
}

const Mapping& PartFor(const Mapping& mapping, RecordKind kind) {
  return kind == RecordKind::lead && mapping.lead ? *mapping.lead : mapping;
}

// How many, where who is not to be shown.
Value Counted(const Value& members) {
  if (!members) return members;
  const auto count = std::count(members->begin(), members->end(), '\n') + 1;
  return std::to_string(count) + (count == 1 ? " person" : " people");
}

// One link with all that its fields are compared by.
class LinkPicture {
 public:
  LinkPicture(Store& store, const Mapping& mapping, const LinkWork& work, bool people)
      : mapping_(PartFor(mapping, work.link.kind)),
        base_(DecodeBase(mapping_, work.link.base_partner_center, work.link.base_crm)),
        people_(people) {
    if (work.referral && !work.referral->deleted) {
      if (auto record = RecordFromReferral(mapping_, work.referral->raw))
        partner_center_ = std::move(*record);
    }
    if (work.crm && !work.crm->deleted) {
      if (auto record = RecordFromCrm(mapping_, work.crm->raw, work.crm->id))
        crm_ = std::move(*record);
    }
    for (const Conflict& conflict : store.ConflictsOf(work.link.id))
      conflicts_.insert(conflict.field);
  }

  std::string Name() const {
    const auto index = mapping_.Find(kFieldName);
    if (!index) return "";
    for (const auto& side : {partner_center_, crm_}) {
      if (side && side->values[*index]) return *side->values[*index];
    }
    return "";
  }

  Json Fields() const {
    Json fields = Json::array();
    for (FieldIndex i = 0; i < mapping_.fields.size(); ++i) {
      if (mapping_.fields[i].direction != Direction::off) fields.push_back(Field(i));
    }
    return fields;
  }

 private:
  static Value At(const std::optional<Record>& side, FieldIndex i) {
    return side ? side->values[i] : std::nullopt;
  }
  static bool Changed(const std::optional<Record>& side,
                      const std::vector<std::optional<Value>>& base, FieldIndex i) {
    return side && base[i] && side->values[i] != *base[i];
  }
  Json Shown(FieldIndex i, const Value& value) const {
    const bool hidden = !people_ && mapping_.fields[i].type == FieldType::members;
    const Value shown = hidden ? Counted(value) : value;
    return shown ? Json(*shown) : Json(nullptr);
  }

  std::string StateOf(FieldIndex i, bool pc_changed, bool crm_changed) const {
    const FieldRule& rule = mapping_.fields[i];
    if (conflicts_.contains(rule.name)) return "conflict";
    if (rule.type == FieldType::members) return "unread";
    if (!partner_center_ || !crm_) return "one_side";
    if (Agree(rule, partner_center_->values[i], crm_->values[i])) return "agree";
    if (base_.Apart(i) && !pc_changed && !crm_changed) return "apart";
    if (pc_changed && crm_changed) return "both_changed";
    if (pc_changed) return "partner_center_changed";
    return crm_changed ? "crm_changed" : "differs";
  }

  Json Field(FieldIndex i) const {
    const bool pc_changed = Changed(partner_center_, base_.partner_center, i);
    const bool crm_changed =
        Changed(crm_, base_.crm, i) && mapping_.fields[i].type != FieldType::members;
    return {{"field", mapping_.fields[i].name},
            {"type", ToString(mapping_.fields[i].type)},
            {"direction", ToString(mapping_.fields[i].direction)},
            {"partner_center", Shown(i, At(partner_center_, i))},
            {"base_partner_center", Shown(i, base_.partner_center[i].value_or(std::nullopt))},
            {"base_crm", Shown(i, base_.crm[i].value_or(std::nullopt))},
            {"crm", Shown(i, At(crm_, i))},
            {"changed_in_partner_center", pc_changed},
            {"changed_in_crm", crm_changed},
            {"state", StateOf(i, pc_changed, crm_changed)}};
  }

  const Mapping& mapping_;
  Base base_;
  bool people_;
  std::optional<Record> partner_center_;
  std::optional<Record> crm_;
  std::set<std::string> conflicts_;
};

Result<LinkWork> Find(Store& store, const ConnectionName& name, const std::string& id) {
  const auto number = FindLinkNumber(store, name, id);
  auto work = number ? store.LoadLink(name, *number) : std::nullopt;
  if (work) return std::move(*work);
  return Error{ErrorKind::not_found,
               name.text + " has no link with the referral id, CRM id or number '" + id + "'"};
}

bool NamesPeople(const Mapping& mapping, const std::string& fields) {
  for (const std::string& name : Split(fields, ',')) {
    const auto index = mapping.Find(name);
    if (index && mapping.fields[*index].type == FieldType::members) return true;
  }
  return false;
}

Json AuditAsJson(const AuditedWrite& line, bool hidden) {
  const auto value = [&](const std::optional<std::string>& text) {
    if (!text) return Json(nullptr);
    return hidden ? Json("not shown") : Json(*text);
  };
  return {{"id", line.id},
          {"at", line.at},
          {"side", line.side},
          {"record_kind", line.record_kind},
          {"record_id", line.record_id},
          {"operation", line.operation},
          {"field", line.field},
          {"before", value(line.before)},
          {"after", value(line.after)},
          {"reason", line.reason},
          {"rule", line.rule},
          {"cause", line.cause},
          {"outcome", line.outcome},
          {"duration_ms", line.duration_ms}};
}

Json HistoryAsJson(const FieldHistoryEntry& entry, bool hidden) {
  return {{"at", FormatInstant(entry.at)},
          {"field", entry.field},
          {"side", ToString(entry.side)},
          {"value", entry.value.empty() ? Json(nullptr)
                    : hidden            ? Json("not shown")
                                        : Json(entry.value)},
          {"cause", entry.cause},
          {"superseded_by",
           hidden && !entry.superseded_by.empty() ? "a newer value" : entry.superseded_by}};
}

}  // namespace

std::string LinksAsJson(LinkBrowser& browser, const LinkQuery& query) {
  const LinkPage page = browser.Links(query);
  Json json = {{"links", Json::array()}, {"next_after", nullptr}};
  for (const LinkLine& line : page.links) {
    json["links"].push_back({{"connection", line.connection},
                             {"link", line.id},
                             {"referral_id", line.referral_id},
                             {"crm_id", line.crm_id},
                             {"record_kind", line.record_kind},
                             {"state", line.state},
                             {"reason", line.reason},
                             {"name", line.name},
                             {"last_synced_at", TimeOrNull(line.last_synced_at)}});
  }
  if (page.more) json["next_after"] = page.links.back().id;
  return Dump(json);
}

Result<std::string> LinkAsJson(Store& store, const Mapping& mapping, const ConnectionName& name,
                               const std::string& id, bool people) {
  const auto work = Find(store, name, id);
  if (!work) return work.error();
  const Link& link = work->link;
  const LinkPicture picture(store, mapping, *work, people);
  return Dump({{"connection", name.text},
               {"link", link.id},
               {"referral_id", link.referral_id.text},
               {"crm_id", link.crm_id.text},
               {"record_kind", ToString(link.kind)},
               {"state", ToString(link.state)},
               {"reason", link.reason},
               {"name", picture.Name()},
               {"last_synced_at", TimeOrNull(link.last_synced_at)},
               {"next_look_at", TimeOrNull(link.not_before)},
               {"fields", picture.Fields()}});
}

Result<std::string> TimelineAsJson(Store& store, LinkBrowser& browser, const Mapping& mapping,
                                   const ConnectionName& name, const std::string& id, bool people) {
  const auto work = Find(store, name, id);
  if (!work) return work.error();
  const Link& link = work->link;
  const Mapping& part = PartFor(mapping, link.kind);
  Json json = {{"audit", Json::array()}, {"history", Json::array()}};
  for (const AuditedWrite& line :
       browser.Audit(name, link.referral_id.text, link.crm_id.text, kTimelineMax))
    json["audit"].push_back(AuditAsJson(line, !people && NamesPeople(part, line.field)));
  const auto history = store.HistoryOf(link.id);
  for (auto entry = history.rbegin(); entry != history.rend(); ++entry) {
    if (json["history"].size() == kTimelineMax) break;
    json["history"].push_back(HistoryAsJson(*entry, !people && NamesPeople(part, entry->field)));
  }
  return Dump(json);
}

}  // namespace cosell::app
