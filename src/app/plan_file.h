#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "engine/person.h"

// The file that `plan --out` writes, a person reads, and `apply` takes: {"made_at","connections":[
// a plan as PlanAsJson (app/results.h) gives it ]}. Pure functions.
namespace cosell::app {

// Over everything a link of the plan shows, whatever its layout or the order of its members: what
// was reviewed is what the digest stands for. `link` is a JSON object; its own "checksum" does not
// count.
std::string LinkChecksum(std::string_view link);

// One connection's part of a reviewed file.
struct ReviewedConnection {
  ConnectionName connection;
  ReviewedPlan reviewed;
};

// Reads a reviewed file. Links may have been taken out of it; a link that says something else than
// when it was planned is refused. invalid_input lists the problems, each with its place
// ("connections[0].links[3].digest"), and how to go on. `file` names it in messages; no value of
// the plan is repeated there.
Result<std::vector<ReviewedConnection>> ParsePlanFile(std::string_view text,
                                                      const std::string& file);

}  // namespace cosell::app
