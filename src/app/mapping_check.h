#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "mapping/mapping.h"
#include "ports/crm.h"
#include "ports/store.h"

// A mapping held against the world: the CRM's own columns, and the values there are.
namespace cosell::app {

struct MappingFinding {
  bool problem = false;  // else a note
  std::string text;      // path, what is wrong and how to mend it
};

// Whether every column exists (else the nearest names), is of a fitting type, may be written,
// is long enough and has the choices that are written; whether what a new record must have is
// filled. Columns of accounts and contacts are not described by the port and not checked.
// `with_leads`: the part for leads too. Pure.
std::vector<MappingFinding> FitToCrm(const Mapping& mapping, const CrmSchema& schema,
                                     bool with_leads);

// The lens check over the values of a connection's stored records.
struct SampledLens {
  std::int64_t records = 0;
  std::vector<MappingFinding> findings;  // names fields and records, never a text of somebody's
};
SampledLens CheckSampledLens(const Mapping& mapping, const CrmSchema& schema, Store& store,
                             const ConnectionName& connection);

}  // namespace cosell::app
