#include "engine/dry_run.h"

#include <algorithm>

#include "engine/planning.h"
#include "engine/snapshots.h"
#include "model/digest.h"

namespace cosell {
namespace {

constexpr std::size_t kPage = 200;

// A create takes the customer, the contact and the owner along, which change feeds do not bring.
bool NeedsSharing(const Mapping& mapping, const LinkView& view, const Plan& plan) {
  const bool to_be_shared = !view.partner_center && plan.state == LinkState::pending;
  return to_be_shared || HasOtherPeople(mapping, view) ||
         std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
           return step.operation == IntentOperation::create_connected_referral;
         });
}

Status ReadSharing(EngineContext& context, const LinkWork& work, LinkView* view) {
  const auto records =
      context.crm.Read(RecordKind::opportunity, {work.link.crm_id}, Crm::Detail::with_related);
  if (!records) return records.error();
  for (const CrmRecord& record : *records) {
    if (auto sharing = SharingOf(context, record))
      TakePeople(context.mapping, std::move(*sharing), view);
  }
  return Done{};
}

// One text of everything in it; every part ends with a separator no value contains.
class DigestText {
 public:
  void Add(std::string_view part) { text_.append(part).append(1, '\x1f'); }
  void AddValue(const Value& value) { Add(value ? "=" + *value : std::string("-")); }
  void AddMember(const Member& member) {
    for (const std::string* part : {&member.first_name, &member.last_name, &member.email,
                                    &member.phone_number, &member.title})
      Add(*part);
  }
  std::string Hash() const { return ContentHash(text_); }

 private:
  std::string text_;
};

std::string DigestOf(const LinkWork& work, const LinkView& view, const Plan& plan) {
  DigestText text;
  for (const Step& step : plan.steps) {
    text.Add(ToString(step.operation));
    text.Add(SideOf(step.operation) == Side::crm ? work.link.crm_id.text
                                                 : work.link.referral_id.text);
    for (const FieldWrite& write : step.writes) {
      text.Add(std::to_string(write.field));
      text.AddValue(write.value);
    }
    text.Add(step.audit_reason);
  }
  text.Add(work.referral ? work.referral->hash : "");
  text.Add(work.crm ? work.crm->hash : "");
  if (view.sharing) {
    for (const auto& [pointer, value] : view.sharing->customer) text.Add(pointer + "=" + value);
    text.AddMember(view.sharing->contact);
    text.AddMember(view.sharing->owner);
  }
  return text.Hash();
}

}  // namespace

Result<std::optional<PlannedLink>> PlanOneLink(EngineContext& context, const LinkWork& work) {
  auto view = MakeView(context, work);
  if (!view || work.link.state == LinkState::unlinked || (!view->crm && !view->partner_center))
    return std::optional<PlannedLink>();
  Plan plan = PlanLink(context, work, &*view);
  if (NeedsSharing(context.mapping, *view, plan)) {
    if (const auto read = ReadSharing(context, work, &*view); !read) return read.error();
    plan = PlanLink(context, work, &*view);
  }
  if (plan.steps.empty() && plan.conflicts.empty()) return std::optional<PlannedLink>();
  std::string digest = DigestOf(work, *view, plan);
  return std::optional(PlannedLink{work, std::move(plan), std::move(digest), std::move(*view)});
}

Result<std::vector<PlannedLink>> PlanAllLinks(EngineContext& context) {
  std::vector<PlannedLink> planned;
  std::int64_t after = 0;
  while (true) {
    const auto links = context.store.LinksAfter(context.name(), after, kPage);
    if (links.empty()) return planned;
    for (const LinkWork& work : links) {
      after = work.link.id;
      auto link = PlanOneLink(context, work);
      if (!link) return link.error();
      if (*link) planned.push_back(std::move(**link));
    }
  }
}

}  // namespace cosell
