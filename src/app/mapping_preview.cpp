#include "app/mapping_preview.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kChangesShown = 20;
constexpr std::size_t kExamplesShown = 3;

struct Group {
  std::int64_t count = 0;
  std::vector<std::int64_t> examples;
};

using Place = std::pair<std::string, std::string>;   // operation, field
using Change = std::pair<std::string, std::string>;  // before, after
using Groups = std::map<Place, std::map<Change, Group>>;

void Add(const PlannedLink& link, const Step& step, Groups* groups) {
  for (const FieldChange& change : step.changes) {
    Group& group = (*groups)[{std::string(ToString(step.operation)), change.field}]
                            [{change.before, change.after}];
    ++group.count;
    if (group.examples.size() < kExamplesShown) group.examples.push_back(link.work.link.id);
  }
}

Json ChangesOf(const std::map<Change, Group>& changes, Json* field) {
  std::vector<const std::pair<const Change, Group>*> sorted;
  std::int64_t writes = 0;
  for (const auto& each : changes) {
    sorted.push_back(&each);
    writes += each.second.count;
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->second.count > b->second.count; });
  Json shown = Json::array();
  std::int64_t told = 0;
  for (std::size_t i = 0; i < std::min(sorted.size(), kChangesShown); ++i) {
    const auto& [change, group] = *sorted[i];
    told += group.count;
    shown.push_back({{"before", change.first},
                     {"after", change.second},
                     {"count", group.count},
                     {"examples", group.examples}});
  }
  (*field)["writes"] = writes;
  (*field)["changes"] = std::move(shown);
  (*field)["others"] = writes - told;
  return *field;
}

}  // namespace

std::string PreviewAsJson(const ConnectionName& name, const std::string& mapping_file,
                          const std::vector<PlannedLink>& links) {
  Groups groups;
  std::map<std::string, std::int64_t> operations;
  std::int64_t writes = 0;
  std::int64_t conflicts = 0;
  for (const PlannedLink& link : links) {
    conflicts += static_cast<std::int64_t>(link.plan.conflicts.size());
    for (const Step& step : link.plan.steps) {
      ++writes;
      ++operations[std::string(ToString(step.operation))];
      Add(link, step, &groups);
    }
  }
  Json json = {{"connection", name.text}, {"mapping_file", mapping_file},
               {"links", links.size()},   {"writes", writes},
               {"conflicts", conflicts},  {"operations", Json::array()},
               {"fields", Json::array()}};
  for (const auto& [operation, count] : operations)
    json["operations"].push_back({{"operation", operation}, {"count", count}});
  for (const auto& [place, changes] : groups) {
    Json field = {{"operation", place.first}, {"field", place.second}};
    json["fields"].push_back(ChangesOf(changes, &field));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cosell::app
