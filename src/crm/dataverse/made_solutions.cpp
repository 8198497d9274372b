#include "crm/dataverse/made_solutions.h"

#include "base/guid.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/metadata_json.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/performed.h"

namespace cosell::dataverse {

Result<std::vector<PerformedWrite>> FindMadeSolutions(WebApi& api, const Organization& organization,
                                                      const CreateSearch& search,
                                                      const std::string& opportunity_id) {
  constexpr std::string_view kWhat = "search for the solutions a create has made";
  const SolutionsTable& solutions = *organization.solutions;
  Query query;
  query.entity_set = solutions.table->entity_set;
  query.select = "createdon";
  query.filter = "_" + solutions.parent + "_value eq " + opportunity_id +
                 " and _createdby_value eq " + organization.user_id;
  query.orderby = "createdon asc";
  const auto answer = api.Get(Print(query), kWhat);
  if (!answer) return answer.error();
  const Json json = Json::parse(answer->response.body, nullptr, false);
  if (!json.is_object() || !json.contains("value") || !json["value"].is_array()) {
    return UnreadableAnswer(*answer, kWhat);
  }
  std::vector<PerformedWrite> made;
  for (const Json& row : json["value"]) {
    const auto id = NormalizeGuid(TextAt(row, solutions.table->id_column.c_str()));
    const auto created_at = ParseInstant(TextAt(row, "createdon"));
    if (!id || !created_at || !search.MayHaveMade(*created_at, answer->clock_offset)) continue;
    made.push_back(Performed("solution", *id, "create", std::nullopt, 0));
  }
  return made;
}

}  // namespace cosell::dataverse
