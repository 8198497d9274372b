#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/time.h"
#include "crm/dataverse/rows.h"
#include "crm/dataverse/solutions.h"

namespace cosell::dataverse {

// Which opportunity each solution row belongs to, as far as it has been read: change tracking names
// a removed row by its id alone (contract section 7). Rows once known are kept, so that a removal
// that is told again is understood again. Safe from any thread.
class SolutionParents {
 public:
  void Put(const std::string& row, const std::string& opportunity);
  std::optional<std::string> Of(const std::string& row) const;
  // Whether every row there is has been put in once.
  bool complete() const;
  void SetComplete();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> opportunities_;
  bool complete_ = false;
};

// How far the changes of the solutions table have been read: the server's delta link, or a time
// where the table does not track changes. A value.
struct SolutionsPosition {
  std::string link;
  std::optional<Instant> since;
  bool operator==(const SolutionsPosition&) const = default;
};

// The opportunities whose solutions changed: their own rows do not tell. Made for one call.
class SolutionChanges {
 public:
  SolutionChanges(WebApi& api, const SolutionsTable& solutions, SolutionParents& parents);

  // The position from now on. Reads every row once.
  Result<SolutionsPosition> Begin();

  struct Delta {
    std::set<std::string> opportunities;
    SolutionsPosition next;
  };
  // cursor_expired when the position is lost, or when a row went away while we were not running, so
  // that nobody knows whose it was.
  Result<Delta> Since(const SolutionsPosition& position);

 private:
  Result<Delta> Tracked(const std::string& link);
  Result<Delta> Modified(Instant since);
  // Follows the pages of an answer to the last one.
  Result<Delta> Take(net::ApiAnswer answer, bool parents_known);
  Result<net::ApiAnswer> AskAll(const std::string& filter, const std::string& prefer);

  WebApi& api_;
  const SolutionsTable& solutions_;
  SolutionParents& parents_;
  RowReader reader_;
};

}  // namespace cosell::dataverse
