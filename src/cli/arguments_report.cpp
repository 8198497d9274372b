#include <memory>

#include "cli/commands_report.h"
#include "cli/program.h"

namespace cosell::cli {

void AddReport(Program& program) {
  const auto request = std::make_shared<ReportRequest>();
  CLI::App* command = program.Add(
      "report", "what was synced, how fast, what failed, what conflicted, pipeline value");
  command->add_option("CONNECTION", request->connection, "only this one");
  command->add_option("--from", request->from,
                      "a date or a time such as 2026-03-01T08:00:00Z, UTC; 30 days before the end "
                      "if not given");
  command->add_option("--to", request->to,
                      "likewise; of a date all of it is included; now if not given");
  command->add_option("--format", request->format,
                      "csv, json, html or xlsx; not given: as the name of the file ends, else a "
                      "text for reading");
  command->add_option("--out", request->out_file, "write it to this file; a workbook needs one");
  command->add_flag("--bom", request->bom, "csv: begin with a byte order mark");
  program.OnSession(command, [request](Session& session) { return MakeReport(session, *request); });
}

}  // namespace cosell::cli
