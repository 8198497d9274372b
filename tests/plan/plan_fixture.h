#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "plan/plan.h"
#include "support/test_mapping.h"

namespace cosell {

using Fields = std::map<std::string, std::string>;

inline const Instant kNoon = *ParseInstant("2026-03-01T12:00:00Z");

inline const Fields kDeal = {{"name", "Yard planning"},
                             {"deal_value", "12000"},
                             {"currency", "EUR"},
                             {"closing_date", "2026-12-15"},
                             {"notes", "Two yards."},
                             {"status", "active"},
                             {"solutions", "sol-1-aaa"},
                             {"visibility", "true"},
                             {"referral_id", "r1"},
                             {"referral_link", "https://partner.example/referrals?id=r1"},
                             {"crm_id", "c1"}};

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    view_.partner_center = RecordOf(kDeal);
    view_.crm = RecordOf(kDeal);
    view_.referral.open = true;
    view_.crm_facts.sync = true;
    AgreedOn(kDeal);
  }

  Record RecordOf(const Fields& fields) const {
    Record record;
    record.values.resize(mapping_.fields.size());
    for (const auto& [name, value] : fields) record.values[*mapping_.Find(name)] = value;
    return record;
  }
  void AgreedOn(const Fields& fields) {
    const Record record = RecordOf(fields);
    view_.base.partner_center.assign(record.values.begin(), record.values.end());
    view_.base.crm = view_.base.partner_center;
  }
  void NeverMet() {
    view_.base.partner_center.assign(mapping_.fields.size(), std::nullopt);
    view_.base.crm = view_.base.partner_center;
  }
  void PartnerCenterSets(const std::string& field, Value value) {
    view_.partner_center->values[*mapping_.Find(field)] = std::move(value);
  }
  void CrmSets(const std::string& field, Value value) {
    view_.crm->values[*mapping_.Find(field)] = std::move(value);
  }
  void OnlyInCrm() {
    view_.partner_center.reset();
    NeverMet();
    CrmSets("referral_id", Value());
    CrmSets("referral_link", Value());
    view_.sharing = CompleteSharing();
  }
  void OnlyInPartnerCenter() {
    view_.crm.reset();
    NeverMet();
    PartnerCenterSets("crm_id", Value());
  }
  static Sharing CompleteSharing() {
    Sharing sharing;
    sharing.customer = {{"/customerProfile/name", "Pelikan Freight AB"},
                        {"/customerProfile/address/addressLine1", "Hamngatan 4"},
                        {"/customerProfile/address/city", "Göteborg"},
                        {"/customerProfile/address/country", "SE"}};
    sharing.contact = {"Inga", "Sundqvist", "inga.sundqvist@pelikan-freight.example",
                       "+46 31 0000001", ""};
    return sharing;
  }

  // The base: what each side was when the two were left as they are.
  void LastSeen(const std::string& field, Value partner_center, Value crm) {
    view_.base.partner_center[*mapping_.Find(field)] = partner_center;
    view_.base.crm[*mapping_.Find(field)] = crm;
  }
  // Neither side has changed, and yet they disagree.
  void Disagree(const std::string& field, Value partner_center, Value crm) {
    PartnerCenterSets(field, partner_center);
    CrmSets(field, crm);
    LastSeen(field, partner_center, crm);
  }
  // A person decides, seeing what is there now.
  void PersonTakes(const std::string& field, Take take, const std::string& lost_value = "") {
    const FieldIndex i = *mapping_.Find(field);
    view_.decisions = {{1, field, take, view_.partner_center->values[i].value_or(""),
                        view_.crm->values[i].value_or(""), lost_value, kNoon}};
  }
  // What a round does with a plan that has no steps.
  void Rest(const Plan& plan) {
    for (const Settled& settled : plan.settled) {
      view_.base.partner_center[settled.field] = settled.partner_center;
      view_.base.crm[settled.field] = settled.crm;
      view_.base.SetApart(settled.field, settled.apart);
    }
    view_.decisions.clear();
  }

  Plan Make() const { return MakePlan(view_, mapping_, policy_); }
  std::string Written(const Plan& plan, IntentOperation operation, const std::string& field) const {
    for (const Step& step : plan.steps) {
      if (step.operation != operation) continue;
      for (const FieldWrite& write : step.writes) {
        if (mapping_.fields[write.field].name == field) return write.value.value_or("(nothing)");
      }
    }
    return "(not written)";
  }
  std::string ToPartnerCenter(const Plan& plan, const std::string& field) const {
    return Written(plan, IntentOperation::update_referral, field);
  }
  std::string ToCrm(const Plan& plan, const std::string& field) const {
    return Written(plan, IntentOperation::update_crm, field);
  }

  Mapping mapping_ = BoundTestMapping();
  Policy policy_;
  LinkView view_;
};

}  // namespace cosell
