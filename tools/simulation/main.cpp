#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "platform/terminal.h"
#include "tools/simulation/campaign.h"
#include "tools/simulation/service.h"
#include "tools/simulation/teeth.h"

// Exit codes: 0 all held, 1 something did not, 2 wrong usage.
namespace {

using namespace cosell::simulation;

struct Arguments {
  CampaignOptions campaign;
  std::string crm = "both";
  bool replay = false;
  std::vector<int> keep;
  bool json = false;
  std::vector<std::string> sum;
  bool teeth = false;
  bool list_bugs = false;
  std::vector<std::string> plant;
};

std::vector<cosell::sandbox::CrmProduct> ProductsNamed(const std::string& name) {
  std::vector<cosell::sandbox::CrmProduct> products;
  for (const auto& [known, product] : Products()) {
    if (name == known || name == "both") products.push_back(product);
  }
  return products;
}

std::vector<std::string> CrmNames() {
  std::vector<std::string> names = {"both"};
  for (const auto& [name, product] : Products()) names.push_back(name);
  return names;
}

void Declare(CLI::App& app, Arguments& arguments) {
  app.add_option("--seed", arguments.campaign.seed, "the first seed")->capture_default_str();
  app.add_option("--histories", arguments.campaign.histories, "how many seeds from there on")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--crm", arguments.crm, "the CRM in the simulated world; both: in turn")
      ->check(CLI::IsMember(CrmNames()))
      ->capture_default_str();
  app.add_option_function<std::uint64_t>(
      "--replay",
      [&](std::uint64_t seed) {
        arguments.replay = true;
        arguments.campaign.seed = seed;
      },
      "one seed again, with its whole trace");
  app.add_option("--keep", arguments.keep, "with --replay: only these numbers of the script")
      ->delimiter(',');
  app.add_flag("--check-determinism", arguments.campaign.check_determinism,
               "run every history twice and compare the traces");
  app.add_flag("--verbose", arguments.campaign.verbose, "print every trace");
  app.add_flag("--json", arguments.json, "the closing table as one JSON document");
  app.add_option("--sum", arguments.sum, "instead: the table of several such documents")
      ->check(CLI::ExistingFile);
  app.add_flag(
      "--teeth", arguments.teeth,
      "make each planted bug in histories until one breaks a promise, and print the table");
  app.add_option("--plant", arguments.plant,
                 "with --teeth: only these bugs; with --replay: with this one");
  app.add_flag("--list-bugs", arguments.list_bugs, "the names of the planted bugs");
}

std::vector<cosell::PlantedBugEntry> BugsOf(const Arguments& arguments) {
  if (arguments.plant.empty()) return {cosell::kPlantedBugs.begin(), cosell::kPlantedBugs.end()};
  std::vector<cosell::PlantedBugEntry> bugs;
  for (const std::string& name : arguments.plant) bugs.push_back(BugNamed(name));
  return bugs;
}

int ListBugs() {
  for (const auto& bug : cosell::kPlantedBugs) std::cout << bug.name << "\n";
  return 0;
}

int Bite(const Arguments& arguments) {
  TeethOptions options;
  options.seed = arguments.campaign.seed;
  options.histories = arguments.campaign.histories;
  options.products = arguments.campaign.products;
  return ShowTeeth(BugsOf(arguments), options, std::cout) ? 0 : 1;
}

Tally Sum(const std::vector<std::string>& files) {
  std::vector<std::string> documents;
  for (const std::string& file : files) {
    std::ifstream in(file, std::ios::binary);
    documents.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return SumOf(documents);
}

Tally TallyOf(const Arguments& arguments) {
  if (!arguments.sum.empty()) return Sum(arguments.sum);
  if (!arguments.replay) return RunCampaign(arguments.campaign, std::cerr);
  return Replay(arguments.campaign, {arguments.keep.begin(), arguments.keep.end()}, std::cerr);
}

int Simulate(Arguments& arguments) {
  if (arguments.list_bugs) return ListBugs();
  CampaignOptions& campaign = arguments.campaign;
  campaign.products = ProductsNamed(arguments.crm);
  if (arguments.teeth) return Bite(arguments);
  std::optional<Planting> planting;
  if (!arguments.plant.empty()) planting.emplace(BugNamed(arguments.plant.front()).bug);
  campaign.progress = !arguments.json && !arguments.replay && cosell::platform::StderrIsTerminal();
  const Tally tally = TallyOf(arguments);
  std::cout << (arguments.json ? JsonOf(tally) + "\n" : TableOf(tally));
  return tally.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Runs the service through simulated histories and checks what must always hold.",
               "cosell-simulate");
  Declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return Simulate(arguments);
  } catch (const std::exception& error) {
    std::cerr << "cosell-simulate: " << error.what() << "\n";
    return 2;
  }
}
