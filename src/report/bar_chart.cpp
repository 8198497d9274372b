#include "report/bar_chart.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace cosell::report {
namespace {

constexpr int kLabelHeight = 20;
constexpr int kBarHeight = 16;
constexpr int kGroupGap = 8;
constexpr double kWidest = 72;  // percent; the rest is for the number behind the bar

// For drawing alone.
double SizeOf(const Cell& cell) {
  const double size = cell ? std::strtod(cell->c_str(), nullptr) : 0;
  return std::isfinite(size) ? std::max(size, 0.0) : 0;
}

double Largest(const Topic& topic, const BarChart& chart) {
  double largest = 0;
  for (std::size_t i = 0; i < chart.rows; ++i) {
    for (const std::size_t column : chart.value_columns)
      largest = std::max(largest, SizeOf(topic.rows[chart.first_row + i][column]));
  }
  return largest;
}

// Two decimals, without a locale's comma.
std::string Percent(double size, double largest) {
  const auto hundredths =
      static_cast<long long>(largest > 0 ? std::llround(size / largest * kWidest * 100) : 0);
  std::string decimals = std::to_string(hundredths % 100);
  decimals.insert(0, 2 - decimals.size(), '0');
  return std::to_string(hundredths / 100) + "." + decimals + "%";
}

std::string Bar(const std::string& width, int top, std::size_t series, const std::string& number) {
  return "<rect class=\"bar bar" + std::to_string(series) + "\" x=\"0\" y=\"" +
         std::to_string(top) + "\" width=\"" + width + "\" height=\"" +
         std::to_string(kBarHeight - 3) + "\"/><text class=\"number\" x=\"" + width +
         "\" dx=\"6\" y=\"" + std::to_string(top + kBarHeight - 5) + "\">" + EscapeMarkup(number) +
         "</text>\n";
}

std::string Legend(const Topic& topic, const BarChart& chart) {
  if (chart.value_columns.size() < 2) return "";
  std::string legend = "<p class=\"legend\">";
  for (std::size_t i = 0; i < chart.value_columns.size(); ++i) {
    legend += "<span class=\"key key" + std::to_string(i) + "\"></span>" +
              EscapeMarkup(topic.columns[chart.value_columns[i]].title) + " ";
  }
  return legend + "</p>\n";
}

}  // namespace

std::string EscapeMarkup(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string BarChartAsSvg(const Topic& topic, const BarChart& chart, const std::string& id) {
  const double largest = Largest(topic, chart);
  std::string bars;
  int top = 0;
  for (std::size_t i = 0; i < chart.rows; ++i) {
    const std::size_t row = chart.first_row + i;
    bars += "<text class=\"label\" x=\"0\" y=\"" + std::to_string(top + kLabelHeight - 6) + "\">" +
            EscapeMarkup(LabelOf(topic, chart, row)) + "</text>\n";
    top += kLabelHeight;
    for (std::size_t series = 0; series < chart.value_columns.size(); ++series) {
      const Cell& cell = topic.rows[row][chart.value_columns[series]];
      bars += Bar(Percent(SizeOf(cell), largest), top, series, cell.value_or(""));
      top += kBarHeight;
    }
    top += kGroupGap;
  }
  return "<figure class=\"chart\"><figcaption>" + EscapeMarkup(chart.title) + "</figcaption>\n" +
         Legend(topic, chart) + "<svg class=\"bars\" role=\"img\" width=\"100%\" height=\"" +
         std::to_string(top) + "\" aria-labelledby=\"" + id + "-title " + id +
         "-text\">\n<title id=\"" + id + "-title\">" + EscapeMarkup(chart.title) +
         "</title><desc id=\"" + id + "-text\">The numbers stand in the table below.</desc>\n" +
         bars + "</svg></figure>\n";
}

}  // namespace cosell::report
