#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/sandbox/dataverse/database.h"

// Metadata of tables and columns as JSON objects, complete; what a query shows of them is decided
// elsewhere.
namespace cosell::sandbox::dataverse {

using Json = nlohmann::ordered_json;

Json EntityMetadata(const Table& table, const DataverseSwitches& switches);
Json KeyMetadata(const Table& table, const AlternateKey& key, const DataverseSwitches& switches);
// One per navigation of every lookup.
std::vector<Json> RelationshipMetadata(const Table& table);

// All columns with the members of AttributeMetadata, and, when `type` is given
// ("PicklistAttributeMetadata"), only those of that type with its own members. The name columns of
// lookups and choices are listed too; they have no labels and cannot be selected from rows (3.3).
std::vector<Json> AttributeMetadata(const Table& table, const std::string& type,
                                    const DataverseSwitches& switches);
// The id of the name column of `column`.
std::string NameAttributeId(const Column& column);
bool IsAttributeType(const std::string& type);

// Members that appear only when expanded.
bool IsMetadataNavigation(const std::string& member);

}  // namespace cosell::sandbox::dataverse
