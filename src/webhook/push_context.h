#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace cosell::webhook {

// What is taken from a Dataverse RemoteExecutionContext (contract dynamics365.md section 12.3): a
// hint, and no more. A value.
struct PushContext {
  std::string table;      // PrimaryEntityName, lower case
  std::string record_id;  // PrimaryEntityId, when it is a GUID; else empty
  std::string message;    // MessageName: "Create", "Update", "Delete", "Win", ...
  std::string operation;  // OperationId, when it is a GUID other than all zeros; else empty
  // `modifiedon` of the Target, when it is among the changed columns: whole seconds, as a read
  // shows it. The operation's own time is no use here, since it lies after the change.
  std::optional<Instant> modified_at;
};

// Nothing when the body is not a JSON object with a table and a message. Pure.
std::optional<PushContext> ParsePushContext(std::string_view body);

}  // namespace cosell::webhook
