#pragma once

#include "ports/report_source.h"
#include "store/session.h"

namespace cosell::store {

// What a report is made of, but for how the connections stand. For use inside Session::Read.
void ReadReport(Session& session, const ReportScope& scope, ReportFacts* facts);

}  // namespace cosell::store
