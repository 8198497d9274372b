#pragma once

#include "net/http.h"
#include "tools/sandbox/dataverse/router.h"

// POST $batch: parts, change sets, references (contract section 8).
namespace cosell::sandbox::dataverse {

inline constexpr std::size_t kBatchOperationsMax = 1000;

// A malformed batch is answered as a whole with 400 and performs nothing.
net::HttpResponse HandleBatch(Router& router, Database& database, const net::HttpRequest& request);

}  // namespace cosell::sandbox::dataverse
