#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/report_files.h"
#include "app/report_period.h"
#include "cli/commands_report.h"
#include "cli/text_table.h"
#include "platform/files.h"
#include "report/render.h"
#include "report/topics.h"

namespace cosell::cli {
namespace {

using report::Format;

ReportScope ScopeOf(Session& session, const ReportRequest& request) {
  auto scope = app::ReportPeriod(request.from, request.to, session.clock().Now());
  if (!scope) throw Failure{kUsage, scope.error().message};
  if (!request.connection.empty()) scope->connection = session.Find(request.connection).name;
  return *scope;
}

// As asked for, else what the file's name says; nothing: text for a person.
std::optional<Format> FormatOf(const Session& session, const ReportRequest& request) {
  const auto point = request.out_file.rfind('.');
  const bool named = request.format.empty() && point != std::string::npos;
  const auto format = report::FormatFromText(
      named ? std::string_view(request.out_file).substr(point + 1) : request.format);
  if (!request.format.empty() && !format)
    throw Failure{kUsage, "--format must be csv, json, html or xlsx"};
  if (!request.out_file.empty() && !format)
    throw Failure{kUsage, "say with --format what '" + request.out_file +
                              "' is to be: csv, json, html or xlsx"};
  if (request.out_file.empty() && format == Format::xlsx)
    throw Failure{kUsage, "a workbook goes to a file: add --out FILE.xlsx"};
  if (request.out_file.empty() && session.json() && format && format != Format::json)
    throw Failure{kUsage, "--json prints one JSON document; leave it out, or add --out FILE"};
  if (request.bom && format != Format::csv) throw Failure{kUsage, "--bom is for --format csv"};
  return session.json() && !format ? Format::json : format;
}

std::string AsText(const report::Report& made) {
  std::string text;
  for (const report::Topic& topic : report::TopicsOf(made)) {
    text += topic.title + "\n";
    std::vector<std::vector<std::string>> rows(1);
    for (const auto& column : topic.columns) rows[0].push_back(column.title);
    for (const auto& row : topic.rows) {
      auto& cells = rows.emplace_back();
      for (const auto& cell : row) cells.push_back(Shorten(cell.value_or("-")));
    }
    text += (topic.rows.empty() ? topic.none + "\n" : FormatTable(rows)) + "\n";
  }
  return text;
}

void Print(const report::Report& made, const std::optional<Format>& format, bool bom) {
  if (!format) {
    std::cout << AsText(made);
  } else if (*format == Format::csv) {
    std::cout << report::RenderCsv(made, {bom});
  } else if (*format == Format::html) {
    std::cout << report::RenderHtml(made);
  } else {
    std::cout << report::RenderJson(made);
  }
}

void WriteTo(const Session& session, const std::string& file, const report::Report& made,
             Format format, bool bom) {
  const auto written = app::WriteReport(made, format, file, bom);
  if (!written) throw Failure{kUsage, written.error().message};
  if (session.json()) {
    std::cout << nlohmann::ordered_json{{"file", file}, {"format", report::ToString(format)}}.dump(
                     2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
              << "\n";
  } else {
    std::cout << "The report is in " << file << ".\n";
  }
}

}  // namespace

int MakeReport(Session& session, const ReportRequest& request) {
  const auto format = FormatOf(session, request);
  const ReportScope scope = ScopeOf(session, request);
  try {
    const report::Report made = app::MakeReport(session.config().database_path, scope);
    if (request.out_file.empty()) {
      Print(made, format, request.bom);
    } else {
      const auto here = platform::ToUtf8(std::filesystem::current_path());
      WriteTo(session, platform::ResolvePath(here, request.out_file), made, *format, request.bom);
    }
  } catch (const std::runtime_error& error) {
    throw Failure{kDatabase, error.what()};
  }
  return kDone;
}

}  // namespace cosell::cli
