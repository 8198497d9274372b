#include "engine/requests.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/planted.h"
#include "engine/intent_body.h"
#include "engine/rails.h"
#include "mapping/mark.h"
#include "plan/person_rule.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kAuditLengthDefault = 2000;

std::string RawOf(const std::optional<Snapshot>& snapshot) {
  return snapshot ? snapshot->raw : "{}";
}

std::vector<Attribute> ToAttributes(const Columns& columns) {
  std::vector<Attribute> attributes;
  for (const auto& [name, json] : columns) attributes.push_back({name, json});
  return attributes;
}

std::string Quote(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The Audit column's length as the CRM describes it, so that a line is never refused for being too
// long.
std::size_t AuditLength(EngineContext& context, RecordKind kind, const std::string& column) {
  const auto schema = context.crm.Describe(false);
  if (!schema || (kind == RecordKind::lead && !schema->lead)) return kAuditLengthDefault;
  const auto& columns = kind == RecordKind::lead ? schema->lead->columns : schema->columns;
  const auto it = columns.find(column);
  if (it == columns.end() || !it->second.length_max) return kAuditLengthDefault;
  return *it->second.length_max;
}

void AddAudit(EngineContext& context, const Job& job, std::vector<Attribute>* attributes) {
  const std::string column = context.mapping.For(job.view.kind).Column("audit");
  if (column.empty()) return;
  AuditLine line;
  line.minute = FormatMinute(context.clock.Now());
  line.direction =
      job.step.from_crm ? "CRM to Partner Center Referral" : "Partner Center Referral to CRM";
  line.success = job.step.audit_success;
  line.reason = job.step.audit_reason;
  if (!line.success) line.correlation = job.intent.id.substr(0, 8);
  attributes->push_back({column, Quote(PrependAudit(line, job.view.crm_facts.audit,
                                                    AuditLength(context, job.view.kind, column)))});
}

std::string MarkFor(const EngineContext& context, const Step& step) {
  if (!context.mapping.options.mark) return "";
  return std::string(step.audit_success ? kCheckMark : kCrossMark);
}

// The name column with the right mark, if it does not look so already.
void AddMark(const EngineContext& context, const Job& job, std::vector<Attribute>* attributes) {
  const Mapping& mapping = context.mapping.For(job.view.kind);
  const FieldIndex name = mapping.Find(kFieldName).value();
  if (!mapping.fields[name].marked) return;
  for (const FieldWrite& write : job.step.writes) {
    if (write.field == name) return;
  }
  if (!job.view.crm || !job.view.crm->values[name]) return;
  const FieldRule& rule = mapping.fields[name];
  const std::string marked =
      WithMark(MarkFor(context, job.step), StripMark(job.view.crm_facts.raw_name), rule.length_max);
  if (marked != job.view.crm_facts.raw_name) attributes->push_back({rule.crm, Quote(marked)});
}

void AddStatusColumns(const EngineContext& context, const Job& job,
                      std::vector<Attribute>* attributes) {
  const Mapping& mapping = context.mapping.For(job.view.kind);
  for (const FieldWrite& write : job.step.writes) {
    if (mapping.fields[write.field].type != FieldType::status || !write.value) continue;
    const auto it = mapping.status.write.find(*write.value);
    if (it == mapping.status.write.end()) continue;
    for (const auto& [column, json] : it->second.columns) attributes->push_back({column, json});
  }
}

void RenderCrmUpdate(EngineContext& context, Job* job) {
  CrmWrite& write = job->crm_write;
  write.kind = CrmWrite::Kind::update;
  write.id = job->work.link.crm_id;
  write.etag = job->work.crm ? job->work.crm->etag : "";
  if (Planted(PlantedBug::record_version_unchecked)) write.etag.clear();
  write.attributes = ToAttributes(RenderColumns(context.mapping.For(job->view.kind),
                                                job->step.writes, RawOf(job->work.referral),
                                                RawOf(job->work.crm), MarkFor(context, job->step)));
  if (job->step.set_sync) write.attributes.push_back({context.mapping.Column("sync"), "true"});
  AddStatusColumns(context, *job, &write.attributes);
  AddMark(context, *job, &write.attributes);
  AddAudit(context, *job, &write.attributes);
}

std::optional<RelatedRecord> ToRelated(const RelatedColumns& columns) {
  if (columns.empty()) return std::nullopt;
  return RelatedRecord{ToAttributes(columns.match), ToAttributes(columns.columns)};
}

std::optional<Error> AddCustomer(const EngineContext& context, Job* job) {
  const std::string raw = RawOf(job->work.referral);
  const auto account = AccountFromReferral(context.mapping, raw);
  if (!account) return account.error();
  const auto contact = ContactFromReferral(context.mapping, raw);
  if (!contact) return contact.error();
  job->crm_write.account = ToRelated(*account);
  job->crm_write.contact = ToRelated(*contact);
  return std::nullopt;
}

// A lead carries its customer in columns of its own.
std::optional<Error> AddLeadCustomer(const EngineContext& context, Job* job) {
  const auto customer = AccountFromReferral(*context.mapping.lead, RawOf(job->work.referral));
  if (!customer) return customer.error();
  for (Attribute& attribute : ToAttributes(customer->columns))
    job->crm_write.attributes.push_back(std::move(attribute));
  return std::nullopt;
}

// For columns that nothing else fills.
void AddConstants(const Mapping& mapping, std::vector<Attribute>* attributes) {
  const Json constants = Json::parse(mapping.create_crm, nullptr, false);
  for (const auto& item : constants.items()) {
    const bool filled =
        std::any_of(attributes->begin(), attributes->end(),
                    [&](const Attribute& attribute) { return attribute.name == item.key(); });
    if (!filled) attributes->push_back({item.key(), item.value().dump()});
  }
}

std::optional<Error> RenderCrmCreate(EngineContext& context, Job* job) {
  const bool lead = job->view.kind == RecordKind::lead;
  RenderCrmUpdate(context, job);
  CrmWrite& write = job->crm_write;
  write.kind = CrmWrite::Kind::create;
  write.id = CrmId{};
  write.etag.clear();
  write.marker = job->work.link.referral_id;
  if (Planted(PlantedBug::record_marker_missing)) {
    write.marker.text = job->intent.id;
    const auto& column = context.mapping.fields[*context.mapping.Find(kFieldReferralId)].crm;
    std::erase_if(write.attributes, [&](const Attribute& each) { return each.name == column; });
  }
  if (const auto error = lead ? AddLeadCustomer(context, job) : AddCustomer(context, job))
    return error;
  const Mapping& mapping = context.mapping.For(job->view.kind);
  write.attributes.push_back({mapping.Column("sync"), "true"});
  AddConstants(mapping, &write.attributes);
  return std::nullopt;
}

std::optional<Error> RenderQualify(const EngineContext& context, Job* job) {
  job->crm_write.kind = CrmWrite::Kind::qualify;
  job->crm_write.id = job->work.link.crm_id;
  return AddCustomer(context, job);
}

void RenderCrmClose(const EngineContext& context, Job* job) {
  CrmWrite& write = job->crm_write;
  write.kind = CrmWrite::Kind::close;
  write.id = job->work.link.crm_id;
  AddStatusColumns(context, *job, &write.attributes);
  const std::string state = job->step.writes.front().value.value();
  write.won = context.mapping.status.write.at(state).close == "won";
  write.close_subject = (write.won ? "Won via co-sell referral " : "Lost via co-sell referral ") +
                        job->work.link.referral_id.text.substr(0, 8);
  const Json referral = Json::parse(RawOf(job->work.referral), nullptr, false);
  const auto reason = referral.find("statusReason");
  write.close_description = "Closed in Partner Center as " + state + ".";
  if (reason != referral.end() && reason->is_string())
    write.close_description += " " + reason->get<std::string>();
}

void RenderReferralStep(const EngineContext& context, Job* job) {
  const std::string crm_raw = RawOf(job->work.crm);
  const Sharing sharing = job->view.sharing.value_or(Sharing{});
  const Record record = job->view.crm.value_or(Record{});
  switch (job->step.operation) {
    case IntentOperation::create_referral:
      job->referral_body = RenderReferral(context.mapping, record, sharing, crm_raw);
      break;
    case IntentOperation::create_connected_referral:
      job->referral_body = RenderConnectedReferral(context.mapping, record, sharing, crm_raw,
                                                   job->work.link.engagement_id.text);
      break;
    default:
      job->referral_body =
          RenderPatch(context.mapping.For(job->view.kind), job->step.writes,
                      RawOf(job->work.referral), crm_raw, job->step.status_reason, sharing);
      break;
  }
}

// What a person decided is audited as a person's act.
std::string CauseOf(const Step& step, const std::string& cause) {
  const bool person =
      std::any_of(step.changes.begin(), step.changes.end(),
                  [](const FieldChange& change) { return change.rule == kRuleResolved; });
  return person ? "person" : cause;
}

}  // namespace

Result<Job> MakeJob(EngineContext& context, const LinkWork& work, const LinkView& view,
                    const Step& step, const std::string& cause) {
  Job job;
  job.work = work;
  job.view = view;
  job.step = step;
  job.intent.id = NewGuid(context.random);
  job.intent.link_id = work.link.id;
  job.intent.operation = step.operation;
  job.intent.side = SideOf(step.operation);
  job.intent.changes = step.changes;
  job.intent.reason = step.reason;
  job.intent.cause = CauseOf(step, cause);
  job.intent.rewrites = ChangesBusinessValues(step);
  job.intent.created_at = context.clock.Now();
  job.intent.lookup_from = context.store.NewestChange(context.name(), job.intent.side);
  if (job.intent.side == Side::partner_center) {
    if (step.operation == IntentOperation::update_referral)
      job.intent.target_id = work.link.referral_id.text;
    if (step.operation == IntentOperation::update_referral && work.referral)
      job.intent.etag = work.referral->etag;
    RenderReferralStep(context, &job);
    job.intent.body = job.referral_body;
    return job;
  }
  job.crm_write.record_kind = view.kind;
  if (step.operation == IntentOperation::create_crm ||
      step.operation == IntentOperation::create_lead) {
    if (const auto error = RenderCrmCreate(context, &job)) return *error;
  } else if (step.operation == IntentOperation::qualify_lead) {
    if (const auto error = RenderQualify(context, &job)) return *error;
  } else if (step.operation == IntentOperation::close_crm) {
    RenderCrmClose(context, &job);
  } else {
    RenderCrmUpdate(context, &job);
  }
  job.crm_write.correlation = CorrelationId{job.intent.id};
  job.intent.target_id = job.crm_write.id.text;
  job.intent.etag = job.crm_write.etag;
  job.intent.body = BodyOf(job.crm_write);
  return job;
}

}  // namespace cosell
