#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "tools/sandbox/dataverse/database.h"

// What an administrator's program changes about the organisation itself: columns, tables,
// relationships, publishers and solutions. The contract is silent here; the shapes are those of the
// published metadata API, the refusals what it documents. Each function throws ServiceError and
// then has changed nothing.
namespace cosell::sandbox::dataverse {

using Json = nlohmann::ordered_json;

// The privilege of a schema change ("prvCreateAttribute"): 403 where our user lacks it.
void RequireSchemaPrivilege(const Database& database, const std::string& privilege);

// POST EntityDefinitions(LogicalName='...')/Attributes. `solution` is the header
// MSCRM.SolutionUniqueName, empty for the default one. Returns the column's metadata id.
std::string CreateColumn(Database& database, const std::string& table, const Json& body,
                         const std::string& solution);
// POST EntityDefinitions. Returns the table's metadata id.
std::string CreateTable(Database& database, const Json& body, const std::string& solution);
// POST RelationshipDefinitions, one to many: a lookup on the referencing table.
std::string CreateRelationship(Database& database, const Json& body, const std::string& solution);
// POST PublishXml: the tables named in ParameterXml are published.
void Publish(Database& database, const Json& body);

// Of a new publisher or solution row: its unique name is free, its prefixes are well formed.
void CheckCustomizationRow(Database& database, const Table& table, const Json& body);

// RetrieveUserPrivileges of our user.
Json UserPrivileges(const Database& database);

// The tables behind publishers and solutions, with the platform's own default rows. Their ids come
// from a source of their own, so that they change nobody's history.
std::vector<Table> CustomizationTables();

}  // namespace cosell::sandbox::dataverse
