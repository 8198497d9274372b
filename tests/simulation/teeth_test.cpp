#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "tools/simulation/service.h"
#include "tools/simulation/teeth.h"

namespace cosell::simulation {
namespace {

namespace fs = std::filesystem;

std::string ReadSource(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Every name behind "Planted(PlantedBug::" in the sources of the service.
std::set<std::string> PlacesInTheSources() {
  static const std::regex place(R"(Planted\(PlantedBug::(\w+)\))");
  std::set<std::string> names;
  for (const auto& file : fs::recursive_directory_iterator(fs::path(COSELL_SOURCE_DIR) / "src")) {
    if (file.path().extension() != ".h" && file.path().extension() != ".cpp") continue;
    const std::string text = ReadSource(file.path());
    for (std::sregex_iterator at(text.begin(), text.end(), place), end; at != end; ++at)
      names.insert((*at)[1]);
  }
  return names;
}

std::set<std::string> NamesInTheTable() {
  std::set<std::string> names;
  for (const PlantedBugEntry& bug : kPlantedBugs) names.emplace(bug.name);
  return names;
}

TEST(PlantedBugTest, EveryBugOfTheTableIsPlantedSomewhere) {
  EXPECT_EQ(PlacesInTheSources(), NamesInTheTable());
}

TEST(PlantedBugTest, TheTableNamesAndExplainsEachBugOnce) {
  EXPECT_GE(kPlantedBugs.size(), 36u);
  EXPECT_EQ(NamesInTheTable().size(), kPlantedBugs.size());
  for (const PlantedBugEntry& bug : kPlantedBugs) {
    EXPECT_FALSE(bug.what.empty()) << bug.name;
    EXPECT_EQ(BugNamed(bug.name).bug, bug.bug);
  }
  EXPECT_THROW(BugNamed("no_such_bug"), std::invalid_argument);
}

#ifdef COSELL_PLANTED_BUGS

// A sample of those that show soon; `tools/simulate --teeth` goes through all.
constexpr const char* kSample[] = {"sync_flag_ignored",
                                   "date_shifted",
                                   "microsofts_part_taken_for_ours",
                                   "loser_not_kept",
                                   "record_marker_missing",
                                   "intent_not_flushed",
                                   "base_before_confirmation",
                                   "base_takes_whole_answer",
                                   "audit_lacks_customers"};
constexpr std::int64_t kHistoriesMax = 60;

class TeethTest : public testing::TestWithParam<const char*> {};

TEST_P(TeethTest, TheBugBreaksAPromise) {
  static const Workshop workshop;
  TeethOptions options;
  options.histories = kHistoriesMax;
  for (const auto& [name, product] : Products()) options.products.push_back(product);
  Hunt({BugNamed(GetParam())}, options, workshop, [](const auto& bug, const Catch& found) {
    EXPECT_TRUE(found.caught) << bug.what << ": not caught in " << found.histories << " histories";
  });
}

INSTANTIATE_TEST_SUITE_P(Sample, TeethTest, testing::ValuesIn(kSample),
                         [](const auto& info) { return std::string(info.param); });

TEST(PlantedBugTest, NoBugIsMadeUnlessOneIsPlanted) {
  for (const PlantedBugEntry& bug : kPlantedBugs) EXPECT_FALSE(Planted(bug.bug)) << bug.name;
  const Planting planting(PlantedBug::loser_not_kept);
  EXPECT_TRUE(Planted(PlantedBug::loser_not_kept));
  EXPECT_FALSE(Planted(PlantedBug::winner_kept_as_loser));
}

#else

TEST(PlantedBugTest, WhatIsShippedCannotBePlanted) {
  for (const PlantedBugEntry& bug : kPlantedBugs) EXPECT_FALSE(Planted(bug.bug)) << bug.name;
  EXPECT_THROW(Planting(PlantedBug::loser_not_kept), std::runtime_error);
}

#endif

}  // namespace
}  // namespace cosell::simulation
