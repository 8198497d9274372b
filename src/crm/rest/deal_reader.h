#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/rest/description.h"
#include "crm/rest/exact_json.h"
#include "ports/crm.h"

namespace cosell::rest {

// A deal as the service gave it.
struct Deal {
  std::string id;
  Instant changed_at;
  bool deleted = false;
  Json json;
  std::string etag;     // of the port: "<changed_at>#<digest>"
  std::string version;  // the service's own, for its precondition; may be empty
};

// The columns reads return, split into own ones and dotted ones by their lookup.
struct Selection {
  std::vector<std::string> own;
  std::map<std::string, std::vector<std::string>> related;
};
Selection SelectionOf(const std::vector<std::string>& columns);

// The instant at the front of a port etag; nothing when it is none.
std::optional<Instant> StampOf(const std::string& etag);

// Turns what the service says of a deal into what the port says. Pure; borrows the description.
class DealReader {
 public:
  explicit DealReader(const DealResource& resource) : resource_(resource) {}

  // Digested over every described attribute, so that the etag is the same whether the deal came out
  // of a list or alone. invalid_response, naming the member, for a deal without id or change time.
  Result<Deal> Read(Json json) const;

  // `related`: dotted name -> flat JSON text; nothing is added where it is null.
  CrmRecord ToRecord(const Deal& deal, const Selection& selection,
                     const std::optional<std::chrono::milliseconds>& clock_offset,
                     const std::map<std::string, std::string>* related = nullptr) const;

  // The flat value of an own attribute as JSON text; "null" where it is not described.
  std::string Flat(const Deal& deal, const std::string& attribute) const;
  // The plain text of a role's attribute; empty where there is none.
  std::string RoleText(const Deal& deal, const std::string& role) const;

 private:
  const DealResource& resource_;
};

// The text of an id member (a text or a whole number), as the engine spells ids; empty for anything
// else.
std::string IdOf(const Json& json, const Identity& identity);

}  // namespace cosell::rest
