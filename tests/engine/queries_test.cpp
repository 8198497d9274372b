#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <iterator>
#include <set>

#include "base/text.h"
#include "tests/engine/pair_world.h"

// Every query of docs/QUERIES.md, against a database that rounds have filled.
namespace cosell::test {
namespace {

struct Question {
  std::string title;
  std::string sql;
};

// A heading and the block of SQL below it.
std::vector<Question> ReadPage() {
  std::ifstream in(std::string(COSELL_SOURCE_DIR) + "/docs/QUERIES.md", std::ios::binary);
  std::vector<Question> questions;
  bool in_block = false;
  std::string title;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) title = line.substr(3);
    if (line.starts_with("```sql")) questions.push_back({title, ""});
    if (in_block && !line.starts_with("```")) questions.back().sql += line + "\n";
    if (line.starts_with("```")) in_block = !in_block && line == "```sql";
  }
  return questions;
}

EngineOptions AskAboutClosingDates() {
  EngineOptions options;
  options.policy.by_field["closing_date"] = ConflictPolicy::ask;
  return options;
}

class QueriesTest : public PairWorld {
 protected:
  QueriesTest() : PairWorld(AskAboutClosingDates()) {}

  void Fault(sandbox::FaultKind kind, const std::string& service, int status) {
    sandbox::FaultRule rule;
    rule.kind = kind;
    rule.service = service;
    rule.method = "PATCH";
    rule.status = status;
    ASSERT_TRUE(sync_.world().faults().Add(rule));
  }
  // Something of everything the page asks for.
  void Live() {
    SharedPair();
    SellerNotes("Five plants.");
    sync_.Settle();
    BothEditNotes();  // one of the two is kept as lost
    sync_.Settle();
    PartnerNotes("Six plants.");
    Fault(sandbox::FaultKind::drop_after, sync_.crm_service(), 0);
    sync_.Sync();  // written, and the answer lost
    sync_.Pass(std::chrono::seconds(40));
    sync_.Settle();
    sync_.PartnerSets(referral_, "/details/closingDateTime", "2027-01-31T00:00:00Z");
    sync_.SellerSets(opportunity_, {{"closing_date", "2027-02-28"}});
    sync_.Sync();  // a conflict opens
    ResolvedOrFail(Take::crm, "closing_date");
    sync_.Settle();
    sync_.PartnerSets(referral_, "/details/closingDateTime", "2027-03-31T00:00:00Z");
    sync_.SellerSets(opportunity_, {{"closing_date", "2027-04-30"}});
    sync_.Sync();  // and another, which stays
    auto incomplete = sync_.NewDeal("Yard planning pilot");
    incomplete.products.clear();
    incomplete.sync = true;
    sync_.SellerOpens(incomplete);
    sync_.Sync();
    Fault(sandbox::FaultKind::status, "referrals", 400);
    sync_.SellerSets(opportunity_, {{"deal_value", 99000}});
    sync_.Sync();  // refused
  }
};

TEST_P(QueriesTest, EachAnswersFromWhatRoundsHaveLeft) {
  Live();
  const auto questions = ReadPage();
  ASSERT_EQ(questions.size(), 20u);
  SQLite::Database db(sync_.database(), SQLite::OPEN_READONLY);
  // Dataverse tells its ids of requests, Salesforce does not; Partner Center always does.
  for (const Question& question : questions) {
    SCOPED_TRACE(question.title);
    SQLite::Statement statement(db, question.sql);
    int rows = 0;
    std::set<int> filled;  // columns that held something
    while (statement.executeStep()) {
      ++rows;
      for (int i = 0; i < statement.getColumnCount(); ++i) {
        if (!statement.getColumn(i).isNull()) filled.insert(i);
      }
    }
    EXPECT_GT(rows, 0) << question.sql;
    EXPECT_GE(static_cast<int>(filled.size()) * 2, statement.getColumnCount())
        << "most columns say nothing";
  }
}

TEST_P(QueriesTest, NamedSituationsAreFoundByTheirQuestion) {
  Live();
  SQLite::Database db(sync_.database(), SQLite::OPEN_READONLY);
  const auto ask = [&](std::size_t number, int column) {
    SQLite::Statement statement(db, ReadPage().at(number - 1).sql);
    std::set<std::string> found;
    while (statement.executeStep()) found.insert(statement.getColumn(column).getString());
    return found;
  };
  EXPECT_TRUE(ask(4, 2).contains("waiting"));
  EXPECT_EQ(ask(5, 2), std::set<std::string>{"closing_date"});
  EXPECT_TRUE(ask(6, 5).contains("newest_wins"));
  EXPECT_TRUE(ask(7, 2).contains("Six plants."));
  EXPECT_TRUE(ask(9, 5).contains("refused"));
  EXPECT_EQ(ask(10, 4), std::set<std::string>{"adopted"});
  EXPECT_TRUE(ask(17, 3).contains("closing_date"));
  EXPECT_EQ(ask(20, 3), std::set<std::string>{"0"});
}

INSTANTIATE_TEST_SUITE_P(EachCrm, QueriesTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test
