#include "live_organization.h"
#include "organization.h"

namespace cosell::test {
namespace {

const std::vector<std::string> kLeadColumns = {"subject", "statuscode"};

class LeadsTest : public LiveTest {
 protected:
  explicit LeadsTest(sandbox::DataverseWorldOptions world_options = {})
      : LiveTest(std::move(world_options)) {
    options.leads = true;
  }
  std::string OpensLead(const std::string& name = "Robotics enquiry") {
    return desk->OpenLead(Json{{"name", name}, {"last_name", "Example"}}.dump()).value();
  }
  static CrmWrite Qualify(const CrmRecord& lead) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::qualify;
    write.record_kind = kLead;
    write.id = lead.id;
    return write;
  }
  CrmWriteResult Moves(const std::string& lead, std::vector<Attribute> attributes) {
    return WriteOne(Update(ReadOne(kLead, lead), std::move(attributes)));
  }
};

TEST_F(LeadsTest, AreLeftAloneUnlessAskedFor) {
  options.leads = false;
  const std::string lead = OpensLead();
  Start({"name"});
  EXPECT_FALSE(schema.lead.has_value());
  EXPECT_FALSE(schema.can_qualify);
  EXPECT_EQ(crm->Changes(kLead, "").error().kind, ErrorKind::refused);
  CrmRecord record;
  record.id.text = lead;
  record.kind = kLead;
  ExpectFailure(WriteOne(Update(record, {{"subject", "\"x\""}})), ErrorKind::refused);
}

TEST_F(LeadsTest, TheMoneyColumnIsNotTheDeprecatedNumber) {
  Start({}, kLeadColumns);
  ASSERT_TRUE(schema.lead.has_value());
  EXPECT_EQ(schema.lead->roles.at("deal_value"), "estimatedamount");
  EXPECT_EQ(schema.lead->columns.at("estimatedamount").type, "money");
  EXPECT_EQ(schema.lead->roles.at("country_code"), "address1_country");
  EXPECT_FALSE(schema.lead->roles.contains("products"));
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
}

class BareLeadsTest : public LeadsTest {
 protected:
  BareLeadsTest() : LeadsTest(WithoutColumns()) {}
  static sandbox::DataverseWorldOptions WithoutColumns() {
    sandbox::DataverseWorldOptions plain;
    plain.lead_columns = false;
    return plain;
  }
};

TEST_F(BareLeadsTest, WhatTheLeadTableLacksIsAProblemWithItsOwnKey) {
  Start({}, kLeadColumns);
  EXPECT_FALSE(schema.lead->roles.contains("sync"));
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.lead.sync"));
  EXPECT_FALSE(Mentions(schema.problems, "help")) << "a lead can do without";
  options.fields = {{"lead.sync", "donotemail"}, {"lead.audit", "nowhere"}};
  Start({}, kLeadColumns);
  EXPECT_EQ(schema.lead->roles.at("sync"), "donotemail");
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.lead.audit names"));
  EXPECT_EQ(schema.roles.at("sync"), "msft_syncwithpartnercenter");
}

TEST_F(LeadsTest, WhatABecameIsLookedUpWhereOnlyTheOpportunitySaysSo) {
  world.switches().qualify_names_opportunity = false;
  Start({}, kLeadColumns);
  const std::string first = OpensLead("First"), second = OpensLead("Second"),
                    third = OpensLead("Third");
  const std::string deal = desk->QualifyLead(first, true).value();
  const std::string other = desk->QualifyLead(second, true).value();
  ASSERT_TRUE(desk->QualifyLead(third, false).ok());
  const auto read = crm->Read(kLead, {{first}, {second}, {third}}, Crm::Detail::own);
  ASSERT_TRUE(read.ok());
  std::map<std::string, Json> became;
  for (const auto& each : *read) became[each.id.text] = At(each, "qualifyingopportunityid");
  EXPECT_EQ(became[first], deal);
  EXPECT_EQ(became[second], other);
  EXPECT_TRUE(became[third].is_null());
  EXPECT_EQ(api.Count("originatingleadid"), 1u) << "one query for all of them";
  const CrmChanges all = ChangesSince(kLead, "");
  EXPECT_EQ(all.records.size(), 3u);
}

TEST_F(LeadsTest, StateAndReasonMoveAsAPair) {
  Start({}, {"statecode", "statuscode"});
  const std::string lead = OpensLead();
  EXPECT_EQ(At(*Moves(lead, {{"statuscode", "4"}}).record, "statecode"), 2);
  EXPECT_EQ(At(*Moves(lead, {{"statuscode", "1"}}).record, "statecode"), 0);
  EXPECT_EQ(At(*Moves(lead, {{"statecode", "2"}, {"statuscode", "7"}}).record, "statuscode"), 7);
  ExpectFailure(Moves(lead, {{"statecode", "0"}, {"statuscode", "7"}}), ErrorKind::refused);
  const auto qualified = Moves(lead, {{"statuscode", "\"Qualified\""}});
  ExpectFailure(qualified, ErrorKind::refused);
  EXPECT_TRUE(qualified.performed.empty());
}

TEST_F(LeadsTest, QualifyingWithoutACustomerLetsTheCrmMakeOne) {
  Start({"name"}, kLeadColumns);
  const std::string lead = OpensLead();
  const auto made = WriteOne(Qualify(ReadOne(kLead, lead)));
  ASSERT_TRUE(made.record.ok()) << Describe(made.record.error());
  EXPECT_EQ(At(*made.record, "name"), "Robotics enquiry");
  ASSERT_EQ(made.performed.size(), 4u);
  EXPECT_EQ(made.performed[0].operation, "qualify");
  EXPECT_EQ(made.performed[0].record_id, lead);
  EXPECT_EQ(made.performed[1].record_kind, "account");
  EXPECT_EQ(made.performed[2].record_kind, "contact");
  EXPECT_EQ(made.performed[3].record_kind, "opportunity");
  EXPECT_EQ(made.performed[3].record_id, made.record->id.text);
}

TEST_F(LeadsTest, AQualifiedLeadWithoutAnOpportunityIsRefused) {
  Start({"name"}, kLeadColumns);
  const std::string lead = OpensLead();
  ASSERT_TRUE(desk->QualifyLead(lead, false).ok());
  const auto result = WriteOne(Qualify(ReadOne(kLead, lead)));
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_TRUE(result.performed.empty());
}

TEST_F(LeadsTest, ADealIsNotQualifiedAndALeadNotClosed) {
  Start({"name"}, kLeadColumns);
  CrmWrite qualify = Qualify(ReadOne(kLead, OpensLead()));
  qualify.record_kind = kDeal;
  ExpectFailure(WriteOne(qualify), ErrorKind::refused);
  qualify.record_kind = kLead;
  qualify.kind = CrmWrite::Kind::close;
  ExpectFailure(WriteOne(qualify), ErrorKind::refused);
  EXPECT_EQ(world.counters().writes, 0u);
}

// Metadata may be hidden from our user, and so may the leads themselves.
class HiddenLeadsTest : public DataverseTest {};

TEST_F(HiddenLeadsTest, LeadsOurUserMayNotSeeAreAProblemAndNoMore) {
  leads = true;
  api.On("GET", "leads?", Refused(403, "0x80040220"));
  const CrmSchema schema = Schema();
  EXPECT_FALSE(schema.lead.has_value());
  EXPECT_FALSE(schema.can_qualify);
  EXPECT_TRUE(Mentions(schema.problems, "Lead table"));
}

}  // namespace
}  // namespace cosell::test
