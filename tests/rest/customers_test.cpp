#include "rest/rest_fixture.h"

namespace cosell::test {
namespace {

RelatedRecord Account(const std::string& name) {
  return {{Set("name", name), Set("postal_code", "41104")},
          {Set("name", name), Set("postal_code", "41104"), Set("country", "SE")}};
}

RelatedRecord Contact(const std::string& email) {
  return {{Set("email", email)}, {Set("email", email), Set("last_name", "Example")}};
}

TEST_F(RestTest, ACustomerInsideTheDealIsWrittenAndReadThere) {
  description_["account"] = Json::parse(R"({"lookup": "account_id", "nested": "/customer",
      "attributes": {"name": {"member": "/company"}, "postal_code": {"member": "/zip"},
                     "country": {"member": "/country"}}})");
  description_["contact"] = Json::parse(R"({"lookup": "contact_id", "nested": "/customer/person",
      "attributes": {"email": {"member": "/mail"}, "last_name": {"member": "/name"}}})");
  CrmWrite write = Create();
  write.account = Account("Tailspin Freight AB");
  write.contact = Contact("inga.example@tailspin.example");
  const auto result = crm().Write({write}).front();
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_EQ(service_.Deal(result.record->id.text)["customer"],
            Json({{"company", "Tailspin Freight AB"},
                  {"zip", "41104"},
                  {"country", "SE"},
                  {"person", {{"mail", "inga.example@tailspin.example"}, {"name", "Example"}}}}));
  const auto read = crm().Read(kKind, {result.record->id}, Crm::Detail::with_related);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(Of(read->front(), "account_id.name"), "Tailspin Freight AB");
  EXPECT_EQ(Of(read->front(), "contact_id.email"), "inga.example@tailspin.example");
  EXPECT_EQ(Of(read->front(), "owner_id.name"), "Avery Example");
}

// The second deal of a new customer comes before the search shows the first one's account.
TEST_F(RestTest, ASearchThatLagsMakesNoSecondCustomer) {
  switches().lag = std::chrono::seconds(30);
  switches().unique = true;
  description_["account"]["find"]["lag_s"] = 60;
  description_["contact"]["find"]["lag_s"] = 60;
  CrmWrite first = Create();
  first.account = Account("Tailspin Freight AB");
  first.contact = Contact("inga.example@tailspin.example");
  CrmWrite second = first;
  second.marker.text = "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a002";
  for (const auto& result : crm().Write({first, second})) {
    EXPECT_TRUE(result.record.ok()) << Describe(result.record.error());
  }
  EXPECT_EQ(service_.Count("accounts", "/name", "Tailspin Freight AB"), 1u);
  EXPECT_EQ(service_.Count("contacts", "/email", "inga.example@tailspin.example"), 1u);
}

TEST_F(RestTest, ALostCreateIsNotBelievedUndoneBeforeTheSearchCanKnow) {
  switches().lag = std::chrono::seconds(30);
  switches().unique = false;
  deal()["find"]["lag_s"] = 60;
  deal()["create"].erase("once");
  service_.LoseNextAnswer();
  const CrmWriteResult lost = crm().Write({Create()}).front();
  EXPECT_EQ(lost.record.error().kind, ErrorKind::unknown_outcome);
  CreateSearch search;
  search.marker.text = kMarker;
  search.opened_at = clock_.Now();
  const auto early = crm().FindCreated(search);
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().kind, ErrorKind::unavailable);
  EXPECT_GT(early.error().retry_after.value_or(std::chrono::seconds(0)).count(), 0);
  clock_.Advance(std::chrono::seconds(61));
  const auto found = crm().FindCreated(search);
  ASSERT_TRUE(found.ok()) << Describe(found.error());
  EXPECT_TRUE(found->record.has_value());
}

TEST_F(RestTest, WhatNeverArrivedIsBelievedOnceTheSearchCanKnow) {
  deal()["find"]["lag_s"] = 60;
  CreateSearch search;
  search.marker.text = kMarker;
  search.opened_at = clock_.Now();
  EXPECT_FALSE(crm().FindCreated(search).ok());
  clock_.Advance(std::chrono::seconds(61));
  const auto found = crm().FindCreated(search);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->record.has_value());
}

TEST_F(RestTest, ACreateAnsweredWithoutTheRecordIsFoundByItsMarker) {
  switches().names_new = false;
  const CrmWriteResult made = crm().Write({Create()}).front();
  ASSERT_TRUE(made.record.ok()) << Describe(made.record.error());
  EXPECT_EQ(made.record->referral_id, kMarker);
  EXPECT_EQ(made.performed.back().record_id, made.record->id.text);
}

// The look before the create was too early; the service's own rule stands behind it.
TEST_F(RestTest, TheServiceRefusesASecondDealWithTheReferral) {
  crm();
  service_.BeforeNextWrite([&] {
    service_.Opens({{"title", "Another's"}, {"cosell", {{"referral_id", kMarker}}}}, nullptr,
                   nullptr);
  });
  const CrmWriteResult met = crm().Write({Create()}).front();
  ASSERT_FALSE(met.record.ok());
  EXPECT_EQ(met.record.error().kind, ErrorKind::already_exists);
  EXPECT_EQ(service_.Deals().size(), 1u);
}

TEST_F(RestTest, TwoDealsWithOneReferralAreNamedAsTheTroubleTheyAre) {
  switches().unique = false;
  for (int i = 0; i < 2; ++i) Opens("Pilot", {{"cosell", {{"referral_id", kMarker}}}});
  const CrmWriteResult refused = crm().Write({Create()}).front();
  ASSERT_FALSE(refused.record.ok());
  EXPECT_EQ(refused.record.error().kind, ErrorKind::refused);
  EXPECT_NE(refused.record.error().message.find("2 deals"), std::string::npos);
}

TEST_F(RestTest, ANumberIsALookupWhereIdsAreNumbers) {
  deal()["attributes"]["account_id"]["as"] = "number";
  const std::string id = Opens("Pilot");
  ASSERT_TRUE(Update(id, "", {Set("account_id", "42")}).record.ok());
  EXPECT_EQ(service_.Deal(id)["account_id"], 42);
}

}  // namespace
}  // namespace cosell::test
