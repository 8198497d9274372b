#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "store/store_tools.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/simulation/rest.h"
#include "tools/simulation/runner.h"
#include "tools/simulation/stage.h"

// The checks have teeth: each promise is broken by hand, behind the back of the service, and the
// check says so; and it says nothing where all is well.
namespace cosell::simulation {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using sandbox::CrmProduct;
using namespace std::chrono_literals;

const Workshop& SharedWorkshop() {
  static const Workshop workshop;
  return workshop;
}

// One deal in the simulated world, and somebody who tampers with it.
class Staged {
 public:
  explicit Staged(CrmProduct product = CrmProduct::dynamics365)
      : script_(ScriptFor(product)), stage(script_, SharedWorkshop()) {
    stage.Restart();
  }

  // --- the story
  void Does(Act act, int amount = 0) {
    Step step;
    step.act = act;
    step.amount = amount;
    stage.Do(step);
  }
  void Sets(Act act, Field field, const std::string& value) {
    Step step;
    step.act = act;
    step.field = field;
    step.value = value;
    stage.Do(step);
  }
  // A pair in step, the referral accepted.
  void Pair(int opening = 0) {
    Does(Act::microsoft_sends, opening);
    Rest();
    Does(Act::partner_accepts);
    Rest();
  }
  // A deal the seller shared, asking for help or not.
  void Shared(int opening = kFlagged) {
    Does(Act::seller_opens, opening);
    Rest();
  }
  void Rest() { ComeToRest(stage); }

  const Deal& deal() { return stage.ledger().deals().at(0); }

  // --- behind the service's and the ledger's back
  void TamperCrm(const Json& words) {
    const Status done = stage.desk().Set(deal().crm_id, words.dump());
    ASSERT_TRUE(done) << Describe(done.error());
  }
  void TamperReferral(const std::string& path, const Json& value) {
    const Json patch = Json::array({{{"op", "replace"}, {"path", path}, {"value", value}}});
    const Status done = stage.world().PersonEdits(deal().referral_id, patch.dump());
    ASSERT_TRUE(done) << Describe(done.error());
  }
  // A request as the remote side would have logged it.
  sandbox::LoggedRequest& Logs(const std::string& service, const std::string& method,
                               const std::string& body, int status) {
    sandbox::LoggedRequest request;
    request.service = service;
    request.method = method;
    request.target = "/v1.0/engagements/referrals";
    request.body = body;
    request.processed = true;
    request.service_status = request.status = status;
    return stage.world().log().Add(std::move(request));
  }

  // --- what the checks say
  using Check = void (*)(const Scene&, Violations*);
  std::string Says(Check check, const std::string& invariant,
                   const std::function<void(Evidence&)>& doctor = {}) {
    Evidence evidence = stage.Look();
    if (doctor) doctor(evidence);
    const Scene scene = stage.MakeScene(evidence);
    Violations violations;
    check(scene, &violations);
    return Of(violations, invariant);
  }
  // Of what was noted while the story went on.
  std::string Noted(const std::string& invariant) {
    return Of(stage.outcome().violations, invariant);
  }

 private:
  static Script ScriptFor(CrmProduct product) {
    Script script;
    script.seed = 1;
    script.product = product;
    return script;
  }
  static std::string Of(const Violations& violations, const std::string& invariant) {
    std::string text;
    for (const Violation& violation : violations) {
      if (violation.invariant == invariant) text += violation.text + "\n";
    }
    return text;
  }

  const Script script_;

 public:
  Stage stage;
};

class InvariantTest : public testing::TestWithParam<CrmProduct> {
 protected:
  Staged at{GetParam()};
};

bool Tells(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// --- I1

TEST_P(InvariantTest, AnEditThatReachedBothSidesIsNotLost) {
  at.Pair();
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Sets(Act::partner_edits, Field::deal_value, "77000");
  at.Rest();
  EXPECT_EQ(at.Says(CheckNothingLost, "I1 lost"), "");
}

TEST_P(InvariantTest, AnEditThatStandsOnOneSideOnlyIsLost) {
  at.Pair();
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Rest();
  at.TamperReferral("/details/notes", "Something else");
  EXPECT_TRUE(Tells(at.Says(CheckNothingLost, "I1 lost"), "Seller's note"));
}

TEST_P(InvariantTest, AnEditThatIsKeptForAPersonIsNotLost) {
  at.Pair();
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Rest();
  at.TamperReferral("/details/notes", "Something else");
  const auto keep = [&](Evidence& evidence) {
    evidence.kept.push_back({at.deal().referral_id, at.deal().crm_id, "notes", "Seller's note"});
  };
  EXPECT_EQ(at.Says(CheckNothingLost, "I1 lost", keep), "");
}

TEST_P(InvariantTest, WhatIsKeptOfAnotherDealOrFieldOrWithAnotherValueSavesNothing) {
  at.Pair();
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Rest();
  at.TamperReferral("/details/notes", "Something else");
  const auto keep_others = [&](Evidence& evidence) {
    evidence.kept.push_back({"another", "one", "notes", "Seller's note"});
    evidence.kept.push_back({at.deal().referral_id, at.deal().crm_id, "name", "Seller's note"});
    evidence.kept.push_back({at.deal().referral_id, at.deal().crm_id, "notes", "Another note"});
  };
  EXPECT_NE(at.Says(CheckNothingLost, "I1 lost", keep_others), "");
}

TEST_P(InvariantTest, AnOpenReferralWithoutAnOpportunityIsLost) {
  at.Does(Act::microsoft_sends);
  EXPECT_TRUE(Tells(at.Says(CheckAgreement, "I1 lost"), "has no opportunity"));
  at.Rest();
  EXPECT_EQ(at.Says(CheckAgreement, "I1 lost"), "");
}

TEST_P(InvariantTest, AFlaggedCompleteDealThatIsNotSharedIsLost) {
  at.Does(Act::seller_opens, kFlagged);
  EXPECT_TRUE(Tells(at.Says(CheckAgreement, "I1 lost"), "not shared"));
  at.Rest();
  EXPECT_EQ(at.Says(CheckAgreement, "I1 lost"), "");
}

TEST_P(InvariantTest, ADealThatMustNotBeSharedIsNotMissed) {
  at.Does(Act::seller_opens, kFlagged + kLacksSolution);
  EXPECT_EQ(at.Says(CheckAgreement, "I1 lost"), "");
}

// The exemptions of I1, each from its outer side: what they do not cover.

TEST_P(InvariantTest, AnEditOfAnUnflaggedDealThatVanishedFromTheCrmIsLost) {
  at.Pair();
  at.Does(Act::seller_unflags);
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Rest();
  EXPECT_EQ(at.Says(CheckNothingLost, "I1 lost"), "");
  at.TamperCrm({{"notes", "Something else"}});
  EXPECT_NE(at.Says(CheckNothingLost, "I1 lost"), "");
}

TEST_P(InvariantTest, AnEditOfPartnerCenterThatNobodyHindersIsLostWhileTheOfferWaits) {
  at.Does(Act::microsoft_sends);
  at.Rest();
  at.Sets(Act::partner_edits, Field::notes, "Partner's note");
  at.Rest();
  EXPECT_EQ(at.Says(CheckNothingLost, "I1 lost"), "");
  at.TamperCrm({{"notes", "Nobody's note"}});
  EXPECT_NE(at.Says(CheckNothingLost, "I1 lost"), "");
}

TEST_P(InvariantTest, AnEditOfBothSidesBeforeTheAcceptWaits) {
  at.Does(Act::microsoft_sends);
  at.Rest();
  at.Sets(Act::partner_edits, Field::notes, "Partner's note");
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Rest();
  EXPECT_EQ(at.Says(CheckNothingLost, "I1 lost"), "");
}

TEST_P(InvariantTest, AnEditOfAReferralWhoseRecordWasDeletedStaysInPartnerCenter) {
  at.Pair();
  at.Does(Act::seller_deletes);
  at.Sets(Act::partner_edits, Field::notes, "Partner's note");
  at.Rest();
  EXPECT_EQ(at.Says(CheckNothingLost, "I1 lost"), "");
  at.TamperReferral("/details/notes", "Something else");
  EXPECT_NE(at.Says(CheckNothingLost, "I1 lost"), "");
}

// --- I2

TEST_P(InvariantTest, ASecondReferralOfOneRecordIsDoubled) {
  at.Pair();
  EXPECT_EQ(at.Says(CheckNothingDoubled, "I2 doubled"), "");
  Json copy = Json::parse(at.stage.world().Referral(at.deal().referral_id));
  copy["id"] = "11111111-2222-4333-8444-555555555555";
  copy["engagementId"] = "11111111-2222-4333-8444-666666666666";
  at.stage.world().PutReferral(copy.dump());
  EXPECT_TRUE(Tells(at.Says(CheckNothingDoubled, "I2 doubled"), "both carry the CRM id"));
}

sandbox::SeedDeal Twin(const std::string& account) {
  sandbox::SeedDeal twin;
  twin.name = "Twin";
  twin.account_name = account;
  twin.owner = {"Oda", "Brandt", "oda.brandt@contoso.example", "+490000002", ""};
  twin.currency = "EUR";
  twin.closing_date = "2027-01-01";
  return twin;
}

TEST_P(InvariantTest, ASecondRecordIsDoubled) {
  at.Pair();
  at.stage.desk().Open({Twin("Tailspin Toys")}, "");
  const std::string said = at.Says(CheckNothingDoubled, "I2 doubled");
  EXPECT_TRUE(Tells(said, "2 opportunities, 2 accounts")) << said;
}

// Salesforce refuses a second record with the same unique identifier by itself.
TEST(InvariantOfOneCrmTest, ASecondRecordWithTheSameIdentifierIsDoubled) {
  Staged at(CrmProduct::dynamics365);
  at.Pair();
  sandbox::SeedDeal twin = Twin("Northwind Works 1");
  twin.paired = true;
  twin.referral_id = at.deal().referral_id;
  at.stage.desk().Open({twin}, "");
  EXPECT_TRUE(Tells(at.Says(CheckNothingDoubled, "I2 doubled"), "both carry referral"));
}

// --- I3

TEST_P(InvariantTest, EverySharedFieldThatDiffersDisagrees) {
  at.Pair();
  EXPECT_EQ(at.Says(CheckAgreement, "I3 disagree"), "");
  const std::vector<std::pair<Json, std::string>> tampering = {
      {{{"name", "Another name"}}, "name of"},
      {{{"deal_value", 5}}, "deal_value of"},
      {{{"closing_date", "2027-05-05"}}, "closing_date of"},
      {{{"notes", "Another note"}}, "notes of"},
      {{{"products", "SOL-1"}}, "solutions of"},
      {{{"visibility", false}}, "visibility of"},
      {{{"referral_id", nullptr}}, "do not name each other"}};
  for (const auto& [words, said] : tampering) {
    at.TamperCrm(words);
    EXPECT_TRUE(Tells(at.Says(CheckAgreement, "I3 disagree"), said)) << said;
  }
}

TEST_P(InvariantTest, AStatusThatDiffersDisagrees) {
  at.Pair();
  const Status lost = at.stage.desk().Move(at.deal().crm_id, sandbox::SeedCrmState::lost);
  ASSERT_TRUE(lost);
  EXPECT_TRUE(Tells(at.Says(CheckAgreement, "I3 disagree"), "status of"));
}

TEST_P(InvariantTest, AnOpenConflictMayDiffer) {
  at.Pair();
  at.TamperCrm({{"notes", "Another note"}});
  const auto conflict = [&](Evidence& evidence) {
    evidence.conflicts.push_back({at.deal().referral_id, at.deal().crm_id, "notes"});
  };
  EXPECT_EQ(at.Says(CheckAgreement, "I3 disagree", conflict), "");
  const auto another = [&](Evidence& evidence) {
    evidence.conflicts.push_back({at.deal().referral_id, at.deal().crm_id, "name"});
  };
  EXPECT_NE(at.Says(CheckAgreement, "I3 disagree", another), "");
}

TEST_P(InvariantTest, VisibilityOfAClosedRecordDiffersOnlyWhereHelpWasAsked) {
  at.Shared();
  at.Does(Act::seller_loses);
  at.TamperReferral("/consent/consentToShareReferralWithMicrosoftSellers", true);
  EXPECT_TRUE(Tells(at.Says(CheckAgreement, "I3 disagree"), "visibility of"));
}

TEST_P(InvariantTest, ALinkSetAsideOrAWriteInDoubtIsNoRest) {
  at.Pair();
  EXPECT_EQ(at.Says(CheckAgreement, "I3 not at rest"), "");
  for (const char* state : {"quarantined", "pending"}) {
    const auto set_aside = [&](Evidence& evidence) { evidence.links.front().state = state; };
    EXPECT_TRUE(Tells(at.Says(CheckAgreement, "I3 not at rest", set_aside), state));
  }
  const Evidence evidence = at.stage.Look();
  Scene scene = at.stage.MakeScene(evidence);
  scene.open_intents = 1;
  Violations violations;
  CheckAgreement(scene, &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations.front().invariant, "I3 not at rest");
}

// --- I4

TEST_P(InvariantTest, AtRestNothingEchoes) {
  at.Pair();
  CheckNoEcho(at.stage);
  EXPECT_EQ(at.Noted("I4 echo"), "");
}

TEST_P(InvariantTest, AWriteAtRestIsAnEcho) {
  at.Pair();
  at.TamperCrm({{"notes", "Written by nobody"}});
  CheckNoEcho(at.stage);
  EXPECT_NE(at.Noted("I4 echo"), "");
}

// --- I5

TEST_P(InvariantTest, EveryWriteHasItsEntry) {
  at.Pair();
  EXPECT_EQ(at.Says(CheckAudit, "I5 audit"), "");
}

TEST_P(InvariantTest, AMissingEntryIsNoticedWhicheverItIs) {
  at.Pair();
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Sets(Act::partner_edits, Field::deal_value, "77000");
  at.Rest();
  std::set<std::string> records;
  for (const AuditRow& row : at.stage.Look().audit) records.insert(row.record_id);
  EXPECT_GE(records.size(), 4u) << "opportunity, account, contact and referral";
  for (const std::string& record : records) {
    const auto forget = [&](Evidence& evidence) {
      std::erase_if(evidence.audit, [&](const AuditRow& row) { return row.record_id == record; });
    };
    EXPECT_NE(at.Says(CheckAudit, "I5 audit", forget), "") << record;
  }
}

TEST_P(InvariantTest, AnEntryOfAWriteThatNeverHappenedIsNoticed) {
  at.Pair();
  const auto invent = [](Evidence& evidence) {
    evidence.audit.push_back(evidence.audit.front());
    evidence.audit.back().id += 1000;
  };
  EXPECT_NE(at.Says(CheckAudit, "I5 audit", invent), "");
}

TEST_P(InvariantTest, ABrokenChainAndAnOutcomeNeverFoundOutAreNoticed) {
  at.Pair();
  const auto break_chain = [](Evidence& evidence) { evidence.broken_chain = "entry 1"; };
  EXPECT_TRUE(Tells(at.Says(CheckAudit, "I5 audit", break_chain), "chain is broken"));
  const auto forget_outcome = [](Evidence& evidence) { evidence.audit.back().outcome = "unknown"; };
  EXPECT_TRUE(Tells(at.Says(CheckAudit, "I5 audit", forget_outcome), "never found out"));
}

// An adopted write may be a person's own only where that person wrote that value into that record.
TEST_P(InvariantTest, AnAdoptedWriteThatNobodyElseDidMustHaveHappened) {
  at.Pair();
  at.Sets(Act::seller_edits, Field::notes, "Seller's note");
  at.Rest();
  const auto adopt = [&](const std::string& value) {
    return [&, value](Evidence& evidence) {
      AuditRow row = evidence.audit.front();
      row.id = evidence.audit.back().id + 1;
      row.side = "crm";
      row.record_kind = "opportunity";
      row.record_id = at.deal().crm_id;
      row.operation = "update";
      row.field = "notes";
      row.after = value;
      row.outcome = "adopted";
      row.correlation_id = "of-the-adopted-write";
      evidence.audit.push_back(row);
    };
  };
  EXPECT_EQ(at.Says(CheckAudit, "I5 audit", adopt("Seller's note")), "");
  EXPECT_NE(at.Says(CheckAudit, "I5 audit", adopt("Nobody's note")), "");
}

// --- I6

TEST_P(InvariantTest, ADealThatWasNeverFlaggedMustNotBeToldOf) {
  at.Does(Act::seller_opens);
  at.Rest();
  EXPECT_EQ(at.Says(CheckGate, "I6 gate"), "");
  at.Logs("referrals", "POST", "{\"externalReferenceId\":\"" + at.deal().crm_id + "\"}", 201);
  EXPECT_TRUE(Tells(at.Says(CheckGate, "I6 gate"), "never flagged"));
}

TEST_P(InvariantTest, TheContactOfADealThatWasNeverFlaggedMustNotLeave) {
  at.Does(Act::seller_opens);
  at.Rest();
  at.Logs("referrals", "PATCH", "[\"" + at.deal().email + "\"]", 200);
  EXPECT_NE(at.Says(CheckGate, "I6 gate"), "");
}

TEST_P(InvariantTest, AFlaggedDealMayBeToldOf) {
  at.Shared();
  EXPECT_EQ(at.Says(CheckGate, "I6 gate"), "");
}

TEST_P(InvariantTest, NoContactLeavesWithoutConsent) {
  at.Pair(kNoConsent);
  EXPECT_EQ(at.Says(CheckGate, "I6 consent"), "");
  at.Logs("referrals", "PATCH", "[\"" + at.deal().email + "\"]", 200);
  EXPECT_NE(at.Says(CheckGate, "I6 consent"), "");
}

TEST_P(InvariantTest, WithConsentTheContactMayLeave) {
  at.Pair();
  at.Logs("referrals", "PATCH", "[\"" + at.deal().email + "\"]", 200);
  EXPECT_EQ(at.Says(CheckGate, "I6 consent"), "");
}

// --- I7

TEST_P(InvariantTest, ARefusedWriteIsIllegal) {
  at.Pair();
  EXPECT_EQ(at.Says(CheckLegality, "I7 illegal"), "");
  for (const int status : {400, 409, 422}) {
    Staged other(GetParam());
    other.Logs("referrals", "PATCH", "[]", status);
    EXPECT_NE(other.Says(CheckLegality, "I7 illegal"), "") << status;
  }
}

TEST_P(InvariantTest, AStaleWriteARefusedReadAndAFaultAreNotIllegal) {
  at.Logs("referrals", "PATCH", "[]", 412);
  at.Logs("referrals", "GET", "", 400);
  at.Logs("referrals", "PATCH", "[]", 0).status = 400;
  EXPECT_EQ(at.Says(CheckLegality, "I7 illegal"), "");
}

TEST(InvariantOfOneCrmTest, ARefusedPartOfABatchIsIllegal) {
  Staged at(CrmProduct::dynamics365);
  at.Logs("dataverse", "POST", "", 200).answer = "HTTP/1.1 412 Precondition Failed";
  EXPECT_EQ(at.Says(CheckLegality, "I7 illegal"), "");
  at.Logs("dataverse", "POST", "", 200).answer = "HTTP/1.1 400 Bad Request";
  EXPECT_NE(at.Says(CheckLegality, "I7 illegal"), "");
}

TEST(InvariantOfOneCrmTest, ARefusedRecordOfSalesforceIsIllegalAndALockedOneIsNot) {
  Staged at(CrmProduct::salesforce);
  const auto one = [](const std::string& code) {
    return Json::array({{{"errorCode", code}, {"message", ""}}}).dump();
  };
  const auto several = [](const std::string& code) {
    return Json::array({{{"success", true}, {"errors", Json::array()}},
                        {{"success", false},
                         {"errors", Json::array({{{"statusCode", code}, {"message", ""}}})}}})
        .dump();
  };
  at.Logs("salesforce", "PATCH", "", 400).answer = one("UNABLE_TO_LOCK_ROW");
  at.Logs("salesforce", "PATCH", "", 404).answer = one("ENTITY_IS_DELETED");
  at.Logs("salesforce", "PATCH", "", 200).answer = several("UNABLE_TO_LOCK_ROW");
  EXPECT_EQ(at.Says(CheckLegality, "I7 illegal"), "");
  at.Logs("salesforce", "PATCH", "", 400).answer = one("INVALID_FIELD_FOR_INSERT_UPDATE");
  EXPECT_TRUE(Tells(at.Says(CheckLegality, "I7 illegal"), "FOR_INSERT_UPDATE"));
  at.Logs("salesforce", "PATCH", "", 200).answer = several("STRING_TOO_LONG");
  EXPECT_TRUE(Tells(at.Says(CheckLegality, "I7 illegal"), "TOO_LONG"));
}

// --- I8

TEST_P(InvariantTest, AnAcknowledgedEventOutlivesARestart) {
  at.Does(Act::microsoft_sends);
  at.stage.Deliver();
  at.stage.Restart();
  EXPECT_EQ(at.Noted("I8 forgotten"), "");
}

// The database file is put back to what it was before the webhook came.
TEST_P(InvariantTest, AnAcknowledgedEventThatIsGoneAfterARestartIsNoticed) {
  const std::string database = SharedWorkshop().database();
  const std::string before = SharedWorkshop().backup();
  Workshop::Remove(before);
  BackupStore(database, before);
  at.Does(Act::microsoft_sends);
  at.stage.Deliver();
  at.stage.service().Kill();
  Workshop::Remove(database);
  fs::copy_file(before, database);
  at.stage.Restart();
  EXPECT_TRUE(Tells(at.Noted("I8 forgotten"), "not in the inbox"));
}

TEST_P(InvariantTest, AGenuineWebhookThatIsTurnedAwayIsNoticed) {
  at.Does(Act::microsoft_sends);
  const Status tampered = at.stage.world().events().Tamper("wrong_key", 1);
  ASSERT_TRUE(tampered);
  at.stage.Deliver();
  EXPECT_TRUE(Tells(at.Noted("I8 forgotten"), "turned away"));
}

// --- I9

TEST_P(InvariantTest, AKilledServiceStartsAgain) {
  at.Pair();
  at.stage.service().Kill();
  at.stage.Restart();
  EXPECT_EQ(at.Noted("I9 restart"), "");
}

TEST_P(InvariantTest, AServiceThatDoesNotStartIsNoticed) {
  at.stage.service().Kill();
  Workshop::Remove(SharedWorkshop().database());
  std::ofstream(SharedWorkshop().database(), std::ios::binary) << std::string(8192, 'x');
  at.stage.Restart();
  EXPECT_TRUE(Tells(at.Noted("I9 restart"), "the database failed"));
  EXPECT_TRUE(Tells(at.Noted("I9 restart"), "does not start"));
}

// --- I10

TEST_P(InvariantTest, ARebuildOfAgreeingSidesWritesNothing) {
  at.Pair();
  CheckRebuild(at.stage);
  EXPECT_EQ(at.Noted("I10 rebuild"), "");
}

// Somebody edits while the rebuild reads: the write that follows stands for one that need not be.
TEST_P(InvariantTest, AWriteOfARebuildIsNoticed) {
  at.Pair();
  Step step;
  step.act = Act::partner_edits;
  step.field = Field::notes;
  step.value = "Partner's note";
  step.during = 1;
  at.stage.Do(step);
  CheckRebuild(at.stage);
  EXPECT_NE(at.Noted("I10 rebuild"), "");
}

// --- I12

TEST(InvariantOfOneCrmTest, TwoRunsThatDifferInOneLineAreNotTheSame) {
  Script script;
  script.seed = 1;
  const Outcome once = RunScript(script, SharedWorkshop());
  Outcome again = RunScript(script, SharedWorkshop());
  CheckSameHistory(once, &again);
  EXPECT_TRUE(again.violations.empty());
  script.steps.push_back({});
  Outcome other = RunScript(script, SharedWorkshop());
  CheckSameHistory(once, &other);
  ASSERT_EQ(other.violations.size(), 1u);
  EXPECT_EQ(other.violations.front().invariant, "I12 not the same");
}

std::string NameOfProduct(const testing::TestParamInfo<CrmProduct>& info) {
  return info.param == CrmProduct::salesforce ? "Salesforce" : "Dynamics365";
}

INSTANTIATE_TEST_SUITE_P(BothCrms, InvariantTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfProduct);

}  // namespace
}  // namespace cosell::simulation
