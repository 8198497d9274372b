#pragma once

#include <memory>
#include <string_view>

#include "tools/sandbox/dataverse/conditions.h"

// $filter: parsed against one table, so that unknown columns and operands of the wrong type are
// refused (contract section 4.1).
namespace cosell::sandbox::dataverse {

// Throws ServiceError (400 0x80060888) for anything it does not understand.
std::unique_ptr<Condition> ParseFilter(std::string_view expression, const Table& table,
                                       const Database& database);

}  // namespace cosell::sandbox::dataverse
