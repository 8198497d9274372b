#pragma once

#include <string_view>

#include "app/config.h"

// Names as they stand in the file -> members. An unknown or absent name, which the schema's check
// has reported if it is wrong, gives the default. Internal to the configuration.
namespace cosell::app {

Grant GrantOf(std::string_view name);
CrmKind CrmKindOf(std::string_view name);
ConflictPolicy ConflictPolicyOf(std::string_view name);
ReopenPolicy ReopenPolicyOf(std::string_view name);

}  // namespace cosell::app
