#include <array>

#include "write_fixture.h"

namespace cosell::test {
namespace {

constexpr const char* kObject = "Microsoft_Solution__c";
constexpr const char* kColumn = "Microsoft_Solutions__r";

// An organisation that keeps solutions in a child object.
class SolutionsTest : public WriteFixture {
 protected:
  void SetUp() override {
    api.Does("GET", "/sobjects/Opportunity/describe", [this](const auto&) {
      Json description = Described("Opportunity", opportunity());
      for (const auto& [object, relationship] : std::map<std::string, std::string>{
               {"Solution_Note__c", "Notes__r"}, {kObject, kColumn}}) {
        description["childRelationships"].push_back({{"childSObject", object},
                                                     {"field", "Opportunity__c"},
                                                     {"relationshipName", relationship}});
      }
      return Answered(200, description);
    });
    api.On("GET", "/sobjects/Solution_Note__c/describe",
           Answered(200, Described("Solution_Note__c", {FieldOf("Name", "string")})));
    HasSolutions({});
    api.Does("GET", "/sobjects/Microsoft_Solution__c/describe", [this](const auto&) {
      Json object = Described(kObject, {FieldOf("Id", "id"), name_, identifier_,
                                        FieldOf("Opportunity__c", "reference")});
      object["label"] = label_;
      object["labelPlural"] = label_ + "s";
      return Answered(200, object);
    });
    WriteFixture::SetUp();
  }
  // Which rows stand in the child object: id, opportunity, identifier.
  void HasSolutions(const std::vector<std::array<std::string, 3>>& rows) {
    std::vector<Json> records;
    for (const auto& [id, parent, identifier] : rows) {
      records.push_back({{"Id", id}, {"Opportunity__c", parent}, {"Solution_Id__c", identifier}});
    }
    api.On("GET", "FROM Microsoft_Solution__c WHERE Opportunity__c IN", Rows(records));
  }
  void ReadsSolutions() { Reads({"Name", kColumn}); }
  Json SolutionsOf(const std::string& id) {
    const auto records = crm().Read(RecordKind::opportunity, {{id}}, Crm::Detail::own);
    EXPECT_TRUE(records.ok() && records->size() == 1u);
    return Json::parse(records->at(0).raw)[kColumn];
  }

  std::string label_ = "Microsoft Solution";
  Json name_ = FieldOf("Name", "string", "Number", {80, false, {}, ""});
  Json identifier_ = FieldOf("Solution_Id__c", "string", "Solution Id", {80, true, {}, ""});
};

TEST_F(SolutionsTest, TheChildObjectTakesTheProductsRole) {
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.roles.at("products"), kColumn);
  EXPECT_EQ(schema.columns.at(kColumn).type, "text");
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
}

TEST_F(SolutionsTest, AnObjectOfAnotherLabelIsNotTaken) {
  label_ = "Solution pitch";
  EXPECT_EQ(Schema(true).roles.at("products"), "Products__c");
}

TEST_F(SolutionsTest, SolutionsThatMayNotBeWrittenAreAProblem) {
  identifier_["createable"] = false;
  EXPECT_TRUE(Mentions(Schema(true).problems, "Solution_Id__c"));
}

class NamedSolutionsTest : public SolutionsTest {
 protected:
  NamedSolutionsTest() { label_ = "Pitch"; }
};

TEST_F(NamedSolutionsTest, TheConfigurationNamesTheObjectWhateverItsLabel) {
  options.fields = {{"solutions_object", "microsoft_solution__c"}};
  auto named = MakeSalesforceClient(api, tokens, options, clock, random, log);
  EXPECT_EQ(named->Describe(false)->roles.at("products"), kColumn);
  options.fields = {{"solutions_object", "Nowhere__c"}};
  auto wrong = MakeSalesforceClient(api, tokens, options, clock, random, log);
  const auto schema = wrong->Describe(false);
  EXPECT_EQ(schema->roles.at("products"), "Products__c");
  EXPECT_TRUE(Mentions(schema->problems, "Nowhere__c"));
}

TEST_F(SolutionsTest, RowsAreReadAsOneTextAndTheProductsTextStandsInForNone) {
  ReadsSolutions();
  Stores(Row(kTelemetry));
  Stores(With(Row(kTinplate), "Products__c", "SOL-10000-ABC"));
  HasSolutions({{NthId(1), kTelemetry, "SOL-2"}, {NthId(2), kTelemetry, "SOL-1"}});
  EXPECT_EQ(SolutionsOf(kTelemetry), "SOL-1; SOL-2");
  EXPECT_EQ(SolutionsOf(kTinplate), "SOL-10000-ABC");
  const auto retrieve = api.Requests("POST", "/composite/sobjects/Opportunity").at(0);
  EXPECT_EQ(retrieve.body.find(kColumn), std::string::npos) << "it is no field";
}

TEST_F(SolutionsTest, OtherRowsAreAnotherVersion) {
  ReadsSolutions();
  Stores(Row(kTelemetry));
  const std::string before = EtagOf(kTelemetry);
  HasSolutions({{NthId(1), kTelemetry, "SOL-2"}});
  EXPECT_NE(EtagOf(kTelemetry), before);
}

TEST_F(SolutionsTest, MissingRowsAreMadeAndUnwantedOnesDeleted) {
  ReadsSolutions();
  Stores(Row(kTelemetry));
  HasSolutions({{NthId(1), kTelemetry, "SOL-1"}, {NthId(2), kTelemetry, "SOL-2"}});
  api.Does("POST", "/composite/sobjects", [this](const auto& request) {
    if (request.path != "/composite/sobjects") return Retrieved(request.json());
    return Answered(200, Json::array({Saved(NthId(3))}));
  });
  api.On("DELETE", "/composite/sobjects?ids=" + NthId(2),
         Answered(200, Json::array({Saved(NthId(2))})));
  const auto result = WriteOne(Update(kTelemetry, {{kColumn, "\"sol-1; SOL-3\""}}));
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  const Json made = api.Requests("POST", "/composite/sobjects").at(0).json()["records"];
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0]["Opportunity__c"], kTelemetry);
  EXPECT_EQ(made[0]["Solution_Id__c"], "SOL-3");
  EXPECT_EQ(made[0]["attributes"]["type"], kObject);
  EXPECT_FALSE(made[0].contains("Name")) << "it is a number of its own";
  EXPECT_EQ(api.Requests("PATCH", "/sobjects").size(), 0u) << "no field changes";
  ASSERT_EQ(result.performed.size(), 2u);
  EXPECT_EQ(result.performed[0].record_kind, "solution");
  EXPECT_EQ(result.performed[0].record_id, NthId(3));
  EXPECT_EQ(result.performed[0].operation, "create");
  EXPECT_EQ(result.performed[1].operation, "delete");
  EXPECT_EQ(result.performed[1].record_id, NthId(2));
}

TEST_F(SolutionsTest, ClearingThemClearsTheProductsTextToo) {
  ReadsSolutions();
  Stores(Row(kTelemetry));
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  ASSERT_TRUE(WriteOne(Update(kTelemetry, {{kColumn, "null"}})).record.ok());
  EXPECT_EQ(api.Requests("PATCH", "/sobjects").at(0).json(), (Json{{"Products__c", nullptr}}));
}

TEST_F(SolutionsTest, AStaleDealGetsNoRows) {
  ReadsSolutions();
  Stores(Row(kTelemetry));
  const std::string etag = EtagOf(kTelemetry);
  Stores(With(Row(kTelemetry), "Name", "Somebody was faster"));
  ExpectFailure(WriteOne(Update(kTelemetry, {{kColumn, "\"SOL-3\""}}, etag)),
                ErrorKind::stale_version);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(SolutionsTest, ARowThatIsRefusedIsItsDealsFailure) {
  ReadsSolutions();
  SavesUpserts();
  api.Does("POST", "/composite/sobjects", [this](const auto& request) {
    if (request.path != "/composite/sobjects") return Retrieved(request.json());
    return Answered(200, Json::array({NotSaved("FIELD_CUSTOM_VALIDATION_EXCEPTION")}));
  });
  CrmWrite write = Create();
  write.attributes.push_back({kColumn, "\"SOL-3\""});
  const auto result = WriteOne(write);
  ExpectFailure(result, ErrorKind::refused);
  ASSERT_EQ(result.performed.size(), 2u);
  EXPECT_TRUE(result.performed[0].done) << "the opportunity is there";
  EXPECT_FALSE(result.performed[1].done);
}

TEST_F(SolutionsTest, AChangeOfRowsIsAChangeOfTheDeal) {
  ReadsSolutions();
  Stores(Row(kTelemetry, "2026-10-19T08:00:00"));
  api.On("GET", "ORDER BY SystemModstamp, Id", Rows({Row(kTelemetry, "2026-10-19T08:00:00")}));
  const auto full = crm().Changes(RecordKind::opportunity, "");
  ASSERT_TRUE(full.ok()) << Describe(full.error());
  EXPECT_TRUE(Json::parse(full->records.at(0).raw)[kColumn].is_null());
  api.On("GET", "/queryAll?q=", Rows({}));
  api.On("GET", "FROM Microsoft_Solution__c WHERE SystemModstamp >=",
         Rows({{{"Id", NthId(1)}, {"Opportunity__c", kTelemetry}}}));
  HasSolutions({{NthId(1), kTelemetry, "SOL-1"}});
  const auto changes = crm().Changes(RecordKind::opportunity, full->cursor);
  ASSERT_TRUE(changes.ok()) << Describe(changes.error());
  ASSERT_EQ(changes->records.size(), 1u);
  EXPECT_EQ(Json::parse(changes->records[0].raw)[kColumn], "SOL-1");
  const auto again = crm().Changes(RecordKind::opportunity, changes->cursor);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->records.empty());
}

TEST_F(SolutionsTest, ALostCreateTellsOfTheRowsMadeWithIt) {
  ReadsSolutions();
  api.On("GET", "FROM Opportunity WHERE", Rows({Row(kTelemetry)}));
  const auto row = [](std::size_t n, const char* user, const char* at) {
    return Json{{"Id", NthId(n)}, {"CreatedById", user}, {"CreatedDate", at}};
  };
  api.On("GET", "FROM Microsoft_Solution__c WHERE Opportunity__c = '" + std::string(kTelemetry),
         Rows({row(1, kApiUser, "2026-10-19T07:00:00.000+0000"),
               row(2, kApiUser, "2026-10-19T09:00:01.000+0000"),
               row(3, kPurchaser, "2026-10-19T09:00:02.000+0000")}));
  CreateSearch search{RecordKind::opportunity, {kReferral}, {}, {}, {}, {}};
  search.opened_at = search.newest_seen = *ParseInstant("2026-10-19T09:00:00Z");
  const auto found = crm().FindCreated(search);
  ASSERT_TRUE(found.ok() && found->record);
  ASSERT_EQ(found->related.size(), 1u);
  EXPECT_EQ(found->related[0].record_kind, "solution");
  EXPECT_EQ(found->related[0].record_id, NthId(2));
}

}  // namespace
}  // namespace cosell::test
