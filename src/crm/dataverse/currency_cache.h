#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/dataverse/table.h"
#include "crm/dataverse/web_api.h"

namespace cosell::dataverse {

// The organisation's currencies, read once and again when a row or a write names one that is not
// known (an administrator has added it meanwhile). Safe from any thread.
class CurrencyCache {
 public:
  explicit CurrencyCache(WebApi& api);
  void Set(Currencies currencies);
  std::shared_ptr<const Currencies> Get() const;
  // Reads the list again. `ids` that are still not in it are remembered as non-existent, so that
  // they are not asked for again.
  Status Learn(const std::vector<std::string>& ids);

 private:
  WebApi& api_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Currencies> currencies_;
};

}  // namespace cosell::dataverse
