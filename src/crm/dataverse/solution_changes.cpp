#include "crm/dataverse/solution_changes.h"

#include "crm/dataverse/errors.h"
#include "crm/dataverse/lost_token.h"
#include "crm/dataverse/odata.h"

namespace cosell::dataverse {
namespace {

constexpr std::string_view kWhat = "read of changed solutions";
constexpr const char* kPages = "odata.maxpagesize=5000";
constexpr const char* kTrackedPages = "odata.track-changes,odata.maxpagesize=5000";

// A later position of the two; a link names the latest by being the last.
void Advance(SolutionsPosition& position, const FlatRow& row) {
  if (!row.modified_at) return;
  if (!position.since || *position.since < *row.modified_at) position.since = row.modified_at;
}

}  // namespace

void SolutionParents::Put(const std::string& row, const std::string& opportunity) {
  const std::scoped_lock lock(mutex_);
  opportunities_[row] = opportunity;
}

std::optional<std::string> SolutionParents::Of(const std::string& row) const {
  const std::scoped_lock lock(mutex_);
  const auto found = opportunities_.find(row);
  return found == opportunities_.end() ? std::nullopt : std::optional(found->second);
}

bool SolutionParents::complete() const {
  const std::scoped_lock lock(mutex_);
  return complete_;
}

void SolutionParents::SetComplete() {
  const std::scoped_lock lock(mutex_);
  complete_ = true;
}

SolutionChanges::SolutionChanges(WebApi& api, const SolutionsTable& solutions,
                                 SolutionParents& parents)
    : api_(api),
      solutions_(solutions),
      parents_(parents),
      reader_(*solutions.table, {solutions.parent, "modifiedon"}) {}

Result<SolutionsPosition> SolutionChanges::Begin() {
  const bool tracked = solutions_.table->change_tracking.value_or(true);
  auto answer = AskAll("", tracked ? kTrackedPages : kPages);
  if (!answer && tracked && MeansNoTracking(answer.error())) answer = AskAll("", kPages);
  if (!answer) return answer.error();
  auto all = Take(*std::move(answer), true);
  if (!all) return all.error();
  parents_.SetComplete();
  // With not one row there is no stamp to continue from: the first one will be later than this.
  if (all->next.link.empty() && !all->next.since) all->next.since = Instant{};
  return all->next;
}

Result<SolutionChanges::Delta> SolutionChanges::Since(const SolutionsPosition& position) {
  return position.link.empty() ? Modified(position.since.value_or(Instant{}))
                               : Tracked(position.link);
}

Result<SolutionChanges::Delta> SolutionChanges::Tracked(const std::string& link) {
  if (!api_.IsOwnLink(link)) return Expired("The position belongs to another organisation");
  const bool known = parents_.complete();
  if (!known) {
    // After a start: whose the rows are that may be removed from now on.
    auto answer = AskAll("", kPages);
    if (!answer) return answer.error();
    if (const auto all = Take(*std::move(answer), true); !all) return all.error();
    parents_.SetComplete();
  }
  auto answer = api_.Follow(link, kPages);
  if (!answer || answer->response.status >= 300) {
    const Error error = answer ? ErrorFromAnswer(*answer, Purpose::read, kWhat)
                               : ErrorFromClient(answer.error(), Purpose::read, kWhat);
    return AsLostToken(error);
  }
  auto delta = Take(*std::move(answer), known);
  if (delta && delta->next.link.empty()) delta->next.link = link;
  return delta;
}

Result<SolutionChanges::Delta> SolutionChanges::Modified(Instant since) {
  const bool from_start = since == Instant{};
  const auto filter = from_start ? "" : "modifiedon ge " + FormatSeconds(since - kModifiedOverlap);
  auto answer = AskAll(filter, kPages);
  if (!answer) return answer.error();
  auto delta = Take(*std::move(answer), true);
  if (delta && !delta->next.since) delta->next.since = since;
  if (delta) delta->next.link.clear();
  return delta;
}

Result<net::ApiAnswer> SolutionChanges::AskAll(const std::string& filter,
                                               const std::string& prefer) {
  Query query;
  query.entity_set = solutions_.table->entity_set;
  query.select = reader_.select();
  query.filter = filter;
  return api_.Get(Print(query), kWhat, prefer);
}

Result<SolutionChanges::Delta> SolutionChanges::Take(net::ApiAnswer answer, bool parents_known) {
  Delta delta;
  while (true) {
    std::vector<std::string> currencies;
    const auto page = reader_.ReadPage(answer.response.body, Currencies{}, currencies);
    if (!page) return page.error();
    for (const FlatRow& row : page->rows) {
      Advance(delta.next, row);
      if (const auto before = parents_.Of(row.id)) delta.opportunities.insert(*before);
      if (row.lookups.empty()) continue;
      delta.opportunities.insert(row.lookups.front().id);
      parents_.Put(row.id, row.lookups.front().id);
    }
    for (const std::string& id : page->deleted) {
      const auto parent = parents_.Of(id);
      if (parent) delta.opportunities.insert(*parent);
      // Else it came and went between two reads, unless we were not there to see it come.
      if (!parent && !parents_known) {
        return Expired("Solutions were removed while nobody watched: all deals are read again");
      }
    }
    if (page->next_link.empty()) {
      delta.next.link = page->delta_link;
      return delta;
    }
    if (!api_.IsOwnLink(page->next_link)) return UnreadableAnswer(answer, kWhat);
    auto next = api_.Follow(page->next_link, kPages);
    if (!next) return ErrorFromClient(next.error(), Purpose::read, kWhat);
    if (next->response.status >= 300) {
      return AsLostToken(ErrorFromAnswer(*next, Purpose::read, kWhat));
    }
    answer = *std::move(next);
  }
}

}  // namespace cosell::dataverse
