#include "engine/redefined.h"

#include <nlohmann/json.hpp>

namespace cosell {
namespace {

using Json = nlohmann::json;

constexpr const char* kFields = "mapping_fields";
constexpr std::size_t kPage = 500;

std::string PrefixOf(RecordKind kind) { return kind == RecordKind::lead ? "lead." : ""; }

// The state of a deal is no single value; its rule copes with other stages by itself.
void AddFields(const Mapping& part, Json* fields) {
  for (const FieldRule& rule : part.fields) {
    if (rule.type != FieldType::status) (*fields)[PrefixOf(part.kind) + rule.name] = rule.identity;
  }
}

Json FieldsOf(const Mapping& mapping) {
  Json fields = Json::object();
  AddFields(mapping, &fields);
  if (mapping.lead) AddFields(*mapping.lead, &fields);
  return fields;
}

// Pages of links whose bases speak of a redefined field.
void RewriteBases(EngineContext& context) {
  std::int64_t after = 0;
  while (true) {
    const auto links = context.store.LinksAfter(context.name(), after, kPage);
    if (links.empty()) return;
    Changes changes;
    for (const LinkWork& work : links) {
      after = work.link.id;
      if (work.link.kind == RecordKind::lead && !context.mapping.lead) continue;
      const Mapping& mapping = context.mapping.For(work.link.kind);
      Base base = DecodeBase(mapping, work.link.base_partner_center, work.link.base_crm);
      if (base.empty()) continue;
      ForgetRedefined(context, work.link.kind, &base);
      changes.links.push_back(work.link);
      changes.links.back().base_partner_center = EncodePartnerCenterBase(mapping, base);
      changes.links.back().base_crm = EncodeCrmBase(mapping, base);
    }
    if (!changes.empty()) context.store.Commit(context.name(), changes);
  }
}

}  // namespace

std::set<std::string> FindRedefined(EngineContext& context) {
  std::set<std::string> redefined;
  const Json kept =
      Json::parse(context.store.Cursor(context.name(), kFields).value_or("{}"), nullptr, false);
  if (!kept.is_object()) return redefined;
  const Json now = FieldsOf(context.mapping);
  for (const auto& item : now.items()) {
    const auto before = kept.find(item.key());
    if (before != kept.end() && *before != item.value()) redefined.insert(item.key());
  }
  return redefined;
}

void ForgetRedefined(const EngineContext& context, RecordKind kind, Base* base) {
  if (context.redefined.empty()) return;
  const Mapping& mapping = context.mapping.For(kind);
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    if (!context.redefined.contains(PrefixOf(kind) + mapping.fields[i].name)) continue;
    base->partner_center[i].reset();
    base->crm[i].reset();
    base->SetApart(i, false);
  }
}

bool KnowsFields(EngineContext& context) {
  return context.store.Cursor(context.name(), kFields).has_value();
}

void AcceptRedefined(EngineContext& context) {
  if (!context.redefined.empty()) RewriteBases(context);
  Changes changes;
  changes.cursors.emplace_back(kFields, FieldsOf(context.mapping).dump());
  context.store.Commit(context.name(), changes);
  context.redefined.clear();
}

}  // namespace cosell
