#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/view.h"
#include "ports/log.h"

namespace cosell::salesforce {

using SharedView = std::shared_ptr<const View>;

// What is known about the organisation and what is read of it, kept for the client's whole life.
// Safe from any thread.
class Ground {
 public:
  // `overrides` and `rest` as for Discover.
  Ground(Rest& rest, std::map<std::string, std::string> overrides, Log& log);

  // Discovers the organisation where it is not known yet, or again.
  Result<SharedView> Discovered(bool refresh);
  Result<SharedView> Current() { return Discovered(false); }
  void Select(const std::vector<std::string>& columns);
  // The organisation's problems, and the fields that queries had to go without.
  std::vector<std::string> Problems() const;

  // After a read with `used` ended as INVALID_FIELD: whether another read may succeed, because the
  // organisation is described anew (the first time) or the field that `error` names is left out
  // from now on. Each lost field is logged by name.
  bool Heal(const View& used, const Error& error, bool first_time);

 private:
  SharedView Rebuild();
  bool Swap(const View& used);

  Rest& rest_;
  const std::map<std::string, std::string> overrides_;
  Log& log_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Organization> organization_;
  ColumnSplit selected_;
  std::set<std::string> dropped_;
  SharedView view_;
};

// Runs `read` with the current view, and again without the fields that turn out to be hidden.
// `read` takes a const View& and gives a Result.
template <typename Read>
auto WithHealing(Ground& ground, Read read) -> decltype(read(std::declval<const View&>())) {
  constexpr int kFieldsMax = 20;
  for (int attempt = 0;; ++attempt) {
    const auto view = ground.Current();
    if (!view) return view.error();
    auto result = read(**view);
    const bool hidden = !result && result.error().code == kInvalidField;
    if (!hidden || attempt == kFieldsMax || !ground.Heal(**view, result.error(), attempt == 0)) {
      return result;
    }
  }
}

}  // namespace cosell::salesforce
