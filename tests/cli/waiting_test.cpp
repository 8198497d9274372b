// conflicts list|resolve and quarantine list|retry.

#include "cli/desk.h"

namespace cosell::cli {
namespace {

class WaitingDesk : public Desk {
 protected:
  // Both sides have changed the deal value of pair 1.
  std::int64_t DisputedValue() {
    const std::int64_t link = Pair(1, LinkState::conflict);
    Changes changes;
    changes.conflicts = {
        {{link, "deal_value", "84500", "90000", "70000", *ParseInstant("2026-03-01T09:00:00Z")},
         false}};
    store().Commit(contoso_, changes);
    return link;
  }
  Outcome Conflicts(const std::string& connection = "", bool json = false) {
    return Run([&](Session& session) { return ListConflicts(session, connection); }, json);
  }
  Outcome Resolve(const std::string& id, const std::string& take, bool json = false) {
    return Run([&](Session& session) { return ResolveConflict(session, id, "deal_value", take); },
               json);
  }
  Outcome Quarantine(bool json = false) {
    return Run([](Session& session) { return ListQuarantine(session, ""); }, json);
  }
  Outcome Retry(const std::string& id) {
    return Run([&](Session& session) { return RetryQuarantine(session, id); });
  }
  Outcome RetryAll(const std::string& connection = "") {
    return Run([&](Session& session) { return RetryAllQuarantined(session, connection); });
  }
};

using ConflictsCommand = WaitingDesk;
using QuarantineCommand = WaitingDesk;

TEST_F(ConflictsCommand, ListShowsBothSidesAndThatSomebodyIsNeeded) {
  DisputedValue();
  const Outcome shown = Conflicts();
  EXPECT_EQ(shown.exit_code, kNeedsPerson);
  for (const std::string& part : {ReferralOf(1), CrmOf(1), std::string("deal_value"),
                                  std::string("84500"), std::string("90000"), std::string("70000"),
                                  std::string("not yet"), std::string("conflicts resolve")}) {
    EXPECT_TRUE(Says(shown.output, part)) << part << "\n" << shown.output;
  }
  EXPECT_EQ(shown.errors, "");
}

TEST_F(ConflictsCommand, ListForProgramsIsOneDocument) {
  DisputedValue();
  const Json document = Conflicts("", true).document();
  ASSERT_EQ(document.size(), 2u);
  EXPECT_EQ(document[0]["conflicts"][0]["crm_value"], "70000");
  EXPECT_EQ(document[1], Json({{"connection", "fabrikam"}, {"conflicts", Json::array()}}));
}

TEST_F(ConflictsCommand, NothingOpenIsSaidSo) {
  store();
  const Outcome shown = Conflicts();
  EXPECT_EQ(shown.exit_code, kDone);
  EXPECT_EQ(shown.output, "No field waits for a decision.\n");
}

TEST_F(ConflictsCommand, ListKeepsToTheNamedConnection) {
  DisputedValue();
  EXPECT_EQ(Conflicts("contoso").exit_code, kNeedsPerson);
  EXPECT_EQ(Conflicts("fabrikam").exit_code, kDone);
  const Outcome unknown = Conflicts("tailspin");
  EXPECT_EQ(unknown.exit_code, kUsage);
  EXPECT_TRUE(Says(unknown.errors, "contoso, fabrikam")) << unknown.errors;
}

TEST_F(ConflictsCommand, ADecidedOneNeedsNobodyAnyMore) {
  Changes changes;
  Decision decision;
  decision.link_id = DisputedValue();
  decision.field = "deal_value";
  decision.take = Take::lost_value;
  changes.decisions = {{decision, false}};
  store().Commit(contoso_, changes);
  const Outcome shown = Conflicts();
  EXPECT_EQ(shown.exit_code, kDone);
  EXPECT_TRUE(Says(shown.output, "lost_value")) << shown.output;
}

TEST_F(ConflictsCommand, ListWorksBesideTheDaemonWithoutAskingIt) {
  DisputedValue();
  StartDaemon();
  EXPECT_EQ(Conflicts().exit_code, kNeedsPerson);
  EXPECT_TRUE(asked().empty());
}

TEST_F(ConflictsCommand, ADecisionGoesThroughTheDaemon) {
  const std::int64_t link = DisputedValue();
  StartDaemon();
  answers_["resolve"] = R"({"connection":"contoso"})";
  for (const std::string& id : {ReferralOf(1), CrmOf(1), std::to_string(link)}) {
    const Outcome decided = Resolve(id, "lost-value");
    EXPECT_EQ(decided.exit_code, kDone) << decided.errors;
    EXPECT_TRUE(Says(decided.output, "the daemon carries it out now")) << decided.output;
    EXPECT_EQ(last_asked(),
              R"(contoso resolve {"field":"deal_value","id":")" + id + R"(","take":"lost_value"})");
  }
  EXPECT_EQ(Resolve(ReferralOf(1), "crm", true).document()["connection"], "contoso");
}

TEST_F(ConflictsCommand, WhatTheEngineRefusesIsSaidWithItsReason) {
  DisputedValue();
  StartDaemon();
  failures_["resolve"] = Error{ErrorKind::invalid_input, "the CRM has changed since; look again"};
  const Outcome refused = Resolve(CrmOf(1), "crm");
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_EQ(refused.errors, "the CRM has changed since; look again");
  EXPECT_EQ(refused.output, "");
}

TEST_F(ConflictsCommand, AnUnknownRecordOrSideIsWrongUsage) {
  DisputedValue();
  StartDaemon();
  EXPECT_EQ(Resolve(ReferralOf(9), "crm").exit_code, kUsage);
  EXPECT_EQ(Resolve("4711", "crm").exit_code, kUsage);
  const Outcome both = Resolve(ReferralOf(1), "both");
  EXPECT_EQ(both.exit_code, kUsage);
  EXPECT_TRUE(Says(both.errors, "lost-value")) << both.errors;
  EXPECT_TRUE(asked().empty());
}

TEST_F(QuarantineCommand, ListShowsWhyAndWhenItIsLookedAtAgain) {
  Pair(1, LinkState::quarantined);
  Pair(2, LinkState::in_sync);
  const Outcome shown = Quarantine();
  EXPECT_EQ(shown.exit_code, kNeedsPerson);
  for (const std::string& part : {ReferralOf(1), std::string("the CRM refused it twice"),
                                  std::string("2026-03-01T10:00:00Z")}) {
    EXPECT_TRUE(Says(shown.output, part)) << part << "\n" << shown.output;
  }
  EXPECT_FALSE(Says(shown.output, ReferralOf(2)));
  EXPECT_EQ(Quarantine(true).document()[0]["quarantined"][0]["attempts"], 2);
}

TEST_F(QuarantineCommand, NothingSetAsideIsSaidSo) {
  Pair(2, LinkState::in_sync);
  const Outcome shown = Quarantine();
  EXPECT_EQ(shown.exit_code, kDone);
  EXPECT_EQ(shown.output, "No link is set aside.\n");
}

TEST_F(QuarantineCommand, OneIsRetriedThroughTheDaemonOfItsConnection) {
  Pair(1, LinkState::quarantined);
  StartDaemon();
  answers_["retry"] = R"({"connection":"contoso","retried":1})";
  const Outcome retried = Retry(CrmOf(1));
  EXPECT_EQ(retried.exit_code, kDone) << retried.errors;
  EXPECT_EQ(asked(), std::vector<std::string>{R"(contoso retry {"id":")" + CrmOf(1) + R"("})"});
  EXPECT_EQ(Retry(CrmOf(9)).exit_code, kUsage);
}

TEST_F(QuarantineCommand, AllAreRetriedInEveryConnectionOrTheNamedOne) {
  StartDaemon();
  answers_["retry"] = R"({"connection":"contoso","retried":2})";
  const Outcome retried = RetryAll();
  EXPECT_EQ(retried.exit_code, kDone) << retried.errors;
  EXPECT_TRUE(Says(retried.output, "fabrikam: 2 links are looked at again")) << retried.output;
  EXPECT_EQ(asked(), (std::vector<std::string>{R"(contoso retry {"all":true})",
                                               R"(fabrikam retry {"all":true})"}));
  answers_["retry"] = R"({"connection":"fabrikam","retried":0})";
  EXPECT_EQ(RetryAll("fabrikam").output, "fabrikam: no link is set aside.\n");
  EXPECT_EQ(asked().size(), 3u);
}

}  // namespace
}  // namespace cosell::cli
