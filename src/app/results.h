#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "engine/engine.h"

// What the commands report, as JSON: the same text whether the daemon or the command line did the
// work. Pure functions.
namespace cosell::app {

// {"connection","run_id","kind","outcome","read","planned","written","failed","conflicts","told",
// "drifting","stopped","reason","error","exit_code","certificate","bases_recovered"}: a sweep, a
// rebuild, or a reviewed plan carried out. The certificate is null, or as app/certificate.h says.
std::string RoundAsJson(const ConnectionName& name, const RoundResult& result);

// {"connection","fingerprint","made_at","links":[{"link","referral_id","crm_id","record_kind",
// "reason","steps":[{"operation","reason","changes":[{"field","before","after","rule","reason"}]}],
// "conflicts":[{"field","base","partner_center","crm","reason"}],"digest","checksum"}]}. Values of
// personal fields (notes, names of people) are part of it: it is the reviewer's document.
// Fingerprint, digest and checksum are what `apply` holds it to (app/plan_file.h).
std::string PlanAsJson(const ConnectionName& name, const Mapping& mapping,
                       const std::vector<PlannedLink>& links, Instant made_at);

// The exit code of design section 5 that a round stands for.
int ExitCodeOf(const RoundResult& result);

// {"connection","id","field","take"}: a person's decision that was taken down.
std::string ResolvedAsJson(const ConnectionName& name, const Resolution& resolution);

// {"connection","retried"}: how many quarantined links are looked at again.
std::string RetriedAsJson(const ConnectionName& name, std::int64_t links);

// {"connection","people","values"}: whose data was erased, and from how many stored values; both 0
// where nothing was known.
std::string ErasedAsJson(const ConnectionName& name, const std::optional<Erasure>& erasure);
// {"connection","allowed"}: how many people are taken in again.
std::string AllowedAsJson(const ConnectionName& name, std::int64_t people);

}  // namespace cosell::app
