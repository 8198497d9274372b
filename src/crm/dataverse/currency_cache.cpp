#include "crm/dataverse/currency_cache.h"

#include "crm/dataverse/metadata.h"

namespace cosell::dataverse {

CurrencyCache::CurrencyCache(WebApi& api)
    : api_(api), currencies_(std::make_shared<const Currencies>()) {}

void CurrencyCache::Set(Currencies currencies) {
  auto shared = std::make_shared<const Currencies>(std::move(currencies));
  const std::scoped_lock lock(mutex_);
  currencies_ = std::move(shared);
}

std::shared_ptr<const Currencies> CurrencyCache::Get() const {
  const std::scoped_lock lock(mutex_);
  return currencies_;
}

Status CurrencyCache::Learn(const std::vector<std::string>& ids) {
  auto read = ReadCurrencies(api_);
  if (!read) return read.error();
  for (const std::string& id : ids) {
    if (!read->CodeOf(id)) read->Add(id, "");
  }
  Set(*std::move(read));
  return Done{};
}

}  // namespace cosell::dataverse
