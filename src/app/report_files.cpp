#include "app/report_files.h"

#include "platform/files.h"
#include "report/render.h"
#include "store/report_reader.h"

namespace cosell::app {
namespace {

Result<std::string> Render(const report::Report& report, report::Format format,
                           const std::string& file, bool bom) {
  switch (format) {
    case report::Format::csv:
      return report::RenderCsv(report, {bom});
    case report::Format::json:
      return report::RenderJson(report);
    case report::Format::html:
      return report::RenderHtml(report);
    case report::Format::xlsx:
      break;
  }
  return report::RenderXlsx(report, file + ".part");
}

}  // namespace

report::Report MakeReport(const std::string& database_path, const ReportScope& scope) {
  return report::MakeReport(scope, OpenReportSource(database_path)->Read(scope));
}

Status WriteReport(const report::Report& report, report::Format format, const std::string& file,
                   bool bom) {
  const auto content = Render(report, format, file, bom);
  if (!content) return content.error();
  return platform::WriteFileAtomically(file, *content, platform::FileAccess::everyone);
}

}  // namespace cosell::app
