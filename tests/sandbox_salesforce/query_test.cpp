#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"

namespace cosell::sandbox {
namespace {

using Texts = Instance::Texts;

class QueryTest : public ::testing::Test {
 protected:
  QueryTest() {
    fabrikam = org.Make(
        "Account", {{"Name", "Fabrikam"}, {"BillingCountry", "DE"}, {"Regions__c", "East;North"}});
    ines = org.Make("Contact", {{"LastName", "Okafor"}, {"AccountId", fabrikam}});
    harbor = org.Deal("Harbor", {{"Amount", 100},
                                 {"AccountId", fabrikam},
                                 {"ContactId", ines},
                                 {"Sync_with_Partner_Center__c", true},
                                 {"NextStep", "100% \\ O'Dowd"}});
    org.Wait(std::chrono::seconds{10});
    tinplate = org.Deal("tinplate", {{"Amount", 250.5}});
    org.Wait(std::chrono::seconds{10});
    dune = org.Deal("Dune", {{"NextStep", "call"}});
  }
  Texts Names(const std::string& where) {
    const Reply reply = org.Query("SELECT Name FROM Opportunity WHERE " + where);
    if (reply.status != 200) return {reply.text};
    return reply.Names();
  }
  std::string CodeOf(const std::string& soql) {
    const Reply reply = org.Query(soql);
    return reply.status == 400 ? reply.Code() : std::to_string(reply.status);
  }
  std::string CodeWhere(const std::string& where) {
    return CodeOf("SELECT Id FROM Opportunity WHERE " + where);
  }

  Instance org;
  std::string fabrikam, ines, harbor, tinplate, dune;
};

TEST_F(QueryTest, ParentsNestAndMissingParentsAreNull) {
  const Reply reply = org.Query(
      "select id, NAME, account.name, Account.Owner.Name from opportunity order by Name desc");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.json()["totalSize"], 3);
  EXPECT_EQ(reply.json()["done"], true);
  const Json records = reply.Records();
  EXPECT_EQ(records[0]["Name"], "tinplate");
  EXPECT_TRUE(records[0]["Account"].is_null());
  EXPECT_EQ(records[1]["attributes"]["url"], "/services/data/v67.0/sobjects/Opportunity/" + harbor);
  EXPECT_EQ(records[1]["Account"]["Name"], "Fabrikam");
  EXPECT_EQ(records[1]["Account"]["attributes"]["type"], "Account");
  EXPECT_EQ(records[1]["Account"]["Owner"]["Name"], "Cosell Sync");
  EXPECT_EQ(org.Query("SELECT Id FROM Lead").text, R"({"totalSize":0,"done":true,"records":[]})");
}

TEST_F(QueryTest, ComparisonsOfEveryKind) {
  EXPECT_EQ(Names("Name = 'HARBOR'"), Texts{"Harbor"});
  EXPECT_EQ(Names("Name != 'Harbor' ORDER BY Name"), (Texts{"Dune", "tinplate"}));
  EXPECT_EQ(Names("Name > 'harbor'"), Texts{"tinplate"});
  EXPECT_EQ(Names("Amount >= 250.5"), Texts{"tinplate"});
  EXPECT_EQ(Names("Amount < 250.5"), Texts{"Harbor"});
  EXPECT_EQ(Names("Amount = null"), Texts{"Dune"});
  EXPECT_EQ(Names("Amount != 100 ORDER BY Name"), (Texts{"Dune", "tinplate"}));
  EXPECT_EQ(Names("Amount > USD200"), Texts{"tinplate"});
  EXPECT_EQ(Names("Sync_with_Partner_Center__c = true"), Texts{"Harbor"});
  EXPECT_EQ(Names("CloseDate > 2026-11-29 AND Name LIKE 'd%'"), Texts{"Dune"});
  EXPECT_EQ(Names("SystemModstamp >= 2026-03-01T10:00:10+01:00 ORDER BY SystemModstamp"),
            (Texts{"tinplate", "Dune"}));
  EXPECT_EQ(Names("CreatedDate = TODAY AND Name = 'Dune'"), Texts{"Dune"});
  EXPECT_EQ(Names("CreatedDate < TODAY"), Texts{});
  EXPECT_EQ(Names("CreatedDate >= LAST_N_DAYS:3 AND Name = 'Dune'"), Texts{"Dune"});
  EXPECT_EQ(Names("Id = '" + harbor.substr(0, 15) + "'"), Texts{"Harbor"});
  EXPECT_EQ(Names("Id > '" + harbor + "' ORDER BY Id"), (Texts{"tinplate", "Dune"}));
  EXPECT_EQ(Names("Id IN ('" + harbor + "','" + dune + "') ORDER BY Id"),
            (Texts{"Harbor", "Dune"}));
  EXPECT_EQ(Names("Name NOT IN ('Harbor','dune')"), Texts{"tinplate"});
  EXPECT_EQ(Names("Account.Name = 'fabrikam'"), Texts{"Harbor"});
}

TEST_F(QueryTest, AndOrNotAndParentheses) {
  EXPECT_EQ(Names("(Name = 'Dune' OR Name = 'Harbor') AND NOT Amount = 100"), Texts{"Dune"});
  EXPECT_EQ(Names("SystemModstamp > 2026-03-01T09:00:00Z OR (SystemModstamp = "
                  "2026-03-01T09:00:00Z AND Id > '" +
                  harbor + "') ORDER BY SystemModstamp, Id"),
            (Texts{"tinplate", "Dune"}));
  EXPECT_EQ(CodeWhere("Name = 'a' AND Name = 'b' OR Name = 'c'"), "MALFORMED_QUERY");
}

TEST_F(QueryTest, EscapesInLiteralsAndPatterns) {
  EXPECT_EQ(Names(R"(NextStep = '100% \\ O\'Dowd')"), Texts{"Harbor"});
  EXPECT_EQ(Names(R"(NextStep LIKE '100\% %')"), Texts{"Harbor"});
  EXPECT_EQ(Names("NextStep LIKE 'c_ll'"), Texts{"Dune"});
  EXPECT_EQ(Names(R"(Name = '\u0044une')"), Texts{"Dune"});
  EXPECT_EQ(CodeWhere(R"(Name = 'C:\data')"), "MALFORMED_QUERY");
  EXPECT_EQ(CodeWhere("Name = 'open"), "MALFORMED_QUERY");
  EXPECT_EQ(CodeWhere("Name = 'a\\"), "MALFORMED_QUERY");
  EXPECT_EQ(CodeWhere("Name = '" + std::string(4001, 'x') + "'"), "MALFORMED_QUERY");
}

TEST_F(QueryTest, WhatDoesNotFitIsNamed) {
  const Reply column = org.Query("SELECT Id, Referal_Link__c FROM Opportunity");
  EXPECT_EQ(column.Code(), "INVALID_FIELD");
  EXPECT_NE(column.Message().find("ERROR at Row:1:Column:12\nNo such column 'Referal_Link__c' on "
                                  "entity 'Opportunity'."),
            std::string::npos);
  EXPECT_FALSE(column.json()[0].contains("fields"));
  const Reply type = org.Query("SELECT Id FROM Oportunity");
  EXPECT_EQ(type.Code(), "INVALID_TYPE");
  EXPECT_NE(type.Message().find("Column:16\nsObject type 'Oportunity'"), std::string::npos);
  EXPECT_EQ(org.Query("SELECT Id FROM Opportunity WHER Id = ''").Message(),
            "unexpected token: 'Id'");
  for (const auto* where : {"CloseDate > 2026-11-29T00:00:00Z", "SystemModstamp > 2026-11-29",
                            "Amount = '5'", "Name = 5", "Description = 'x'", "Audit__c LIKE '%x%'",
                            "Foo.Name = 'x'", "SystemModstamp > 2026-03-01T09:00:00.000Z"}) {
    EXPECT_EQ(CodeWhere(where), "INVALID_FIELD") << where;
  }
  EXPECT_EQ(CodeWhere("Id = 'nonsense'"), "INVALID_QUERY_FILTER_OPERATOR");
  for (const auto* soql : {"SELECT * FROM Opportunity", "SELECT Id Opportunity", "SELECT FROM x",
                           "SELECT Id, Id FROM Opportunity", "SELECT Id FROM Opportunity LIMIT x",
                           "UPDATE Opportunity", "", "SELECT Id FROM Opportunity GROUP BY Id"}) {
    EXPECT_EQ(CodeOf(soql), "MALFORMED_QUERY") << soql;
  }
  EXPECT_EQ(CodeOf("SELECT Id FROM Opportunity ORDER BY Description"), "INVALID_FIELD");
  EXPECT_EQ(CodeOf("SELECT Id FROM Opportunity OFFSET 2001"), "NUMBER_OUTSIDE_VALID_RANGE");
  EXPECT_EQ(org.Get("query").Code(), "MALFORMED_QUERY");
}

TEST_F(QueryTest, DeepNestingIsRefusedNotCrashed) {
  EXPECT_EQ(CodeWhere(std::string(2000, '(') + "Name = 'a'" + std::string(2000, ')')),
            "MALFORMED_QUERY");
}

TEST_F(QueryTest, DatetimesMayBeReadLeniently) {
  org.world.switches().lenient_datetimes = true;
  EXPECT_EQ(Names("SystemModstamp > 2026-03-01T09:00:10.000+0000"), Texts{"Dune"});
}

TEST_F(QueryTest, OrderLimitOffsetAndNulls) {
  const auto names = [&](const std::string& tail) {
    return org.Query("SELECT Name FROM Opportunity o " + tail).Names();
  };
  EXPECT_EQ(names("ORDER BY Amount"), (Texts{"Dune", "Harbor", "tinplate"}));
  EXPECT_EQ(names("ORDER BY o.Amount DESC NULLS LAST"), (Texts{"tinplate", "Harbor", "Dune"}));
  EXPECT_EQ(names("ORDER BY Name LIMIT 1 OFFSET 1"), Texts{"Harbor"});
  EXPECT_EQ(names("LIMIT 0"), Texts{});
}

TEST_F(QueryTest, Counts) {
  EXPECT_EQ(org.Query("SELECT count() FROM Opportunity").text,
            R"({"totalSize":3,"done":true,"records":[]})");
  const Json row = org.Query("SELECT COUNT(Amount) c FROM Opportunity").Records()[0];
  EXPECT_EQ(row["attributes"]["type"], "AggregateResult");
  EXPECT_EQ(row["c"], 2);
  EXPECT_EQ(org.Query("SELECT COUNT(Id) FROM Opportunity").Records()[0]["expr0"], 3);
}

TEST_F(QueryTest, ChildrenAndSemiJoins) {
  const Json records =
      org.Query(
             "SELECT Name, (SELECT ContactId, Contact.Name FROM OpportunityContactRoles WHERE "
             "IsPrimary = true) FROM Opportunity ORDER BY Id")
          .Records();
  const Json roles = records[0]["OpportunityContactRoles"];
  EXPECT_EQ(roles["totalSize"], 1);
  EXPECT_EQ(roles["done"], true);
  EXPECT_EQ(roles["records"][0]["Contact"]["Name"], "Okafor");
  EXPECT_TRUE(records[1]["OpportunityContactRoles"].is_null());
  EXPECT_EQ(Names("Id IN (SELECT OpportunityId FROM OpportunityContactRole WHERE ContactId = '" +
                  ines + "')"),
            Texts{"Harbor"});
  EXPECT_EQ(Names("Id NOT IN (SELECT OpportunityId FROM OpportunityContactRole) ORDER BY Name"),
            (Texts{"Dune", "tinplate"}));
  EXPECT_EQ(CodeWhere("Id IN (SELECT Role FROM OpportunityContactRole)"), "MALFORMED_QUERY");
  EXPECT_EQ(CodeOf("SELECT Id, (SELECT Id FROM Nonsense) FROM Opportunity"), "INVALID_TYPE");
}

TEST_F(QueryTest, MultipleChoices) {
  const auto hits = [&](const std::string& condition) {
    return org.Query("SELECT Id FROM Account WHERE Regions__c " + condition).json()["totalSize"];
  };
  EXPECT_EQ(hits("INCLUDES ('North;East','West')"), 1);
  EXPECT_EQ(hits("INCLUDES ('North;West')"), 0);
  EXPECT_EQ(hits("EXCLUDES ('South')"), 1);
  EXPECT_EQ(hits("= 'East;North'"), 1);
}

TEST_F(QueryTest, PagesFollowOneAnother) {
  org.world.switches().page_size_max = 2;
  const Reply first = org.Query("SELECT Name FROM Opportunity ORDER BY Name");
  EXPECT_EQ(first.json()["totalSize"], 3);
  EXPECT_EQ(first.json()["done"], false);
  EXPECT_EQ(first.Names(), (Texts{"Dune", "Harbor"}));
  const std::string next = first.json()["nextRecordsUrl"];
  EXPECT_EQ(next.rfind('/'), std::string("/services/data/v67.0/query").size());
  EXPECT_TRUE(next.ends_with("-2"));
  org.Patch(Instance::Path(tinplate), {{"Name", "renamed"}});
  const Reply last = org.Get(next);
  EXPECT_EQ(last.Names(), Texts{"renamed"});
  EXPECT_EQ(last.json()["done"], true);
  EXPECT_FALSE(last.json().contains("nextRecordsUrl"));
  org.Wait(std::chrono::hours{49});
  EXPECT_EQ(org.Get(next).status, 400);
  EXPECT_EQ(org.Get(next).Code(), "INVALID_QUERY_LOCATOR");
  EXPECT_EQ(org.Get("query/0r8xx0aBcDeFgHiAAJ-500").Code(), "INVALID_QUERY_LOCATOR");
}

TEST_F(QueryTest, SubselectRowsFillThePage) {
  org.world.switches().page_size_max = 2;
  const Reply reply = org.Query(
      "SELECT Name, (SELECT Id FROM OpportunityContactRoles) FROM Opportunity ORDER BY Id");
  EXPECT_EQ(reply.Names(), Texts{"Harbor"});
}

TEST_F(QueryTest, TheHeaderMayAskForLessThanThePage) {
  for (int i = 0; i < 400; ++i) org.Make("Contact", {{"LastName", "C" + std::to_string(i)}});
  const auto rows = [&](const char* size) {
    return org.Query("SELECT Id FROM Contact", {{"Sforce-Query-Options", size}}).Records().size();
  };
  EXPECT_EQ(rows("batchSize=250"), 250u);
  EXPECT_EQ(rows("batchSize=5"), 200u);
  EXPECT_EQ(rows("batchSize=9000"), 401u);
}

TEST_F(QueryTest, DeletedRecordsShowInQueryAllForFifteenDays) {
  org.Send("DELETE", Instance::Path(dune));
  EXPECT_EQ(org.Query("SELECT Id FROM Opportunity").json()["totalSize"], 2);
  const std::string all = "SELECT Name FROM Opportunity WHERE IsDeleted = true";
  EXPECT_EQ(org.QueryAll(all).Names(), Texts{"Dune"});
  org.Wait(std::chrono::hours{24 * 15 + 1});
  EXPECT_EQ(org.QueryAll(all).Names(), Texts{});
  EXPECT_FALSE(org.world.Row("Opportunity", dune));
}

TEST_F(QueryTest, HiddenRecordsAreNotThere) {
  ASSERT_TRUE(org.world.Hide("Opportunity", harbor));
  EXPECT_EQ(Names("Name = 'Harbor'"), Texts{});
  EXPECT_EQ(org.Get(Instance::Path(harbor)).Code(), "NOT_FOUND");
  EXPECT_EQ(org.Patch(Instance::Path(harbor), {{"Name", "B"}}).status, 404);
  ASSERT_TRUE(org.world.Hide("Opportunity", harbor, false));
  EXPECT_EQ(Names("Name = 'Harbor'"), Texts{"Harbor"});
}

TEST_F(QueryTest, HiddenFieldsKillTheWholeQuery) {
  SalesforceWorldOptions options;
  options.hidden_fields = {"Products__c", "Lead.Email"};
  options.multi_currency = false;
  Instance strict(options);
  const auto code = [&](const std::string& soql) { return strict.Query(soql).Code(); };
  EXPECT_EQ(code("SELECT Id, Products__c FROM Opportunity"), "INVALID_FIELD");
  EXPECT_EQ(code("SELECT Email FROM Lead"), "INVALID_FIELD");
  EXPECT_EQ(code("SELECT CurrencyIsoCode FROM Opportunity"), "INVALID_FIELD");
  EXPECT_EQ(code("SELECT IsoCode FROM CurrencyType"), "INVALID_TYPE");
  EXPECT_EQ(strict.Patch("sobjects/Opportunity/0065g00000Qm1KdAAJ", {{"Products__c", "x"}}).status,
            404);
  EXPECT_EQ(strict.Post("sobjects/Opportunity", {{"Products__c", "x"}}).Code(), "INVALID_FIELD");
  EXPECT_FALSE(strict.Get(Instance::Path(strict.Deal("A"))).json().contains("Products__c"));
}

}  // namespace
}  // namespace cosell::sandbox
