#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crm/dataverse/batch.h"

// What the co-sell solution consists of (contract cosell-field-mapping.md sections 3.1 and 3.3),
// and the metadata requests that make it. Pure.
namespace cosell::dataverse {

// Our publisher and solution; the prefix may be another one where the publisher exists already.
constexpr std::string_view kPublisher = "cosellsync";
constexpr std::string_view kSolution = "CosellSync";
constexpr std::string_view kPrefix = "cosell";

enum class PartType { text, url, memo, yes_no, choice };

struct PartColumn {
  std::string role;         // "sync"; empty for a column of a table of solutions
  std::string schema_name;  // without prefix: "SyncWithPartnerCenter"
  std::string label;
  PartType type = PartType::text;
  std::size_t length = 100;            // text, url, memo
  std::vector<std::string> choices{};  // choice: labels; yes_no: the labels of no and yes
  std::string description{};
};

// Of the opportunity, or of a lead: what a lead needs to be followed.
std::vector<PartColumn> ColumnsOfDeal();
std::vector<PartColumn> ColumnsOfLead();

// A table of solutions: the rows of an opportunity, or the list sellers choose from.
struct PartTable {
  std::string schema_name;  // without prefix: "MicrosoftSolution"
  std::string label;
  std::string label_plural;
  bool user_owned = true;
  std::vector<PartColumn> columns;  // the first is the primary name
};
PartTable SolutionsOfDeal();
PartTable SolutionCatalogue();

// "cosell_syncwithpartnercenter"
std::string LogicalName(std::string_view prefix, std::string_view schema_name);
// "Audit: multi-line text of 100000 characters"
std::string Describe(const PartColumn& column);

Operation MakePublisher();
Operation MakeSolution(const std::string& publisher_id);
Operation MakeColumn(std::string_view prefix, std::string_view table, const PartColumn& column);
Operation MakeTable(std::string_view prefix, const PartTable& table);
// The lookup of the opportunity on the table of solutions.
Operation MakeLookup(std::string_view prefix, const PartTable& table);
Operation MakePublish(const std::vector<std::string>& tables);

}  // namespace cosell::dataverse
