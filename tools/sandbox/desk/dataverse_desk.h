#pragma once

#include <memory>

#include "tools/sandbox/desk/crm_desk.h"

namespace cosell::sandbox {

class DataverseWorld;

// `world` must outlive the desk. Its first person acts.
std::unique_ptr<CrmDesk> MakeDataverseDesk(DataverseWorld& world);

}  // namespace cosell::sandbox
