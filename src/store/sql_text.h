#pragma once

#include <string_view>

// SQL files that are part of the program (src/store/CMakeLists.txt).
namespace cosell::store {

extern const std::string_view kMigration0001;   // migrations/0001_initial.sql
extern const std::string_view kMigration0002;   // migrations/0002_decisions.sql
extern const std::string_view kMigration0003;   // migrations/0003_proof.sql
extern const std::string_view kMigration0004;   // migrations/0004_generations.sql
extern const std::string_view kMigration0005;   // migrations/0005_write_time.sql
extern const std::string_view kVerifyAuditSql;  // schema/verify_audit.sql

}  // namespace cosell::store
