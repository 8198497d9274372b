#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/field_rule.h"
#include "plan/plan.h"
#include "plan/status_rule.h"

namespace cosell {

// Plans a link of which both sides are there: collects what the fields want and turns it into at
// most one step per side. Borrows its arguments; used once.
class PairPlanner {
 public:
  PairPlanner(const LinkView& view, const Mapping& mapping, const Policy& policy);
  Plan Make();

 private:
  const Value& Pc(FieldIndex i) const { return view_.partner_center->values[i]; }
  const Value& Crm(FieldIndex i) const { return view_.crm->values[i]; }

  bool IsLead() const { return view_.kind == RecordKind::lead; }
  FieldContext MakeContext() const;
  FieldContext ContextOf(FieldIndex i) const;
  bool WasWritten(Side side, FieldIndex i, const Value& value) const;
  const Decision* DecisionAbout(FieldIndex i) const;
  bool IsLeftAlone(FieldIndex i) const;
  bool IsUntold(FieldIndex i) const;
  bool NamesAnotherRecord(FieldIndex i) const;

  void PlanField(FieldIndex i);
  void PlanStatus(FieldIndex i);
  std::optional<FieldDecision> AskPerson(FieldIndex i, const FieldContext& context);
  void Follow(FieldIndex i, const FieldDecision& decision);
  void Follow(FieldIndex i, const StatusDecision& decision);
  void MovePartnerCenter(FieldIndex i, const StatusDecision& decision);
  void MoveCrm(FieldIndex i, const std::string& state, const std::string& rule,
               const std::string& reason);
  bool CrmCanMoveClosed(FieldIndex i) const;

  void Write(Step* step, FieldIndex i, const Value& before, const Value& after,
             const std::string& rule, const std::string& reason);
  void SettleField(FieldIndex i);
  void AskHelp(FieldIndex i, const std::string& reason);
  void RaiseConflict(FieldIndex i, const std::string& reason);

  void AddPartnerCenterStep();
  bool LacksForHelp();
  bool NeedsConsent() const;
  Step ConsentStep();
  void AddCrmStep();
  bool TakeNews();
  void SetAudit(Step* step);
  void SetState();

  const LinkView& view_;
  const Mapping& mapping_;
  const Policy& policy_;
  const FieldContext context_;
  Plan plan_;
  Step referral_step_;
  Step name_step_;
  Step status_step_;
  Step help_step_;
  Step crm_step_;
  Step close_step_;
  Step qualify_step_;
  bool asks_help_ = false;
  bool unlink_ = false;
  std::string help_reason_;
  std::string status_reason_;
  std::string waits_;
  std::string lacks_for_help_;
  std::vector<std::string> put_back_;
  std::vector<std::string> news_;
};

}  // namespace cosell
