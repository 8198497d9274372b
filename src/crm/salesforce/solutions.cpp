#include "crm/salesforce/solutions.h"

#include <algorithm>
#include <set>

#include "base/record_id.h"
#include "base/text.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/json_rows.h"
#include "crm/salesforce/json_text.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kWhat = "read of the opportunities' solutions";
constexpr std::string_view kLabels[] = {"Microsoft Solution", "Microsoft Solutions",
                                        "Microsoft Partner Center Solution",
                                        "Microsoft Partner Center Solutions"};
constexpr std::string_view kIdentifierLabels[] = {"Solution Identifier", "Solution ID"};

bool IsLabelled(const Object& object) {
  return std::any_of(std::begin(kLabels), std::end(kLabels), [&](std::string_view label) {
    return EqualsIgnoreCase(object.label, label) || EqualsIgnoreCase(object.label_plural, label);
  });
}

bool IsNamed(const ChildRelationship& child, const std::string& name) {
  return EqualsIgnoreCase(child.object, name) ||
         EqualsIgnoreCase(WithoutNamespace(child.object), name);
}

// Describing every child of the opportunity would cost a call each.
bool MayBeSolutions(const ChildRelationship& child) {
  return child.object.ends_with("__c") && !child.name.empty() &&
         ToLower(child.object).find("solution") != std::string::npos;
}

std::string IdentifierOf(const Object& object) {
  for (const std::string_view label : kIdentifierLabels) {
    for (const auto& [name, field] : object.fields) {
      if (EqualsIgnoreCase(Trim(field.label), label)) return name;
    }
  }
  return object.Has("Name") ? "Name" : "";
}

Result<std::optional<Object>> DescribeChild(Rest& rest, const std::string& name) {
  const std::string what = "description of the " + name;
  Request request;
  request.path = "/sobjects/" + name + "/describe";
  const auto answer = rest.Read(request, what);
  if (!answer) {
    const ErrorKind kind = answer.error().kind;
    const bool hidden = kind == ErrorKind::not_found || kind == ErrorKind::forbidden;
    if (hidden) return std::optional<Object>{};
    return answer.error();
  }
  auto object = ParseDescribe(answer->response.body);
  if (!object) return UnreadableAnswer(*answer, what);
  object->name = name;
  return object;
}

void CheckWritable(const SolutionsObject& solutions, std::vector<std::string>& problems) {
  const Field* identifier = solutions.object.Find(solutions.identifier);
  if (identifier != nullptr && identifier->creatable) return;
  problems.push_back("Solutions cannot be written to " + solutions.object.name +
                     ": give the integration user's permission set create and "
                     "delete access to the "
                     "object and edit access to its field " +
                     solutions.identifier);
}

}  // namespace

Result<std::optional<SolutionsObject>> FindSolutions(Rest& rest, const Object& opportunity,
                                                     const std::string& override_name,
                                                     std::vector<std::string>& problems) {
  for (const ChildRelationship& child : opportunity.children) {
    const bool named = !override_name.empty() && IsNamed(child, override_name);
    if (!named && !(override_name.empty() && MayBeSolutions(child))) continue;
    auto object = DescribeChild(rest, child.object);
    if (!object) return object.error();
    if (!*object || (!named && !IsLabelled(**object))) continue;
    SolutionsObject solutions{**object, child.field, IdentifierOf(**object), child.name, ""};
    if (solutions.identifier.empty() || !solutions.object.Has(child.field)) continue;
    CheckWritable(solutions, problems);
    return std::optional(std::move(solutions));
  }
  if (!override_name.empty()) {
    problems.push_back("crm.fields.solutions_object names \"" + override_name +
                       "\", which is no child object of the Opportunity or is hidden from the "
                       "integration user: correct the API name, or give its permission set "
                       "access");
  }
  return std::optional<SolutionsObject>{};
}

Result<std::vector<SolutionRow>> ReadSolutions(Rest& rest, const SolutionsObject& solutions,
                                               const std::vector<std::string>& opportunity_ids,
                                               bool finishes) {
  std::vector<std::string> queries;
  for (const auto& chunk : InListChunks(opportunity_ids)) {
    SelectStatement statement;
    statement.fields = {"Id", solutions.parent_field, solutions.identifier};
    statement.from = solutions.object.name;
    statement.where = In(solutions.parent_field, chunk);
    queries.push_back(Print(statement));
  }
  std::vector<SolutionRow> rows;
  if (queries.empty()) return rows;
  const Status read =
      ForEachRow(rest, queries, kWhat, {.finishes = finishes}, [&](const Json& row) {
        SolutionRow solution{
            TextAt(row, "Id"),
            NormalizeSalesforceId(TextAt(row, solutions.parent_field)).value_or(""),
            std::string(Trim(TextAt(row, solutions.identifier)))};
        if (!solution.identifier.empty()) rows.push_back(std::move(solution));
      });
  if (!read) return read.error();
  return rows;
}

Result<std::vector<std::string>> OpportunitiesOfChangedSolutions(Rest& rest,
                                                                 const SolutionsObject& solutions,
                                                                 Instant since) {
  SelectStatement statement;
  statement.fields = {"Id", solutions.parent_field};
  statement.from = solutions.object.name;
  statement.where = AtLeast("SystemModstamp", since);
  std::set<std::string> ids;
  const QueryMode mode{.deleted_too = true};
  const Status read = ForEachRow(rest, {Print(statement)}, kWhat, mode, [&](const Json& row) {
    if (auto id = NormalizeSalesforceId(TextAt(row, solutions.parent_field))) {
      ids.insert(*std::move(id));
    }
  });
  if (!read) return read.error();
  return std::vector<std::string>(ids.begin(), ids.end());
}

std::string SolutionsValue(std::vector<std::string> identifiers) {
  std::sort(identifiers.begin(), identifiers.end());
  identifiers.erase(std::unique(identifiers.begin(), identifiers.end()), identifiers.end());
  return identifiers.empty() ? "null" : Quoted(Join(identifiers, "; "));
}

}  // namespace cosell::salesforce
