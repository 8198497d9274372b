#pragma once

#include <set>
#include <string>

#include "engine/context.h"
#include "plan/base.h"

// A field that a changed mapping gives another column, form or meaning has never been agreed on:
// what is kept of the old one would make the new one look edited. Nobody has edited anything, so
// that the two sides meet for the first time in it. Used from the engine's thread.
namespace cosell {

// Fields of the bound mapping that are kept otherwise in the store's bases. None in a database that
// does not know its fields yet.
std::set<std::string> FindRedefined(EngineContext& context);

// Of the view at hand.
void ForgetRedefined(const EngineContext& context, RecordKind kind, Base* base);

// Whether the store knows what its bases' fields meant.
bool KnowsFields(EngineContext& context);

// The mapping is accepted: takes these fields out of every base that is kept, and remembers what
// the fields are now. May be repeated after a crash.
void AcceptRedefined(EngineContext& context);

}  // namespace cosell
