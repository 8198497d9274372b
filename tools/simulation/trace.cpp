#include "tools/simulation/trace.h"

#include "model/digest.h"

namespace cosell::simulation {

std::string Trace::hash() const { return ContentHash(text_); }

}  // namespace cosell::simulation
