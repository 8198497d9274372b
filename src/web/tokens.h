#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/route.h"

namespace cosell::web {

// The bearer tokens of `server.tokens_file`, a JSON array (comments allowed) of
//   {"name": "grafana", "role": "viewer",   "token_sha256": "<64 hexadecimal digits>"}
//   {"name": "ops",     "role": "operator", "token": "<at least 20 characters>"}
// With the hash the file holds no secret: printf %s TOKEN | sha256sum. One operator entry with the
// token itself is what lets the command line on this machine speak to the daemon; such a file must
// be readable by the service's account only. `name` is for people. A value; never printed.
class Tokens {
 public:
  // invalid_input with every problem of the file in one message; no token is repeated in it.
  static Result<Tokens> Parse(std::string_view text);

  // Role::none for an unknown token. Takes the same time wherever a wrong token differs.
  Role RoleOf(std::string_view token) const;

  // The first operator token that stands in the file itself.
  std::optional<std::string> operator_token() const { return operator_token_; }

 private:
  using Hash = std::array<std::uint8_t, 32>;
  struct Entry {
    Hash hash{};
    Role role = Role::none;
  };
  std::vector<Entry> entries_;
  std::optional<std::string> operator_token_;
};

}  // namespace cosell::web
