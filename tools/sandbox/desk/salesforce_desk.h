#pragma once

#include <memory>

#include "tools/sandbox/desk/crm_desk.h"

namespace cosell::sandbox {

class OutboundMessages;
class SalesforceWorld;

// `world` and `messages` must outlive the desk. The world's first person acts.
std::unique_ptr<CrmDesk> MakeSalesforceDesk(SalesforceWorld& world, OutboundMessages& messages);

}  // namespace cosell::sandbox
