#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crm/rest/deal_reader.h"
#include "crm/rest/service.h"
#include "ports/log.h"

namespace cosell::rest {

// A deal read by itself, with what its answer said beside it.
struct ReadDeal {
  Deal deal;
  std::string etag;  // the ETag header; may be empty
  std::optional<std::chrono::milliseconds> clock_offset;
};

// Reads deals by id and by marker, and what hangs on them. Borrows everything; safe from any
// thread.
class Records {
 public:
  Records(const Service& service, const Description& description)
      : service_(service), description_(description), reader_(description.deal) {}

  const DealReader& reader() const { return reader_; }

  // Nothing where the deal does not exist or is deleted.
  Result<std::optional<ReadDeal>> Get(const std::string& id) const;
  // The deals that carry the marker and still exist, each read by itself.
  Result<std::vector<ReadDeal>> FindByMarker(const std::string& marker) const;
  // The deals that exist among `ids`.
  Result<std::vector<CrmRecord>> Read(const std::vector<std::string>& ids,
                                      const Selection& selection, bool with_related) const;

 private:
  using Flat = std::map<std::string, std::string>;
  using Seen = std::map<std::string, Json>;  // by target: several deals may have one customer

  Status AddRelated(const RelatedResource& resource, const Deal& deal, const Selection& selection,
                    Seen& seen, Flat& flat) const;
  Result<Json> Behind(const RelatedResource& resource, const Deal& deal, Seen& seen) const;

  const Service& service_;
  const Description& description_;
  const DealReader reader_;
};

// The record in an answer: the member the envelope names, null where it is not there.
Json Unwrapped(const Envelope& envelope, const Json& body);
// The items of a list; an object in its place is the only one. invalid_response for anything else.
Result<std::vector<Json>> ItemsOf(const Json& body, const std::string& pointer,
                                  const std::string& what);

}  // namespace cosell::rest
