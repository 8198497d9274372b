#include "tests/store/store_fixture.h"

namespace cosell::store {
namespace {

constexpr const char* kRaw =
    R"({"id":"referral-1","customerProfile":{"name":"Tannhof","team":[{"firstName":"Jette",)"
    R"("lastName":"Korn","email":"Jette.Korn@tannhof.example","phoneNumber":"+49 951 000001"}]},)"
    R"("team":[{"firstName":"Oda","lastName":"Brandt","email":"oda.brandt@contoso.example"}],)"
    R"("details":{"notes":"Ask Jette Korn about the gateways."}})";

class EraseTest : public StoreTest {
 protected:
  // A pair that holds the person in every place there is.
  void PairWithAPerson() {
    Snapshot referral = Referral("referral-1", "r1");
    referral.raw = kRaw;
    referral.fields = R"({"contacts":"jette.korn@tannhof.example","notes":"Ask Jette Korn."})";
    Read(referral);
    Read(Opportunity("crm-1", "c1"));
    id_ = store_->InsertLink(contoso_, Pair("referral-1", "crm-1"));
    Changes changes;
    changes.links = {LinkNow(id_)};
    Link& link = changes.links[0];
    link.base_partner_center = R"({"contacts":"jette.korn@tannhof.example","name":"Brewhouse"})";
    link.base_crm = R"({"contacts":"jette.korn@tannhof.example","name":"Brewhouse","~apart":[]})";
    link.reason = "refused: jette.korn@tannhof.example is not known";
    link.notice = "Partner Center refused jette.korn@tannhof.example";
    Intent intent;
    intent.id = "intent-1";
    intent.link_id = id_;
    intent.body = R"({"contact":{"email":"jette.korn@tannhof.example"}})";
    intent.changes = {{"notes", "", "Ask Jette Korn.", "crm_changed", "the CRM changed notes"}};
    intent.cause = "poll";
    intent.created_at = intent.lookup_from = clock_.Now();
    changes.intents = {intent};
    AuditEntry entry;
    entry.at = clock_.Now();
    entry.record_kind = "referral";
    entry.record_id = "referral-1";
    entry.operation = "update";
    entry.changes = {{"contacts", "", "jette.korn@tannhof.example", "crm_changed", ""}};
    changes.audit = {entry};
    entry.changes = {{"name", "a", "b", "crm_changed", ""}};
    changes.audit.push_back(entry);
    changes.conflicts = {{{id_, "notes", "", "Ask Jette Korn.", "x", clock_.Now()}, false}};
    Decision decision;
    decision.link_id = id_;
    decision.field = "notes";
    decision.partner_center_value = "Ask Jette Korn.";
    decision.decided_at = clock_.Now();
    changes.decisions = {{decision, false}};
    changes.history = {{id_, "notes", "Ask Jette Korn.", Side::crm, clock_.Now(), "poll", ""},
                       {id_, "notes", "y", Side::crm, clock_.Now(), "poll", ""}};
    store_->Commit(contoso_, changes);
  }
  // The bytes of every file of the database.
  bool FileHolds(const std::string& text) {
    for (const char* tail : {"", "-wal"}) {
      if (ReadFile(path_ + tail).find(text) != std::string::npos) return true;
    }
    return false;
  }
  std::int64_t id_ = 0;
};

TEST_F(EraseTest, NothingOfThePersonStaysInTheFile) {
  PairWithAPerson();
  ASSERT_TRUE(FileHolds("ette.") || FileHolds("Jette"));
  const auto erasure = store_->Erase(contoso_, "jette.korn@TANNHOF.example");
  ASSERT_TRUE(erasure);
  EXPECT_EQ(erasure->people, 1);
  EXPECT_GE(erasure->values, 13);
  for (const char* text : {"Jette", "jette", "Korn", "korn@", "000001"})
    EXPECT_FALSE(FileHolds(text)) << text;
  EXPECT_TRUE(FileHolds("oda.brandt@contoso.example")) << "nobody else is touched";
  EXPECT_EQ(VerifyAudit(path_), std::nullopt);
  EXPECT_EQ(Ask("SELECT coalesce(after, 'erased') FROM audit_log ORDER BY id"),
            (std::vector<std::string>{"erased", "b", "erased"}));
  EXPECT_EQ(Ask("SELECT operation || ' ' || cause FROM audit_log WHERE id = 3").at(0),
            "redact person");
  EXPECT_EQ(LinkNow(id_).base_crm, R"({"contacts":null,"name":"Brewhouse","~apart":[]})");
  EXPECT_EQ(store_->ConflictsOf(id_).at(0).partner_center_value, "Ask [erased].");
}

TEST_F(EraseTest, APairStandsForItsCustomersContacts) {
  PairWithAPerson();
  for (const std::string& id :
       {std::string("referral-1"), std::string("crm-1"), std::to_string(id_)}) {
    const auto erasure = store_->Erase(contoso_, id);
    ASSERT_EQ(erasure.has_value(), id == "referral-1") << id << ": once erased, nobody is left";
  }
  EXPECT_FALSE(FileHolds("Jette"));
  EXPECT_FALSE(store_->Erase(contoso_, "referral-9"));
}

TEST_F(EraseTest, ThePersonIsRecognisedUntilAllowed) {
  PairWithAPerson();
  EXPECT_TRUE(store_->ErasedPeople(contoso_).empty());
  store_->Erase(contoso_, "referral-1");
  const PeopleFilter filter = store_->ErasedPeople(contoso_);
  EXPECT_EQ(filter.InText("Korn, Jette; +49951000001"), "[erased]; +[erased]");
  const auto people = filter.InJson(kRaw);
  EXPECT_EQ(people.find("Jette"), std::string::npos) << people;
  EXPECT_NE(people.find("Brandt"), std::string::npos) << people;

  EXPECT_EQ(store_->AllowAgain(contoso_, "somebody@else.example"), 0);
  EXPECT_EQ(store_->AllowAgain(contoso_, "REFERRAL-1"), 1) << "by the id that was given";
  EXPECT_TRUE(store_->ErasedPeople(contoso_).empty());
  store_->Erase(contoso_, "jette.korn@tannhof.example");
  EXPECT_EQ(store_->AllowAgain(contoso_, "Jette.Korn@tannhof.example"), 1);
  EXPECT_EQ(VerifyAudit(path_), std::nullopt);
}

TEST_F(EraseTest, APersonNotStoredYetIsKeptOutFromTheBeginning) {
  const auto erasure = store_->Erase(contoso_, "ada@fabrikam.example");
  ASSERT_TRUE(erasure);
  EXPECT_EQ(erasure->values, 0);
  EXPECT_EQ(store_->ErasedPeople(contoso_).InText("ada@fabrikam.example, hello"),
            "[erased], hello");
}

}  // namespace
}  // namespace cosell::store
