#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "engine/dry_run.h"

// What a mapping that is not in place yet would write, in numbers. Pure functions.
namespace cosell::app {

// {"connection","mapping_file","links","writes","conflicts","operations":[{"operation","count"}],
// "fields":[{"operation","field","writes","changes":[{"before","after","count","examples":[link
// numbers]}],"others"}]}: per operation and field the most frequent changes with up to three links
// each, and how many more there are. "writes" are remote writes: what `apply` of the plan sends.
std::string PreviewAsJson(const ConnectionName& name, const std::string& mapping_file,
                          const std::vector<PlannedLink>& links);

}  // namespace cosell::app
