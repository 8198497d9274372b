#include "organization.h"

namespace cosell::test {
namespace {

class CustomersTest : public DataverseTest {
 protected:
  void SetUp() override {
    Reads({"name"});
    HoldsNone("accounts?");
    HoldsNone("contacts?");
    api.On("PATCH", "accounts(", Answered(204));
    api.On("PATCH", "contacts(", Answered(204));
    api.On("PATCH", "opportunities(",
           Answered(201, Row(DerivedGuid("opportunity", kReferral)).dump()));
  }
  void HoldsNone(const std::string& table) {
    api.On("GET", table, Answered(200, List(Json::array())));
  }
  void Holds(const std::string& table, const std::string& id_column,
             const std::vector<std::string>& ids) {
    Json rows = Json::array();
    for (const std::string& id : ids) rows.push_back({{id_column, id}});
    api.On("GET", table + "?", Answered(200, List(rows)));
  }
  static CrmWrite Deal(const std::string& referral = kReferral,
                       const std::string& email = "buyer@fabrikam.example") {
    CrmWrite write;
    write.kind = CrmWrite::Kind::create;
    write.marker.text = referral;
    write.attributes = {{"name", "\"Rollout\""}};
    RelatedRecord account;
    account.match = {{"name", "\"Fabrikam's Brewery\""}, {"address1_postalcode", "\"96047\""}};
    account.attributes = account.match;
    account.attributes.push_back({"address1_country", "\"DE\""});
    write.account = account;
    RelatedRecord contact;
    if (!email.empty()) contact.match = {{"emailaddress1", "\"" + email + "\""}};
    contact.attributes = contact.match;
    contact.attributes.push_back({"firstname", "\"First\""});
    contact.attributes.push_back({"lastname", "\"Buyer\""});
    write.contact = contact;
    return write;
  }
  static std::string Derived(const std::string& space, const std::string& key) {
    return DerivedGuid(space, key);
  }
};

TEST_F(CustomersTest, AKnownCustomerIsTaken) {
  Holds("accounts", "accountid", {kFabrikam});
  Holds("contacts", "contactid", {kPurchaser});
  const auto result = crm().Write({Deal()}).at(0);
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(api.Writes(), 1u);
  const Json body = Json::parse(api.Requests("PATCH", "opportunities(").at(0).body);
  EXPECT_EQ(body.at("parentaccountid@odata.bind"), "/accounts(" + std::string(kFabrikam) + ")");
  EXPECT_EQ(body.at("parentcontactid@odata.bind"), "/contacts(" + std::string(kPurchaser) + ")");
  EXPECT_EQ(result.performed.size(), 1u);

  const auto search = api.Requests("GET", "accounts?").at(0).path;
  EXPECT_NE(search.find("name eq 'Fabrikam''s Brewery' and address1_postalcode eq '96047' and "
                        "statecode eq 0"),
            std::string::npos)
      << search;
  EXPECT_NE(search.find("$orderby=createdon asc"), std::string::npos);
  const auto contact = api.Requests("GET", "contacts?").at(0).path;
  EXPECT_NE(
      contact.find("emailaddress1 eq 'buyer@fabrikam.example' and _parentcustomerid_value eq " +
                   std::string(kFabrikam)),
      std::string::npos)
      << contact;
}

TEST_F(CustomersTest, ANewCustomerIsCreatedUnderDerivedIdsAndAudited) {
  const auto result = crm().Write({Deal()}).at(0);
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  const std::string account = Derived("account", "fabrikam's brewery|96047");
  const std::string contact = Derived("contact", account + "|buyer@fabrikam.example");
  const auto account_write = api.Requests("PATCH", "accounts(" + account + ")").at(0);
  EXPECT_EQ(account_write.header("If-None-Match"), "*");
  EXPECT_EQ(Json::parse(account_write.body).at("address1_country"), "DE");
  const auto contact_write = api.Requests("PATCH", "contacts(" + contact + ")").at(0);
  EXPECT_EQ(Json::parse(contact_write.body).at("parentcustomerid_account@odata.bind"),
            "/accounts(" + account + ")");
  ASSERT_EQ(result.performed.size(), 3u);
  EXPECT_EQ(result.performed[0].record_kind, "account");
  EXPECT_EQ(result.performed[0].record_id, account);
  EXPECT_EQ(result.performed[1].record_kind, "contact");
  EXPECT_EQ(result.performed[2].record_kind, "opportunity");
}

TEST_F(CustomersTest, AnAccountMadeMeanwhileIsTaken) {
  api.On("PATCH", "accounts(", Refused(412, "0x80040237"));
  const auto result = crm().Write({Deal()}).at(0);
  ASSERT_TRUE(result.record.ok());
  const std::string account = Derived("account", "fabrikam's brewery|96047");
  EXPECT_EQ(Json::parse(api.Requests("PATCH", "opportunities(").at(0).body)
                .at("parentaccountid@odata.bind"),
            "/accounts(" + account + ")");
  EXPECT_EQ(result.performed.at(0).record_kind, "contact");
}

TEST_F(CustomersTest, OfSeveralMatchesTheOldestIsTakenAndReported) {
  Holds("accounts", "accountid", {kFabrikam, kYardPilot});
  ASSERT_TRUE(crm().Write({Deal()}).at(0).record.ok());
  EXPECT_NE(log.text().find("several records match"), std::string::npos);
  EXPECT_EQ(log.text().find("Fabrikam"), std::string::npos);
}

TEST_F(CustomersTest, TwoDealsOfOneNewCustomerMakeOneAccount) {
  const auto results = crm().Write({Deal(), Deal(kYardPilot)});
  ASSERT_TRUE(results.at(0).record.ok() && results.at(1).record.ok());
  EXPECT_EQ(api.Requests("GET", "accounts?").size(), 1u);
  EXPECT_EQ(api.Requests("PATCH", "accounts(").size(), 1u);
  EXPECT_EQ(api.Requests("PATCH", "contacts(").size(), 1u);
  EXPECT_EQ(api.Requests("PATCH", "opportunities(").size(), 2u);
  EXPECT_EQ(results[0].performed.size(), 3u);
  EXPECT_EQ(results[1].performed.size(), 1u);
}

TEST_F(CustomersTest, AContactWithoutEmailIsFoundByItsNames) {
  Holds("accounts", "accountid", {kFabrikam});
  ASSERT_TRUE(crm().Write({Deal(kReferral, "")}).at(0).record.ok());
  EXPECT_NE(api.Requests("GET", "contacts?")
                .at(0)
                .path.find("firstname eq 'First' and lastname eq 'Buyer'"),
            std::string::npos);
  EXPECT_EQ(api.Requests("PATCH",
                         "contacts(" + Derived("contact", std::string(kFabrikam) + "|first|buyer"))
                .size(),
            1u);
}

TEST_F(CustomersTest, AnAccountThatIsRefusedStopsItsDealOnly) {
  api.On("PATCH", "accounts(", Refused(400, "0x80040265"));
  CrmWrite other = Deal(kYardPilot);
  other.account.reset();
  other.contact.reset();
  const auto results = crm().Write({Deal(), other});
  ASSERT_FALSE(results[0].record.ok());
  EXPECT_EQ(results[0].record.error().kind, ErrorKind::refused);
  ASSERT_EQ(results[0].performed.size(), 1u);
  EXPECT_EQ(results[0].performed[0].outcome_code, "0x80040265");
  EXPECT_TRUE(results[1].record.ok());
}

TEST_F(CustomersTest, ACreateThatWillBeRefusedMakesNoCustomer) {
  CrmWrite deal = Deal();
  deal.attributes.push_back({"transactioncurrencyid", "\"CHF\""});
  EXPECT_EQ(crm().Write({deal}).at(0).record.error().kind, ErrorKind::refused);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(CustomersTest, AnAccountWithNothingToFindItByIsRefused) {
  CrmWrite deal = Deal();
  deal.account->match = {{"name", "null"}};
  deal.account->attributes = {{"address1_country", "\"DE\""}};
  const auto result = crm().Write({deal}).at(0);
  ASSERT_FALSE(result.record.ok());
  EXPECT_NE(result.record.error().message.find("has no name"), std::string::npos);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(CustomersTest, AContactWithNothingToFindItByIsLeftOut) {
  Holds("accounts", "accountid", {kFabrikam});
  CrmWrite deal = Deal();
  deal.contact = RelatedRecord{{}, {{"emailaddress1", "\"\""}}};
  ASSERT_TRUE(crm().Write({deal}).at(0).record.ok());
  EXPECT_TRUE(api.Requests("GET", "contacts?").empty());
  const Json body = Json::parse(api.Requests("PATCH", "opportunities(").at(0).body);
  EXPECT_FALSE(body.contains("parentcontactid@odata.bind"));
}

// What a create of unknown outcome has made.
class MadeCustomersTest : public CustomersTest {
 protected:
  static constexpr const char* kOurUser = "A1000000-0000-0000-0000-0000000000AA";
  const std::string account_ = Derived("account", "fabrikam's brewery|96047");

  void SetUp() override {
    CustomersTest::SetUp();
    api.On("GET", "opportunities(", Refused(404, "0x80040217"));
    api.On("GET", "opportunities?", Answered(200, List(Json::array())));
    api.On("GET", "accounts(", Refused(404, "0x80040217"));
    api.On("GET", "contacts(", Refused(404, "0x80040217"));
  }
  std::string ContactOf(const std::string& account) {
    return Derived("contact", account + "|buyer@fabrikam.example");
  }
  void Made(const std::string& table, const std::string& id, const std::string& user,
            const std::string& at) {
    const Json row = {{"createdon", at}, {"_createdby_value", user}};
    api.On("GET", table + "(" + id + ")", Answered(200, row.dump()));
  }
  Result<FoundCreate> Look() {
    const CrmWrite deal = Deal();
    CreateSearch search{RecordKind::opportunity, deal.marker, deal.account, deal.contact, {}, {}};
    search.opened_at = ParseInstant("2026-03-01T09:12:44.5Z").value();
    search.newest_seen = ParseInstant("2026-03-01T09:30:00Z").value();
    return crm().FindCreated(search);
  }
  std::vector<std::string> MadeIds() {
    std::vector<std::string> ids;
    const auto found = Look();
    if (!found) ADD_FAILURE() << Describe(found.error());
    if (!found) return ids;
    for (const PerformedWrite& write : found->related) ids.push_back(write.record_id);
    return ids;
  }
  using Ids = std::vector<std::string>;
};

TEST_F(MadeCustomersTest, OurRowsOfThatTimeAreOfTheCreate) {
  Made("accounts", account_, kOurUser, "2026-03-01T09:12:44Z");
  Made("contacts", ContactOf(account_), kOurUser, "2026-03-01T09:12:45Z");
  EXPECT_EQ(MadeIds(), (Ids{account_, ContactOf(account_)}));
  EXPECT_NE(api.Requests("GET", "accounts(").at(0).path.find("$select=createdon,_createdby_value"),
            std::string::npos);
}

TEST_F(MadeCustomersTest, ARowOfAnEarlierTimeIsOfAnotherCreate) {
  Made("accounts", account_, kOurUser, "2026-03-01T09:10:00Z");
  Made("contacts", ContactOf(account_), kOurUser, "2026-03-01T09:12:45Z");
  EXPECT_EQ(MadeIds(), Ids{ContactOf(account_)});
}

TEST_F(MadeCustomersTest, ARowOfAnotherUserIsNotOurs) {
  Made("accounts", account_, kSeller, "2026-03-01T09:12:44Z");
  EXPECT_EQ(MadeIds(), Ids{});
}

TEST_F(MadeCustomersTest, AContactMayBelongToAnAccountThatAPersonMade) {
  Holds("accounts", "accountid", {kFabrikam});
  Made("contacts", ContactOf(kFabrikam), kOurUser, "2026-03-01T09:12:45Z");
  EXPECT_EQ(MadeIds(), Ids{ContactOf(kFabrikam)});
}

TEST_F(MadeCustomersTest, WithoutTheAccountNoContactWasMade) {
  EXPECT_EQ(MadeIds(), Ids{});
  EXPECT_TRUE(api.Requests("GET", "contacts").empty());
}

// Such a create was refused before it made anything: it must not stay in doubt for ever.
TEST_F(MadeCustomersTest, WhatCannotBeLookedForWasNotMade) {
  api.On("GET", "accounts?", Refused(400, "0x80060888"));
  EXPECT_EQ(MadeIds(), Ids{});
}

TEST_F(MadeCustomersTest, AReadThatFailsLeavesItOpen) {
  api.On("GET", "accounts(", Failed(ErrorKind::unavailable));
  EXPECT_EQ(Look().error().kind, ErrorKind::unavailable);
  api.On("GET", "accounts(", Answered(200, "<html>"));
  EXPECT_EQ(Look().error().kind, ErrorKind::invalid_response);
}

}  // namespace
}  // namespace cosell::test
