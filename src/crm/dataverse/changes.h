#pragma once

#include <cstddef>
#include <string>

#include "crm/dataverse/cursor.h"
#include "crm/dataverse/records.h"
#include "ports/crm.h"
#include "ports/log.h"

namespace cosell::dataverse {

// Change tracking, and what stands in for it where it is not to be had (contract dynamics365.md
// section 7). Made for one call.
class ChangeReader {
 public:
  ChangeReader(WebApi& api, Records& records, SolutionParents& parents, Log& log,
               std::size_t page_size);

  // As Crm::Changes.
  Result<CrmChanges> Next(const std::string& cursor);

 private:
  Result<Cursor> Start();
  Result<Cursor> Resume(const std::string& text);
  Result<CrmChanges> ReadTracked(const Cursor& cursor);
  Result<CrmChanges> ReadModified(const Cursor& cursor);
  Result<net::ApiAnswer> Ask(const Cursor& cursor, const std::string& query);
  Result<CrmChanges> Deliver(const net::ApiAnswer& answer, Page page, Cursor next, bool full);
  // Puts the records whose solutions alone have changed into the last page.
  Status AddChangedSolutions(Page& page, SolutionsPosition& position);
  Status CheckLinks(const Page& page) const;
  std::string PreferFor(const Cursor& cursor) const;

  WebApi& api_;
  Records& records_;
  SolutionParents& parents_;
  Log& log_;
  std::size_t page_size_;
  std::string what_;  // for messages
  std::string columns_;
};

}  // namespace cosell::dataverse
