#pragma once

#include <functional>
#include <string>

#include "tools/sandbox/dataverse/reads.h"

namespace cosell::sandbox::dataverse {

// The answer to a question about the columns of `table`: the text `read` makes of them, or what it
// made before for a world of the same options and switches, with this world's metadata ids. A
// program makes many worlds, and every start of a service asks each of them the same. What `read`
// throws is passed on and not kept. The question must be without $filter. Safe from any thread.
std::string AttributesOnce(const ReadContext& context, const Table& table,
                           const std::function<std::string()>& read);

}  // namespace cosell::sandbox::dataverse
