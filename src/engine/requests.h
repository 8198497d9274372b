#pragma once

#include <string>

#include "engine/context.h"
#include "model/link.h"

// Steps of a plan -> what the ports send. No remote call, no store.
namespace cosell {

// A step of one link together with everything needed to send it and to record its outcome. A value.
struct Job {
  LinkWork work;  // as it was when planned
  LinkView view;
  Step step;
  Intent intent;
  CrmWrite crm_write;         // CRM steps
  std::string referral_body;  // Partner Center steps: JSON Patch or POST body
};

// Requires a step that fits the view. Fails if a stored snapshot can no longer be read.
Result<Job> MakeJob(EngineContext& context, const LinkWork& work, const LinkView& view,
                    const Step& step, const std::string& cause);

}  // namespace cosell
