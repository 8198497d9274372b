#pragma once

#include <string>

namespace cosell {

// What a rule of the plan, as the audit names it, means in one sentence; the name itself for one
// that is not known here. Pure.
std::string RuleInWords(const std::string& rule);

// "event", "poll", "sweep", "person", ... in words.
std::string CauseInWords(const std::string& cause);

}  // namespace cosell
