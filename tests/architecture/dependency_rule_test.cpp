#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "architecture/include_rules.h"

namespace cosell::architecture {
namespace {

constexpr const char* kTable = R"(
## Other things

| `ghost` | base | not in the section |

## Rooms and arrows

| Room | May include | What it is |
|---|---|---|
| `base` | | values |
| `platform` | base | the operating system |
| `store` | base | SQL |
| `plan` | base | pure |
| `crm/dataverse` | base | an adapter |
| `crm/salesforce` | base | another adapter |

## Threads

| `phantom` | base | not in the section either |
)";

std::vector<std::string> Check(const std::string& path, const std::string& content) {
  return CheckFile(ReadRooms(kTable), path, content);
}

std::string Only(const std::vector<std::string>& wrong) {
  EXPECT_EQ(wrong.size(), 1U);
  return wrong.empty() ? std::string() : wrong.front();
}

TEST(DependencyRuleTest, EveryIncludeOfTheProgramFollowsTheArrows) {
  const std::filesystem::path root = COSELL_SOURCE_DIR;
  std::ifstream file(root / "docs" / "ARCHITECTURE.md", std::ios::binary);
  const std::string markdown((std::istreambuf_iterator<char>(file)),
                             std::istreambuf_iterator<char>());
  const Rooms rooms = ReadRooms(markdown);
  EXPECT_TRUE(rooms.contains("crm/dataverse") && rooms.at("base").empty());
  const TreeReport report = CheckTree(rooms, root / "src");
  EXPECT_GT(report.files, 50U) << "the walk did not find the sources";
  for (const std::string& line : report.wrong) ADD_FAILURE() << line;
}

TEST(DependencyRuleTest, WrongArrowInATreeIsFound) {
  const auto src = std::filesystem::temp_directory_path() /
                   ("cosell-architecture-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directories(src / "crm" / "dataverse");
  std::filesystem::create_directories(src / "base");
  std::ofstream(src / "base" / "text.h") << "#include <string>\n";
  std::ofstream(src / "crm" / "dataverse" / "client.cpp") << "\n#include \"store/db.h\"\n";
  std::ofstream(src / "crm" / "notes.md") << "#include \"store/db.h\"\n";
  const TreeReport report = CheckTree(ReadRooms(kTable), src);
  std::filesystem::remove_all(src);
  EXPECT_EQ(report.files, 2U);
  EXPECT_TRUE(Only(report.wrong)
                  .starts_with("src/crm/dataverse/client.cpp:2: forbidden arrow "
                               "crm/dataverse -> store"));
}

TEST(DependencyRuleTest, TableIsReadFromItsSectionAlone) {
  const Rooms expected{
      {"base", {}},       {"platform", {"base"}},      {"store", {"base"}},
      {"plan", {"base"}}, {"crm/dataverse", {"base"}}, {"crm/salesforce", {"base"}}};
  EXPECT_EQ(ReadRooms(kTable), expected);
}

TEST(DependencyRuleTest, AllowedIncludesPass) {
  EXPECT_TRUE(Check("plan/plan.cpp",
                    "#include \"plan/plan.h\"\n\n#include <vector>\n#include <nlohmann/json.hpp>\n"
                    "#include \"base/text.h\"\n")
                  .empty());
  EXPECT_TRUE(
      Check("platform/lock_posix.cpp", "#include <unistd.h>\n#include <sys/file.h>\n").empty());
  EXPECT_TRUE(Check("store/sqlite.h", "#include <SQLiteCpp/Database.h>\n").empty());
  EXPECT_TRUE(Check("plan/plan.h", "// #include \"store/db.h\"\n").empty());
}

TEST(DependencyRuleTest, WrongArrowIsNamedWithFileAndLine) {
  const std::string wrong =
      Only(Check("plan/plan.cpp", "#include \"base/text.h\"\n\n  #  include \"store/db.h\"\n"));
  EXPECT_EQ(wrong,
            "src/plan/plan.cpp:3: forbidden arrow plan -> store (\"store/db.h\"); "
            "plan may include base");
}

TEST(DependencyRuleTest, AngleBracketsDoNotHideAnArrow) {
  EXPECT_NE(Only(Check("base/text.h", "#include <plan/plan.h>\n")).find("base -> plan"),
            std::string::npos);
}

TEST(DependencyRuleTest, AdaptersOfOneFolderAreRoomsOfTheirOwn) {
  const std::string wrong =
      Only(Check("crm/dataverse/client.cpp", "#include \"crm/salesforce/client.h\"\n"));
  EXPECT_NE(wrong.find("crm/dataverse -> crm/salesforce"), std::string::npos) << wrong;
}

TEST(DependencyRuleTest, LibraryTypesStayOutOfInnerHeaders) {
  for (const char* const header : {"Poco/Net/Context.h", "openssl/evp.h", "SQLiteCpp/Database.h",
                                   "sqlite3.h", "nlohmann/json.hpp", "simdjson.h"}) {
    const std::string line = "#include <" + std::string(header) + ">\n";
    EXPECT_NE(Only(Check("plan/plan.h", line)).find("plan -> library"), std::string::npos)
        << header;
    EXPECT_TRUE(Check("plan/plan.cpp", line).empty()) << header;
  }
}

TEST(DependencyRuleTest, AnInternalHeaderMayShowALibraryAndStaysInItsRoom) {
  const std::string header =
      "#include <simdjson.h>\n// Reading of remote JSON. Internal to this\n// room.\n";
  EXPECT_TRUE(Check("plan/json.h", header).empty());
  const Files files = {{"plan/json.h", header},
                       {"plan/plan.cpp", "#include \"plan/json.h\"\n"},
                       {"store/db.cpp", "\n#include \"plan/json.h\"\n"}};
  EXPECT_EQ(Only(CheckInternal(ReadRooms(kTable), files)),
            "src/store/db.cpp: \"plan/json.h\" is internal to its room");
}

TEST(DependencyRuleTest, OperatingSystemStaysInPlatform) {
  for (const char* const header :
       {"unistd.h", "windows.h", "sys/socket.h", "signal.h", "fcntl.h"}) {
    const std::string line = "#include <" + std::string(header) + ">\n";
    EXPECT_NE(Only(Check("store/files.cpp", line)).find("store -> operating system"),
              std::string::npos)
        << header;
  }
}

TEST(DependencyRuleTest, FileOutsideEveryRoomIsFound) {
  EXPECT_NE(Only(Check("attic/old.cpp", "")).find("no room"), std::string::npos);
  EXPECT_NE(Only(Check("crm/shared.h", "")).find("no room"), std::string::npos);
}

TEST(DependencyRuleTest, QuotedIncludeOfNoRoomIsFound) {
  EXPECT_NE(Only(Check("plan/plan.cpp", "#include \"helper.h\"\n")).find("in no room"),
            std::string::npos);
}

TEST(DependencyRuleTest, TableThatMakesNoSenseIsRefused) {
  EXPECT_THROW(ReadRooms("# Architecture\n"), std::runtime_error);
  EXPECT_THROW(ReadRooms("## Rooms and arrows\n| `a` | b | x |\n"), std::runtime_error);
  EXPECT_THROW(ReadRooms("## Rooms and arrows\n| `a` | b | x |\n| `b` | a | x |\n"),
               std::runtime_error);
}

}  // namespace
}  // namespace cosell::architecture
