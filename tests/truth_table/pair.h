#pragma once

#include <string>

#include "plan/plan.h"
#include "support/test_mapping.h"

namespace cosell::truth {

// A linked pair whose two remote sides do exactly what they are told, so that a plan can be carried
// out and made again. What a write leaves behind in the base follows design section 3: the side
// written to is what it answered, the other side what it was when it was read, if that is what was
// sent.
struct Pair {
  Mapping mapping = BoundTestMapping();
  Policy policy;
  LinkView view;

  // Nothing on either side, no base, Sync is Yes.
  Pair();

  Plan MakePlan() const { return cosell::MakePlan(view, mapping, policy); }
  // The whole plan: its steps on both sides, and the bases it settles.
  void Do(const Plan& plan);
  // One step alone, as if the other side had refused its own.
  void Do(const Step& step);

  void PartnerCenterHas(const std::string& field, Value value);
  void CrmHas(const std::string& field, Value value);
  void AgreedOn(const std::string& field, const Value& partner_center, const Value& crm);
  FieldIndex At(const std::string& field) const { return mapping.Find(field).value(); }

 private:
  void Answer(const LinkView& before, const Step& step);
  void Settle(const Plan& plan);
};

// Everything a plan says, as text: two equal plans have equal texts.
std::string Print(const Plan& plan);
// Where the two sides stand, field by field, beside their bases.
std::string Print(const Pair& pair);

}  // namespace cosell::truth
