#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <SQLiteCpp/Exception.h>

namespace cosell::store {

// The file is damaged or no database at all.
class DamagedError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Turns what SQLite reports into an exception for a person: std::logic_error when a rule of the
// schema would be broken (a second link for one referral, an unknown link id), std::runtime_error
// for everything that is wrong with the file (DamagedError), the disk or another program. Names the
// file and the mend. SQLite's texts name tables and columns, never values.
[[noreturn]] void ThrowStoreError(const std::string& path, const SQLite::Exception& error);

// Runs `work`; SQLite's exceptions do not leave it.
template <typename Work>
auto Guarded(const std::string& path, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const SQLite::Exception& error) {
    ThrowStoreError(path, error);
  }
}

}  // namespace cosell::store
