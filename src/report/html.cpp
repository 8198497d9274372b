#include <algorithm>

#include "report/bar_chart.h"
#include "report/render.h"
#include "report/topics.h"

namespace cosell::report {

extern const std::string_view kReportStyle;  // embedded from report.css

namespace {

std::string ClassOf(CellType type) {
  switch (type) {
    case CellType::text:
      return "text";
    case CellType::id:
      return "id";
    case CellType::number:
    case CellType::money:
      return "number";
    case CellType::time:
      return "time";
  }
  return "text";
}

// "-1234567.8" -> "-1 234 567.8" with narrow spaces that do not break.
std::string Grouped(const std::string& number) {
  constexpr std::string_view kNarrowSpace = "\xE2\x80\xAF";
  const std::size_t begin = number.starts_with('-') ? 1 : 0;
  std::size_t at = std::min(number.find('.'), number.size());
  std::string grouped = number;
  while (at > begin + 3) {
    at -= 3;
    grouped.insert(at, kNarrowSpace);
  }
  return grouped;
}

std::string CellAsHtml(const Cell& cell, const Column& column) {
  const bool number = column.type == CellType::number || column.type == CellType::money;
  const std::string open = "<td class=\"" + ClassOf(column.type) + "\">";
  if (!cell) return open + "<span aria-label=\"none\">\u2013</span></td>";
  if (column.type == CellType::time)
    return open + "<time datetime=\"" + EscapeMarkup(*cell) + "\">" + EscapeMarkup(*cell) +
           "</time></td>";
  return open + EscapeMarkup(number && column.key != "link" ? Grouped(*cell) : *cell) + "</td>";
}

// A page is for reading: a reader would not, and a browser could hardly, go through more.
constexpr std::size_t kRowsMax = 1000;

std::string Caption(const Topic& topic) {
  const std::size_t rows = topic.rows.size();
  if (rows == 1) return topic.title + ": 1 row";
  const std::string all = topic.title + ": " + std::to_string(rows) + " rows";
  return rows <= kRowsMax ? all
                          : all + ", the first " + std::to_string(kRowsMax) +
                                " shown; csv, json and xlsx have all";
}

std::string TableAsHtml(const Topic& topic) {
  std::string html = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                     EscapeMarkup(topic.title) + ", table\">\n<table>\n<caption>" +
                     EscapeMarkup(Caption(topic)) + "</caption>\n<thead><tr>";
  for (const Column& column : topic.columns) {
    html += "<th scope=\"col\" class=\"" + ClassOf(column.type) + "\">" +
            EscapeMarkup(column.title) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t at = 0; at < std::min(topic.rows.size(), kRowsMax); ++at) {
    const auto& row = topic.rows[at];
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) html += CellAsHtml(row[i], topic.columns[i]);
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string SectionAsHtml(const Topic& topic) {
  std::string html = "<section id=\"" + topic.key + "\" aria-labelledby=\"" + topic.key +
                     "-heading\">\n<h2 id=\"" + topic.key + "-heading\">" +
                     EscapeMarkup(topic.title) + "</h2>\n<p class=\"note\">" +
                     EscapeMarkup(topic.note) + "</p>\n";
  if (topic.rows.empty())
    return html + "<p class=\"none\">" + EscapeMarkup(topic.none) + "</p>\n</section>\n";
  for (std::size_t i = 0; i < topic.charts.size(); ++i)
    html += BarChartAsSvg(topic, topic.charts[i], topic.key + "-chart" + std::to_string(i));
  return html + TableAsHtml(topic) + "</section>\n";
}

template <typename Rows, typename Count>
std::int64_t Total(const Rows& rows, Count count) {
  std::int64_t total = 0;
  for (const auto& row : rows) total += count(row);
  return total;
}

std::string Tile(std::int64_t number, const std::string& what) {
  return "<li><b>" + Grouped(std::to_string(number)) + "</b><span>" + what + "</span></li>\n";
}

std::string Tiles(const Report& report) {
  const auto confirmed = Total(report.writes, [](const AuditCount& row) {
    return row.outcome == "done" || row.outcome == "adopted" ? row.count : 0;
  });
  const auto failed = Total(report.failures, [](const FailureCount& row) { return row.count; });
  const auto links =
      Total(report.connections, [](const ConnectionStatus& status) { return status.links; });
  const auto set_aside =
      Total(report.connections, [](const ConnectionStatus& status) { return status.quarantined; });
  return "<ul class=\"tiles\">\n" + Tile(links, "links") + Tile(confirmed, "writes confirmed") +
         Tile(failed, "writes failed") +
         Tile(static_cast<std::int64_t>(report.open_conflicts.size()), "open conflicts") +
         Tile(set_aside, "links set aside") +
         Tile(static_cast<std::int64_t>(report.expiring.size()), "offers unanswered") + "</ul>\n";
}

std::string Contents(const std::vector<Topic>& topics) {
  std::string html = "<nav class=\"toc\" aria-label=\"Topics\"><ul>\n";
  for (const Topic& topic : topics) {
    html += "<li><a href=\"#" + topic.key + "\">" + EscapeMarkup(topic.title) + "</a></li>\n";
  }
  return html + "</ul></nav>\n";
}

}  // namespace

std::string_view ReportStyle() { return kReportStyle; }

std::string RenderHtml(const Report& report) {
  auto topics = TopicsOf(report);
  const std::string& connection = report.scope.connection.text;
  const std::string period =
      FormatSeconds(report.scope.from) + " to " + FormatSeconds(report.scope.to) + ", " +
      (connection.empty() ? "all connections" : "connection " + EscapeMarkup(connection));
  topics.erase(topics.begin());
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<title>cosell-sync report, " +
      period + "</title>\n<style>\n" + std::string(kReportStyle) +
      "</style>\n</head>\n<body>\n<main class=\"report\">\n<h1>Co-sell synchronisation "
      "report</h1>\n"
      "<p class=\"period\">" +
      period + ". Made at " + FormatSeconds(report.scope.now) +
      ". Happenings are those of the period; states are those of that moment. Times are "
      "UTC.</p>\n";
  html += Tiles(report) + Contents(topics);
  for (const Topic& topic : topics) html += SectionAsHtml(topic);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace cosell::report
