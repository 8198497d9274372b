#pragma once

#include <string>

#include "cli/session.h"

namespace cosell::cli {

// As written on the command line; empty: not given.
struct ReportRequest {
  std::string connection{};
  std::string from{};  // a date or an RFC 3339 time; the 30 days before `to` if not given
  std::string to{};    // likewise, all of it included if a date; now if not given
  std::string format{};
  std::string out_file{};
  bool bom = false;
};

// Prints a report or writes it to a file, read from the database beside the daemon.
int MakeReport(Session& session, const ReportRequest& request);

}  // namespace cosell::cli
