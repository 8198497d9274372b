#pragma once

#include <string_view>

// SQL files that are part of the program (src/store/CMakeLists.txt).
namespace cosell::store {

extern const std::string_view kMigration0001;
extern const std::string_view kMigration0002;   // migrations/0001_initial.sql
extern const std::string_view kVerifyAuditSql;  // schema/verify_audit.sql

}  // namespace cosell::store
