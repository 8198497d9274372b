#pragma once

#include <optional>
#include <string>

#include "ports/log.h"
#include "ports/secrets.h"

namespace cosell::net {

// Internal to net: the refresh token of one identity, over its rotations. A rotated one that cannot
// be stored is kept in memory and used in the stored one's place, until it is refused or somebody
// signs in anew. Not safe from several threads: its sign-in guards it.
class RefreshToken {
 public:
  // `secrets` and `log` must outlive this.
  RefreshToken(SecretSource source, Secrets& secrets, Log& log);

  // The one to send. Errors as Secrets::Read.
  Result<std::string> Current();
  // Stores the one that came with the answer to what Current() gave; empty for none. To be called
  // before anybody uses what else came with it: the old one may die.
  void Keep(const std::string& rotated);
  // Drops the one in memory: it was refused, so perhaps the stored one is good again.
  void ForgetUnsaved();

 private:
  // A rotated refresh token that could not be stored, in place of the one read from its source.
  struct Unsaved {
    std::string stored;  // what the source held; when that changes, somebody has signed in anew
    std::string token;
  };

  const SecretSource source_;
  Secrets& secrets_;
  Log& log_;
  std::string stored_;  // what the source held when Current() was last asked
  std::optional<Unsaved> unsaved_;
};

}  // namespace cosell::net
