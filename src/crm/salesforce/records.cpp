#include "crm/salesforce/records.h"

#include <map>
#include <nlohmann/json.hpp>

#include "crm/salesforce/queries.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

std::string ReadOf(const View& view) { return "read of " + view.synced.nouns(); }

void Append(const View& view, const RowReader& reader, const Page& page,
            const net::ApiAnswer& answer, std::vector<Found>& out) {
  for (const Row& row : page.rows) {
    if (row.deleted) continue;
    out.push_back({view.ToRecord(reader, row, answer.clock_offset), view.HasLineItems(row)});
  }
}

// The rows of some queries, with all their pages.
Result<std::vector<Found>> Collect(Rest& rest, const View& view, const RowReader& reader,
                                   const std::vector<std::string>& queries, bool finishes) {
  std::vector<Found> found;
  const Status ran = RunQueries(rest, queries, ReadOf(view), {.finishes = finishes},
                                [&](const net::ApiAnswer& answer) -> Result<std::string> {
                                  auto page = reader.ReadPage(answer.response.body);
                                  if (!page) return page.error();
                                  const Status added = AddChildRows(rest, view, *page, finishes);
                                  if (!added) return added.error();
                                  Append(view, reader, *page, answer, found);
                                  return page->next;
                                });
  if (!ran) return ran.error();
  return found;
}

Status AddSolutions(Rest& rest, const View& view, const std::vector<std::string>& ids, Page& page,
                    bool finishes) {
  const SolutionsObject& solutions = *view.organization->solutions;
  const auto rows = ReadSolutions(rest, solutions, ids, finishes);
  if (!rows) return rows.error();
  std::map<std::string, std::vector<std::string>> identifiers;
  for (const SolutionRow& each : *rows) {
    identifiers[each.opportunity_id].push_back(each.identifier);
  }
  for (Row& row : page.rows) {
    const auto found = identifiers.find(row.id);
    const std::string text = view.own.ValueOf(row, solutions.products_text);
    const std::string without = text.empty() ? std::string("null") : text;
    view.own.SetComputed(row, solutions.relationship,
                         found == identifiers.end() ? without : SolutionsValue(found->second));
  }
  return Done{};
}

Status AddSalesTeams(Rest& rest, const View& view, const std::vector<std::string>& ids, Page& page,
                     bool finishes) {
  const SalesTeam& team = *view.organization->sales_team;
  const auto teams = ReadSalesTeams(rest, team, ids, finishes);
  if (!teams) return teams.error();
  for (Row& row : page.rows) {
    const auto found = teams->find(row.id);
    view.own.SetComputed(row, team.relationship, found == teams->end() ? "[]" : found->second);
  }
  return Done{};
}

}  // namespace

Status AddChildRows(Rest& rest, const View& view, Page& page, bool finishes) {
  if (!view.reads_solutions() && !view.reads_sales_team()) return Done{};
  std::vector<std::string> ids;
  for (const Row& row : page.rows) {
    if (!row.deleted) ids.push_back(row.id);
  }
  if (view.reads_solutions()) {
    if (const Status added = AddSolutions(rest, view, ids, page, finishes); !added) return added;
  }
  return view.reads_sales_team() ? AddSalesTeams(rest, view, ids, page, finishes) : Status(Done{});
}

Result<std::vector<Found>> Records::Retrieve(const std::vector<std::string>& ids, bool finishes) {
  std::vector<Found> all;
  for (const auto& chunk : InListChunks(ids)) {
    auto found = WithHealing(
        ground_, kind_, [&](const View& view) { return RetrieveChunk(view, chunk, finishes); });
    if (!found) return found.error();
    std::move(found->begin(), found->end(), std::back_inserter(all));
  }
  return all;
}

Result<std::vector<Found>> Records::RetrieveChunk(const View& view,
                                                  const std::vector<std::string>& ids,
                                                  bool finishes) {
  Request request;
  request.method = "POST";
  request.path = "/composite/sobjects/" + view.synced.object.name;
  request.body = nlohmann::json{{"ids", ids}, {"fields", view.own.fields()}}.dump();
  request.finishes = finishes;
  const auto answer = rest_.Read(request, ReadOf(view));
  if (!answer) return answer.error();
  auto page = view.own.ReadRetrieved(answer->response.body);
  if (!page) return page.error();
  if (const Status added = AddChildRows(rest_, view, *page, finishes); !added) return added.error();
  std::vector<Found> found;
  Append(view, view.own, *page, *answer, found);
  return found;
}

Result<std::vector<CrmRecord>> Records::ReadRelated(const std::vector<std::string>& ids) {
  if (ids.empty()) return std::vector<CrmRecord>{};
  const auto found = WithHealing(ground_, kind_, [&](const View& view) {
    std::vector<std::string> queries;
    for (const auto& chunk : InListChunks(ids)) {
      SelectStatement statement;
      statement.fields = view.with_related.select();
      statement.from = view.synced.object.name;
      statement.where = In("Id", chunk);
      queries.push_back(Print(statement));
    }
    return Collect(rest_, view, view.with_related, queries, false);
  });
  if (!found) return found.error();
  std::vector<CrmRecord> records;
  for (const Found& each : *found) records.push_back(each.record);
  return records;
}

Result<std::vector<Found>> Records::FindByReferral(const std::vector<std::string>& markers,
                                                   bool finishes) {
  return WithHealing(ground_, kind_, [&](const View& view) -> Result<std::vector<Found>> {
    const std::string field = view.synced.FieldOf("referral_id");
    if (field.empty() || !view.own.Reads(field)) {
      return Refusal("The " + view.synced.object.name +
                     " has no Referral Identifier field that may be read, so a deal could be made "
                     "twice: `cosell-sync check` tells how to mend it");
    }
    std::vector<std::string> queries;
    for (const auto& chunk : InListChunks(markers)) {
      SelectStatement statement;
      statement.fields = view.own.select();
      statement.from = view.synced.object.name;
      statement.where = In(field, chunk);
      statement.order_by = "CreatedDate, Id";
      queries.push_back(Print(statement));
    }
    return Collect(rest_, view, view.own, queries, finishes);
  });
}

}  // namespace cosell::salesforce
