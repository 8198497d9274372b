#pragma once

#include <string>

#include "story/explain.h"
#include "story/state_at.h"

// Stories in plain words, for a terminal. Pure. Values are shown whole; they may be personal.
namespace cosell {

// "Partner Center", "the CRM".
std::string NameOf(Side side);

std::string ExplanationAsText(const Explanation& told);

// One event in one line, without its time.
std::string EventAsText(const FieldEvent& event);

}  // namespace cosell
