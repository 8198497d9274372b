#pragma once

#include <string>
#include <vector>

#include "app/connection.h"
#include "base/result.h"
#include "engine/engine.h"

// What the commands `sync` and `plan` report, as JSON: the same text whether the daemon or the
// command line did the work.
namespace cosell::app {

// {"connection","kind","outcome","read","planned","written","failed","conflicts","told","stopped","reason","error"}
std::string RoundAsJson(const ConnectionName& name, const RoundResult& result);

// {"connection","links":[{"link","referral_id","crm_id","reason","steps":[{"operation","reason","changes":[{"field","before","after","rule","reason"}]}],
// "conflicts":[...]}]}. Values of personal fields (notes, names of people) are part of it: it is
// the reviewer's document.
std::string PlanAsJson(const ConnectionName& name, const Mapping& mapping,
                       const std::vector<PlannedLink>& links);

// The exit code of design section 5 that a round stands for.
int ExitCodeOf(const RoundResult& result);

// "mass-change", "empty-side", "first-share", "fingerprint"; invalid_input for any other word.
Result<Confirmations> ParseConfirmations(const std::vector<std::string>& words);

}  // namespace cosell::app
