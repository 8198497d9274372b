#pragma once

#include "tools/sandbox/salesforce/call.h"

// What an administrator's program changes about the organisation itself: custom fields through the
// Tooling API, and who sees them through permission sets. The contract is silent here; shapes and
// refusals are those of the published API. Throw ServiceError, and then nothing has changed.
namespace cosell::sandbox::salesforce {

// Everything below /tooling: `sobjects/CustomField` (POST) and a `query` of CustomField.
Outcome HandleTooling(Database& database, const Call& call);

// Whether rows of the object grant rights: PermissionSet, PermissionSetAssignment,
// FieldPermissions.
bool GrantsRights(const Table& table);
// POST of such a row; a new field is hidden from everybody until one grants it.
Outcome CreateGrant(Database& database, const Call& call, Table& table);

}  // namespace cosell::sandbox::salesforce
