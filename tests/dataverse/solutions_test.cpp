#include "live_organization.h"

namespace cosell::test {
namespace {

constexpr const char* kColumn = "msft_microsoftsolution";
constexpr const char* kRows = "msft_microsoftsolutions";
const std::vector<std::string> kColumns = {"name", kColumn};

// An organisation that keeps solutions in a table of their own (cosell-field-mapping.md 3.3).
class SolutionsTest : public LiveTest {
 protected:
  SolutionsTest() {
    world.switches().solutions_table = true;
    Catalogues("SOL-1", "Sensor Hub", "Contoso");
    deal = OpensDeal();
  }
  void Catalogues(const std::string& id, const std::string& name, const std::string& publisher) {
    const Json row = {{"msft_solutionidentifier", id},
                      {"msft_name", name},
                      {"msft_type", "3P"},
                      {"msft_publishername", publisher}};
    ASSERT_TRUE(
        world.Create(world.people().front(), "msft_microsoftsolutiondetails", row.dump()).ok());
  }
  Json SolutionsNow() { return At(ReadOne(kDeal, deal), kColumn); }
  CrmWriteResult Writes(const std::string& solutions, std::vector<Attribute> more = {}) {
    more.push_back({kColumn, solutions.empty() ? "null" : Json(solutions).dump()});
    return WriteOne(Update(ReadOne(kDeal, deal), std::move(more)));
  }
  static std::vector<std::string> OperationsOf(const CrmWriteResult& result) {
    std::vector<std::string> operations;
    for (const PerformedWrite& each : result.performed) {
      EXPECT_TRUE(each.done) << each.outcome_code;
      operations.push_back(each.operation + " " + each.record_kind);
    }
    return operations;
  }
  std::vector<std::string> Deals(const CrmChanges& changes) {
    std::vector<std::string> ids;
    for (const CrmRecord& each : changes.records) ids.push_back(each.id.text);
    return ids;
  }
  using Words = std::vector<std::string>;

  std::string deal;
};

TEST_F(SolutionsTest, TheTableTakesTheProductsRoleWhereThereIsOne) {
  Start(kColumns);
  EXPECT_EQ(schema.roles.at("products"), kColumn);
  EXPECT_EQ(schema.columns.at(kColumn).type, "text");
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
  EXPECT_EQ(log.text().find("are not read"), std::string::npos);
  world.switches().solutions_table = false;
  Start(kColumns);
  EXPECT_EQ(schema.roles.at("products"), "msft_products");
}

TEST_F(SolutionsTest, TheConfigurationNamesTheTableOrKeepsTheText) {
  options.fields = {{"solutions_object", "MSFT_MicrosoftSolution"}};
  Start(kColumns);
  EXPECT_EQ(schema.roles.at("products"), kColumn);
  options.fields = {{"solutions_object", "new_pitch"}};
  Start(kColumns);
  EXPECT_EQ(schema.roles.at("products"), "msft_products");
  EXPECT_TRUE(Mentions(schema.problems, "new_pitch"));
  options.fields = {{"products", "msft_products"}};
  Start(kColumns);
  EXPECT_EQ(schema.roles.at("products"), "msft_products");
  EXPECT_TRUE(schema.problems.empty());
}

TEST_F(SolutionsTest, RowsAreReadAsOneTextAndTheProductsTextStandsInForNone) {
  Start(kColumns);
  EXPECT_TRUE(SolutionsNow().is_null());
  ASSERT_TRUE(desk->Set(deal, R"({"products":"SOL-9"})").ok());
  EXPECT_EQ(SolutionsNow(), "SOL-9");
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-2", "SOL-1"}).ok());
  EXPECT_EQ(SolutionsNow(), "SOL-1; SOL-2");
}

TEST_F(SolutionsTest, RowsAreAddedWithTheirParticularsAndRemovedOneByOne) {
  Start(kColumns);
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-2", "SOL-3"}).ok());
  const std::string kept = world.Rows(kRows).at(0).Cell("msft_solutionidentifier") == "SOL-2"
                               ? world.Rows(kRows).at(0).id
                               : world.Rows(kRows).at(1).id;
  const std::string etag = world.Row(kRows, kept)->etag;
  const auto written = Writes("sol-2; SOL-1");
  ASSERT_TRUE(written.record.ok()) << Describe(written.record.error());
  EXPECT_EQ(At(*written.record, kColumn), "SOL-1; SOL-2");
  EXPECT_EQ(OperationsOf(written), (Words{"delete solution", "create solution"}));
  EXPECT_EQ(world.Row(kRows, kept)->etag, etag) << "what stays is not touched";
  EXPECT_EQ(api.Count("PATCH " + std::string(kOrigin) + "/api/data/v9.2/opportunities"), 0u);
  const auto made = world.Row(kRows, written.performed.at(1).record_id);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->Cell("msft_name"), "Sensor Hub");
  EXPECT_EQ(made->Cell("msft_type"), "3P");
  EXPECT_EQ(made->Cell("msft_publishername"), "Contoso");
  EXPECT_EQ(made->Cell("_msft_opportunityid_value"), deal);
  EXPECT_TRUE(Writes("SOL-1;SOL-2").performed.empty()) << "nothing was left to do";
}

TEST_F(SolutionsTest, ASolutionTheCatalogueLacksIsNamedByItsId) {
  Start(kColumns);
  const auto written = Writes("SOL-7", {{"name", "\"Renamed\""}});
  EXPECT_EQ(OperationsOf(written), (Words{"update opportunity", "create solution"}));
  EXPECT_EQ(At(*written.record, "name"), "Renamed");
  EXPECT_EQ(world.Rows(kRows).at(0).Cell("msft_name"), "SOL-7");
}

TEST_F(SolutionsTest, ARowThatSomebodyGaveToAnotherSolutionIsNotMissed) {
  Start(kColumns);
  const auto first = Writes("SOL-1");
  const std::string row = first.performed.at(0).record_id;
  ASSERT_TRUE(world
                  .Edit(world.people().front(), kRows, row,
                        R"({"msft_solutionidentifier":"SOL-2","msft_name":"SOL-2"})")
                  .ok());
  EXPECT_EQ(At(*Writes("SOL-1; SOL-2").record, kColumn), "SOL-1; SOL-2");
}

TEST_F(SolutionsTest, ClearingThemClearsTheProductsTextToo) {
  Start(kColumns);
  ASSERT_TRUE(desk->Set(deal, R"({"products":"SOL-9"})").ok());
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-1"}).ok());
  const auto written = Writes("");
  EXPECT_TRUE(At(*written.record, kColumn).is_null());
  EXPECT_EQ(desk->Value(deal, "products"), std::nullopt);
  EXPECT_TRUE(world.Rows(kRows).empty());
}

TEST_F(SolutionsTest, OtherRowsAreAnotherVersionAndAStaleDealGetsNoRows) {
  Start(kColumns);
  const CrmRecord before = ReadOne(kDeal, deal);
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-2"}).ok());
  EXPECT_NE(ReadOne(kDeal, deal).etag, before.etag);
  ExpectFailure(WriteOne(Update(before, {{kColumn, "\"SOL-1\""}})), ErrorKind::stale_version);
  EXPECT_EQ(SolutionsNow(), "SOL-2");
  EXPECT_TRUE(WriteOne(Update(before, {{"name", "\"Renamed\""}})).record.ok())
      << "other columns do not mind";
}

TEST_F(SolutionsTest, AddedAndRemovedRowsAreAChangeOfTheirDeal) {
  Start(kColumns);
  const std::string other = OpensDeal();
  CrmChanges changes = ChangesSince(kDeal, "");
  EXPECT_EQ(changes.records.size(), 2u);
  Pass();
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-1", "SOL-2"}).ok());
  changes = ChangesSince(kDeal, changes.cursor);
  ASSERT_EQ(Deals(changes), Words{deal});
  EXPECT_EQ(At(changes.records[0], kColumn), "SOL-1; SOL-2");
  Pass();
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-2"}).ok());
  const std::string before = changes.cursor;
  changes = ChangesSince(kDeal, before);
  ASSERT_EQ(Deals(changes), Words{deal});
  EXPECT_EQ(At(changes.records[0], kColumn), "SOL-2");
  EXPECT_EQ(Deals(ChangesSince(kDeal, before)), Words{deal}) << "the same position, the same news";
  EXPECT_TRUE(ChangesSince(kDeal, changes.cursor).records.empty());
}

TEST_F(SolutionsTest, ARowRemovedWhileNobodyWatchedMeansReadingEverythingAgain) {
  Start(kColumns);
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-1", "SOL-2"}).ok());
  const CrmChanges before = ChangesSince(kDeal, "");
  Start(kColumns);
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-1", "SOL-2", "SOL-3"}).ok());
  CrmChanges after = ChangesSince(kDeal, before.cursor);
  EXPECT_EQ(Deals(after), Words{deal}) << "added rows name their deal";
  Start(kColumns);
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-3"}).ok());
  const auto lost = crm->Changes(kDeal, after.cursor);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().kind, ErrorKind::cursor_expired);
  after = ChangesSince(kDeal, "");
  ASSERT_TRUE(desk->SetSolutions(deal, {}).ok());
  EXPECT_EQ(Deals(ChangesSince(kDeal, after.cursor)), Words{deal});
}

TEST_F(SolutionsTest, ARowThatCameAndWentBetweenTwoReadsIsNoNews) {
  Start(kColumns);
  CrmChanges changes = ChangesSince(kDeal, "");
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-1"}).ok());
  ASSERT_TRUE(desk->SetSolutions(deal, {}).ok());
  changes = ChangesSince(kDeal, changes.cursor);
  EXPECT_TRUE(changes.records.empty());
}

TEST_F(SolutionsTest, WithoutChangeTrackingAddedRowsAreFoundByTheirTime) {
  world.switches().change_tracking = false;
  Start(kColumns);
  EXPECT_TRUE(Mentions(schema.problems, kColumn));
  CrmChanges changes = ChangesSince(kDeal, "");
  Pass(600);
  const std::string other = OpensDeal();
  changes = ChangesSince(kDeal, changes.cursor);
  Pass(600);
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-1"}).ok());
  changes = ChangesSince(kDeal, changes.cursor);
  const auto deals = Deals(changes);
  EXPECT_TRUE(std::find(deals.begin(), deals.end(), deal) != deals.end());
}

TEST_F(SolutionsTest, ACreateOfUnknownOutcomeTellsOfItsRows) {
  Start(kColumns);
  CrmWrite create;
  create.kind = CrmWrite::Kind::create;
  create.marker.text = "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001";
  create.attributes = {{"name", "\"From a referral\""}, {kColumn, "\"SOL-1; SOL-2\""}};
  const auto made = WriteOne(create);
  ASSERT_TRUE(made.record.ok()) << Describe(made.record.error());
  EXPECT_EQ(At(*made.record, kColumn), "SOL-1; SOL-2");
  deal = made.record->id.text;
  ASSERT_TRUE(desk->SetSolutions(deal, {"SOL-1", "SOL-2", "SOL-3"}).ok());
  const auto found = crm->FindCreated({kDeal, create.marker});
  ASSERT_TRUE(found.ok() && found->record);
  EXPECT_EQ(At(*found->record, kColumn), "SOL-1; SOL-2; SOL-3");
  EXPECT_EQ(found->related.size(), 2u) << "the third is a person's";
}

}  // namespace
}  // namespace cosell::test
