#include <gtest/gtest.h>

#include "plan_fixture.h"

// A referral that is a lead: a CRM lead until it is accepted, an opportunity from then on
// (docs/decisions/0010-leads.md).
namespace cosell {
namespace {

const Fields kLead = {{"name", "Robotics enquiry"},
                      {"deal_value", "8000"},
                      {"currency", "EUR"},
                      {"closing_date", "2026-12-15"},
                      {"notes", "Asked for a quote."},
                      {"status", "new"},
                      {"referral_id", "r1"},
                      {"referral_link", "https://partner.example/referrals?id=r1"},
                      {"crm_id", "l1"}};

class LeadPlanTest : public testing::Test {
 protected:
  LeadPlanTest() {
    view_.kind = RecordKind::lead;
    view_.partner_center = RecordOf(lead_, kLead);
    view_.crm = RecordOf(lead_, kLead);
    view_.referral.open = true;
    view_.crm_facts.sync = true;
    view_.base.partner_center.assign(view_.crm->values.begin(), view_.crm->values.end());
    view_.base.crm = view_.base.partner_center;
  }

  static Record RecordOf(const Mapping& mapping, const Fields& fields) {
    Record record;
    record.values.resize(mapping.fields.size());
    for (const auto& [name, value] : fields) {
      if (const auto at = mapping.Find(name)) record.values[*at] = value;
    }
    return record;
  }
  // The pair goes on with the opportunity the lead became; only the lead's base is known.
  void BecameOpportunity(const Fields& opportunity) {
    view_.kind = RecordKind::opportunity;
    view_.partner_center = RecordOf(mapping_, kLead);
    view_.crm = RecordOf(mapping_, opportunity);
    view_.base = {};
    view_.base.partner_center.resize(mapping_.fields.size());
    view_.base.crm.resize(mapping_.fields.size());
    for (const char* field :
         {"name", "deal_value", "currency", "closing_date", "notes", "status", "crm_id"}) {
      const FieldIndex at = mapping_.Find(field).value();
      view_.base.partner_center[at] = Value(kLead.at(field));
      view_.base.crm[at] = Value(kLead.at(field));
    }
    view_.base.from_lead = true;
    view_.crm_facts.sync = false;
  }
  void PartnerCenterSets(const std::string& field, const Value& value) {
    view_.partner_center->values[*Part().Find(field)] = value;
  }
  void CrmSets(const std::string& field, const Value& value) {
    view_.crm->values[*Part().Find(field)] = value;
  }
  const Mapping& Part() const { return mapping_.For(view_.kind); }
  Plan Make() const { return MakePlan(view_, Part(), policy_); }
  static const Step* StepOf(const Plan& plan, IntentOperation operation) {
    for (const Step& step : plan.steps) {
      if (step.operation == operation) return &step;
    }
    return nullptr;
  }
  std::string Written(const Plan& plan, IntentOperation operation, const std::string& field) const {
    const Step* step = StepOf(plan, operation);
    if (step == nullptr) return "(no such step)";
    for (const FieldWrite& write : step->writes) {
      if (Part().fields[write.field].name == field) return write.value.value_or("(nothing)");
    }
    return "(not written)";
  }

  const Mapping mapping_ = BoundTestMapping();
  const Mapping& lead_ = mapping_.For(RecordKind::lead);
  Policy policy_;
  LinkView view_;
};

TEST_F(LeadPlanTest, ALeadOfMicrosoftBecomesALeadInTheCrm) {
  view_.crm.reset();
  view_.base.partner_center.assign(lead_.fields.size(), std::nullopt);
  view_.base.crm = view_.base.partner_center;
  const Plan plan = Make();
  EXPECT_EQ(Written(plan, IntentOperation::create_lead, "name"), "Robotics enquiry");
  EXPECT_EQ(StepOf(plan, IntentOperation::create_crm), nullptr);
}

TEST_F(LeadPlanTest, EditsOfEitherSideTravelBeforeTheAccept) {
  PartnerCenterSets("notes", "Wants a call.");
  CrmSets("deal_value", "9000");
  const Plan plan = Make();
  EXPECT_EQ(Written(plan, IntentOperation::update_crm, "notes"), "Wants a call.");
  EXPECT_EQ(Written(plan, IntentOperation::update_referral, "deal_value"), "9000");
}

TEST_F(LeadPlanTest, AnAcceptInPartnerCenterQualifiesTheLead) {
  PartnerCenterSets("status", "active");
  PartnerCenterSets("notes", "Accepted and changed.");
  const Plan plan = Make();
  ASSERT_NE(StepOf(plan, IntentOperation::qualify_lead), nullptr);
  EXPECT_EQ(StepOf(plan, IntentOperation::update_crm), nullptr)
      << "what else there is goes to the opportunity";
}

TEST_F(LeadPlanTest, ADealWonInPartnerCenterWhileItIsALeadIsQualifiedFirst) {
  PartnerCenterSets("status", "won");
  view_.referral.open = false;
  EXPECT_NE(StepOf(Make(), IntentOperation::qualify_lead), nullptr);
}

TEST_F(LeadPlanTest, AQualifiedLeadWithoutAnOpportunityAcceptsTheReferral) {
  CrmSets("status", "active");
  EXPECT_EQ(Written(Make(), IntentOperation::update_referral, "status"), "active");
}

TEST_F(LeadPlanTest, ADisqualifiedLeadDeclinesTheReferral) {
  CrmSets("status", "lost");
  view_.loss_reason = "Customer did not respond";
  const Plan plan = Make();
  EXPECT_EQ(Written(plan, IntentOperation::update_referral, "status"), "declined");
  EXPECT_EQ(StepOf(plan, IntentOperation::update_referral)->status_reason,
            "Customer did not respond");
}

TEST_F(LeadPlanTest, ADeclineInPartnerCenterDisqualifiesTheLead) {
  for (const char* state : {"declined", "expired", "error"}) {
    PartnerCenterSets("status", state);
    view_.referral.open = false;
    EXPECT_EQ(Written(Make(), IntentOperation::update_crm, "status"), state);
  }
}

// After an outage nothing is known of what the two were; every lead was an open one once.
TEST_F(LeadPlanTest, WithoutABaseAQualifiedLeadStillAccepts) {
  view_.base.partner_center.assign(lead_.fields.size(), std::nullopt);
  view_.base.crm = view_.base.partner_center;
  CrmSets("status", "active");
  EXPECT_EQ(Written(Make(), IntentOperation::update_referral, "status"), "active");
}

TEST_F(LeadPlanTest, TheOpportunityOfALeadAcceptsAndIsFlaggedAndNamed) {
  Fields opportunity = {{"name", "Robotics enquiry"},
                        {"deal_value", "8000"},
                        {"currency", "EUR"},
                        {"closing_date", "2026-12-15"},
                        {"notes", "Asked for a quote."},
                        {"status", "active"},
                        {"crm_id", "o1"}};
  BecameOpportunity(opportunity);
  const Plan plan = Make();
  EXPECT_EQ(Written(plan, IntentOperation::update_referral, "crm_id"), "o1");
  const Step* flagging = StepOf(plan, IntentOperation::update_crm);
  ASSERT_NE(flagging, nullptr);
  EXPECT_TRUE(flagging->set_sync);
  EXPECT_EQ(Written(plan, IntentOperation::update_crm, "referral_id"), "r1");
  EXPECT_TRUE(plan.conflicts.empty());
  // The id has travelled: now the accept.
  view_.base.partner_center[*mapping_.Find("crm_id")] = Value("o1");
  view_.base.crm[*mapping_.Find("crm_id")] = Value("o1");
  PartnerCenterSets("crm_id", "o1");
  EXPECT_EQ(Written(Make(), IntentOperation::update_referral, "status"), "active");
}

TEST_F(LeadPlanTest, WhatTheSellerChangedWhileQualifyingTravels) {
  Fields opportunity = {{"name", "Robotics enquiry"},
                        {"deal_value", "15000"},
                        {"currency", "EUR"},
                        {"closing_date", "2026-12-15"},
                        {"notes", "Asked for a quote."},
                        {"status", "active"},
                        {"crm_id", "o1"}};
  BecameOpportunity(opportunity);
  PartnerCenterSets("status", "active");
  PartnerCenterSets("crm_id", "o1");
  EXPECT_EQ(Written(Make(), IntentOperation::update_referral, "deal_value"), "15000");
}

TEST_F(LeadPlanTest, ASellersOwnLeadIsNotSharedAndToldSoOnce) {
  view_.partner_center.reset();
  CrmSets("referral_id", Value());
  const Plan plan = Make();
  EXPECT_EQ(plan.state, LinkState::waiting);
  ASSERT_EQ(plan.steps.size(), 1u);
  EXPECT_EQ(plan.steps[0].operation, IntentOperation::update_crm);
  view_.last_notice = plan.notice;
  EXPECT_TRUE(Make().steps.empty());
  CrmSets("status", "active");
  EXPECT_EQ(Make().state, LinkState::left_alone);
}

TEST_F(LeadPlanTest, WhereOnlyPeopleConvertAnOpportunityIsMadeBesideAnAcceptedLead) {
  view_.kind = RecordKind::opportunity;
  Fields accepted = kLead;
  accepted["status"] = "active";
  view_.partner_center = RecordOf(mapping_, accepted);
  view_.crm.reset();
  view_.former_lead = "l1";
  view_.referral.external_reference_id = "l1";
  view_.base = {};
  view_.base.partner_center.resize(mapping_.fields.size());
  view_.base.crm.resize(mapping_.fields.size());
  const Plan plan = Make();
  ASSERT_NE(StepOf(plan, IntentOperation::create_crm), nullptr) << plan.reason;
  EXPECT_NE(plan.reason.find("lead l1"), std::string::npos);
}

}  // namespace
}  // namespace cosell
