#pragma once

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

using SharedOrganization = std::shared_ptr<const Organization>;
using SharedView = std::shared_ptr<const View>;

// What is known about the organisation and what is read of it, kept for the client's whole life.
// Safe from any thread.
class Ground {
 public:
  // `rest` as for Discover.
  Ground(Rest& rest, Wanted wanted, Log& log);

  // Discovers the organisation where it is not known yet, or again.
  Result<SharedOrganization> Discovered(bool refresh);
  // What is read of one kind of record. refused for leads where there are none.
  Result<SharedView> ViewOf(RecordKind kind);
  void Select(RecordKind kind, const std::vector<std::string>& columns);
  // The organisation's problems, and the fields that queries had to go without.
  std::vector<std::string> Problems() const;

  // After a read with `used` ended as INVALID_FIELD: whether another read may succeed, because the
  // organisation is described anew (the first time) or the field that `error` names is left out
  // from now on. Each lost field is logged by name.
  bool Heal(const View& used, const Error& error, bool first_time);

 private:
  // What is read of one kind.
  struct Reading {
    RecordKind kind;
    ColumnSplit selected;
    std::set<std::string> dropped;
    SharedView view;  // null where the organisation has no such records
  };
  Reading& Of(RecordKind kind) { return kind == RecordKind::lead ? leads_ : opportunities_; }
  void Take(Organization organization);
  void Rebuild(Reading& reading);
  bool Changed(const View& used, const Reading& reading) const;

  Rest& rest_;
  const Wanted wanted_;
  Log& log_;
  mutable std::mutex mutex_;
  SharedOrganization organization_;
  Reading opportunities_{RecordKind::opportunity, {}, {}, {}};
  Reading leads_{RecordKind::lead, {}, {}, {}};
};

// Runs `read` with the current view of `kind`, and again without the fields that turn out to be
// hidden. `read` takes a const View& and gives a Result.
template <typename Read>
auto WithHealing(Ground& ground, RecordKind kind, Read read)
    -> decltype(read(std::declval<const View&>())) {
  constexpr int kFieldsMax = 20;
  for (int attempt = 0;; ++attempt) {
    const auto view = ground.ViewOf(kind);
    if (!view) return view.error();
    auto result = read(**view);
    const bool hidden = !result && result.error().code == kInvalidField;
    if (!hidden || attempt == kFieldsMax || !ground.Heal(**view, result.error(), attempt == 0)) {
      return result;
    }
  }
}

}  // namespace cosell::salesforce
