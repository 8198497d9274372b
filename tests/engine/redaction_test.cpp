#include "tests/engine/pair_world.h"

// A person is erased while both sides still have them: nothing comes back, and nothing is written
// because of it.
namespace cosell::test {
namespace {

class RedactionTest : public PairWorld {
 protected:
  static constexpr const char* kAddress = "jette.korn@tannhof.example";

  // Whether any view or table of the database holds the text.
  bool IsStored(const std::string& text) {
    const Link link = LinkNow();
    const auto work = sync_.store().LoadLink(ConnectionName{"contoso"}, link.id);
    const auto holds = [&](const std::string& where) {
      return where.find(text) != std::string::npos;
    };
    bool found = holds(work->referral->raw) || holds(work->crm->raw) ||
                 holds(link.base_partner_center) || holds(link.base_crm);
    for (const OperatorView view :
         {OperatorView::audit_log, OperatorView::field_history, OperatorView::record_history}) {
      ReadView(sync_.database(), view, [&](auto, auto values) {
        for (const ViewValue& value : values) {
          const auto* cell = std::get_if<std::string>(&value);
          found = found || (cell != nullptr && holds(*cell));
        }
      });
    }
    return found;
  }
  std::string PersonInPartnerCenter() {
    return sync_.Referral(referral_)["customerProfile"]["team"].dump();
  }
};

TEST_P(RedactionTest, SweepsDoNotBringThePersonBackAndWriteNothing) {
  SharedPair();
  PartnerNotes("Ask Jette Korn, jette.korn@tannhof.example.");
  sync_.Settle();
  ASSERT_TRUE(IsStored(kAddress));
  const auto writes = sync_.Writes();
  const auto erasure = sync_.engine().Erase(referral_);
  ASSERT_TRUE(erasure);
  EXPECT_EQ(erasure->people, 1);
  EXPECT_FALSE(IsStored("Jette Korn"));
  for (int round = 0; round < 3; ++round) {
    sync_.Sync();
    EXPECT_FALSE(IsStored("Jette")) << "round " << round;
    EXPECT_FALSE(IsStored(kAddress)) << "round " << round;
  }
  sync_.Restart();
  sync_.Settle();
  EXPECT_FALSE(IsStored(kAddress));
  EXPECT_EQ(sync_.Writes(), writes) << "an erasure is no edit";
  EXPECT_NE(PersonInPartnerCenter().find(kAddress), std::string::npos) << "they keep their copies";
  EXPECT_EQ(VerifyAudit(sync_.database()), std::nullopt);
}

TEST_P(RedactionTest, TheDealGoesOnWithoutThePerson) {
  SharedPair();
  sync_.engine().Erase(kAddress);
  sync_.SellerSets(opportunity_, {{"deal_value", 91000}});
  sync_.Settle();
  EXPECT_EQ(sync_.Referral(referral_)["details"]["dealValue"], 91000);
  SellerNotes("Jette Korn called again.");
  sync_.Settle();
  EXPECT_EQ(NotesInPartnerCenter(), "[erased] called again.");
  EXPECT_FALSE(IsStored("Jette"));
}

TEST_P(RedactionTest, AllowedAgainTheNextSweepBringsThePersonBack) {
  SharedPair();
  sync_.engine().Erase(kAddress);
  sync_.Settle();
  ASSERT_FALSE(IsStored(kAddress));
  const auto writes = sync_.Writes();
  EXPECT_EQ(sync_.engine().AllowAgain(kAddress), 1);
  sync_.Settle();
  EXPECT_TRUE(IsStored(kAddress));
  EXPECT_EQ(sync_.Writes(), writes);
  EXPECT_EQ(sync_.engine().AllowAgain(kAddress), 0);
}

TEST_P(RedactionTest, ADealOfAnErasedContactIsSharedWithoutIt) {
  sync_.Sync();
  sync_.engine().Erase("inga.sundqvist@pelikan-freight.example");
  const std::string deal = FlaggedDeal("Yard planning pilot");
  sync_.Settle();
  const std::string shared = sync_.ReferralOf(deal);
  ASSERT_FALSE(shared.empty());
  EXPECT_EQ(sync_.Referral(shared).dump().find("sundqvist@"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(EachCrm, RedactionTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test
