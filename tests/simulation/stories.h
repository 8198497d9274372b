#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tools/simulation/script.h"

namespace cosell::simulation {

// A short history told in words, for crashing it everywhere: what is there before, and what happens
// then. A value.
struct Story {
  std::string name;
  std::vector<Step> before;  // ends at rest
  std::vector<Step> then;    // the round that carries it out is not among these
};

const std::vector<Story>& Stories();
// For GoogleTest's messages.
void PrintTo(const Story& story, std::ostream* out);

// The script of a story; its last step is the round that does the work, so that troubles can be
// bound to it.
Script ScriptOf(const Story& story, sandbox::CrmProduct product);

}  // namespace cosell::simulation
