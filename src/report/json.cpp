#include <charconv>
#include <nlohmann/json.hpp>

#include "report/render.h"
#include "report/topics.h"

namespace cosell::report {
namespace {

using Json = nlohmann::ordered_json;

Json CellAsJson(const Cell& cell, CellType type) {
  if (!cell) return nullptr;
  std::int64_t number = 0;
  const char* end = cell->data() + cell->size();
  const bool whole =
      type == CellType::number && std::from_chars(cell->data(), end, number).ptr == end;
  return whole ? Json(number) : Json(*cell);
}

Json RowAsJson(const Topic& topic, const std::vector<Cell>& row) {
  Json json = Json::object();
  for (std::size_t i = 0; i < row.size(); ++i)
    json[topic.columns[i].key] = CellAsJson(row[i], topic.columns[i].type);
  return json;
}

}  // namespace

std::string RenderJson(const Report& report) {
  Json document = {{"format", 1}};
  for (const Topic& topic : TopicsOf(report)) {
    Json rows = Json::array();
    for (const auto& row : topic.rows) rows.push_back(RowAsJson(topic, row));
    const bool single = topic.key == "report" || topic.key == "chain_head";
    document[topic.key] = !single ? rows : rows.empty() ? Json(nullptr) : rows[0];
  }
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cosell::report
