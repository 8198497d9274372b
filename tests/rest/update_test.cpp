#include "rest/rest_fixture.h"

namespace cosell::test {
namespace {

TEST_F(RestTest, AnEditBetweenLookAndWriteIsNotOverwrittenUnderAnEtag) {
  const std::string id = Opens("Pilot");
  const CrmRecord planned = ReadOne(id);
  service_.BeforeNextWrite([&] { service_.Sets(id, "/title", "The seller's"); });
  const CrmWriteResult result = Update(id, planned.etag, {Set("name", "Ours")});
  ASSERT_FALSE(result.record.ok());
  EXPECT_EQ(result.record.error().kind, ErrorKind::stale_version);
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_FALSE(result.performed.front().done);
  EXPECT_EQ(service_.Deal(id)["title"], "The seller's");
}

TEST_F(RestTest, AnEditBetweenLookAndWriteIsNotOverwrittenUnderAVersion) {
  switches().etags = false;
  switches().versions = true;
  deal()["precondition"] = {{"by", "version"}, {"member", "/version"}};
  const std::string id = Opens("Pilot");
  const CrmRecord planned = ReadOne(id);
  service_.BeforeNextWrite([&] { service_.Sets(id, "/title", "The seller's"); });
  const CrmWriteResult result = Update(id, planned.etag, {Set("name", "Ours")});
  ASSERT_FALSE(result.record.ok());
  EXPECT_EQ(result.record.error().kind, ErrorKind::stale_version);
  EXPECT_EQ(service_.Deal(id)["title"], "The seller's");
}

// What the file says by "precondition": "none": all that is left is the look before the write.
TEST_F(RestTest, WithoutAPreconditionOnlyTheLookBeforeStandsGuard) {
  switches().etags = false;
  deal()["precondition"] = {{"by", "none"}};
  const std::string id = Opens("Pilot");
  const CrmRecord planned = ReadOne(id);
  service_.Sets(id, "/title", "Edited in time");
  EXPECT_EQ(Update(id, planned.etag, {Set("name", "Ours")}).record.error().kind,
            ErrorKind::stale_version);
  const CrmRecord again = ReadOne(id);
  service_.BeforeNextWrite([&] { service_.Sets(id, "/title", "Too late"); });
  EXPECT_TRUE(Update(id, again.etag, {Set("name", "Ours")}).record.ok());
  EXPECT_EQ(service_.Deal(id)["title"], "Ours");
}

// A promise of the file that the service does not keep must not pass for one.
TEST_F(RestTest, AnEtagThatDoesNotComeStopsTheWrite) {
  switches().etags = false;
  const std::string id = Opens("Pilot");
  const CrmWriteResult result = Update(id, ReadOne(id).etag, {Set("name", "Ours")});
  ASSERT_FALSE(result.record.ok());
  EXPECT_EQ(result.record.error().kind, ErrorKind::refused);
  EXPECT_NE(result.record.error().message.find("opportunity.precondition"), std::string::npos);
  EXPECT_TRUE(service_.Writes().empty());
}

TEST_F(RestTest, AWholeRecordIsSentBackWithWhatIsNotDescribed) {
  deal()["update"] = {{"method", "PUT"}, {"path", "/deals/{id}"}, {"sends", "whole"}};
  const std::string id = Opens("Pilot", {{"campaign", {{"code", "SPRING"}, {"cost", 12.5}}}});
  ASSERT_TRUE(Update(id, ReadOne(id).etag, {Set("name", "Rollout")}).record.ok());
  EXPECT_EQ(service_.Deal(id)["title"], "Rollout");
  EXPECT_EQ(service_.Deal(id)["campaign"], Json({{"code", "SPRING"}, {"cost", 12.5}}));
}

// Nobody asked for a version, but the whole record would take the seller's edit back.
TEST_F(RestTest, AWholeRecordIsReadAgainWhenItChangesUnderTheWrite) {
  deal()["update"] = {{"method", "PUT"}, {"path", "/deals/{id}"}, {"sends", "whole"}};
  const std::string id = Opens("Pilot");
  crm();
  service_.BeforeNextWrite([&] { service_.Sets(id, "/notes", "The seller's"); });
  const CrmWriteResult result = Update(id, "", {Set("name", "Ours")});
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(service_.Deal(id)["title"], "Ours");
  EXPECT_EQ(service_.Deal(id)["notes"], "The seller's");
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_TRUE(result.performed.front().done);
}

TEST_F(RestTest, OnlyChangedMembersAreSent) {
  const std::string id = Opens("Pilot");
  ASSERT_TRUE(Update(id, "", {Set("value", 99000.5)}).record.ok());
  EXPECT_EQ(service_.Deal(id)["amount"], Json({{"value", "99000.5"}, {"currency", "EUR"}}));
  EXPECT_EQ(service_.LastHeader("Accept"), "application/json");
}

TEST_F(RestTest, ACloseHasItsOwnCallWhereThereIsOne) {
  deal()["close"] = {{"method", "PATCH"}, {"path", "/deals/{id}"}, {"query", {{"close", "yes"}}}};
  const std::string id = Opens("Pilot");
  CrmWrite close;
  close.kind = CrmWrite::Kind::close;
  close.id.text = id;
  close.won = true;
  close.attributes = {Set("stage", "Won")};
  const auto result = crm().Write({close}).front();
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(result.performed.front().operation, "close");
  EXPECT_EQ(Of(*result.record, "stage"), "Won");
}

TEST_F(RestTest, MoneyKeepsEveryDigitBothWays) {
  const std::string id = Opens("Pilot");
  service_.Sets(id, "/amount/value", "12345678901234567.89");
  EXPECT_NE(ReadOne(id).raw.find("\"value\":12345678901234567.89"), std::string::npos);
  CrmWrite write;
  write.id.text = id;
  write.attributes = {{"value", "98765432109876543.21"}};
  ASSERT_TRUE(crm().Write({write}).front().record.ok());
  EXPECT_EQ(service_.Deal(id)["amount"]["value"], "98765432109876543.21");
}

// A refusal is for the person at the record; its words never reach a log.
TEST_F(RestTest, ARefusalTellsTheServicesWordsToThePersonAlone) {
  deal()["attributes"]["stage"]["choices"]["Odd"] = "odd";
  const std::string id = Opens("Pilot");
  const CrmWriteResult result = Update(id, "", {Set("stage", "Odd")});
  ASSERT_FALSE(result.record.ok());
  EXPECT_EQ(result.record.error().kind, ErrorKind::refused);
  EXPECT_EQ(result.record.error().code, "stage");
  EXPECT_NE(Describe(result.record.error()).find("No such stage"), std::string::npos);
  EXPECT_EQ(Summarize(result.record.error()).find("No such stage"), std::string::npos);
}

TEST_F(RestTest, LeadsAreRefusedWithTheMend) {
  CrmWrite lead;
  lead.record_kind = RecordKind::lead;
  EXPECT_EQ(crm().Write({lead}).front().record.error().kind, ErrorKind::refused);
  EXPECT_NE(crm().Changes(RecordKind::lead, "").error().message.find("crm.records"),
            std::string::npos);
}

}  // namespace
}  // namespace cosell::test
