#pragma once

#include <string>

#include "base/result.h"

namespace cosell {

// Where a secret comes from: exactly one member is set. A value; never printed.
struct SecretSource {
  std::string env;      // name of an environment variable
  std::string file;     // absolute path; read again after a failed sign-in and on SIGHUP
  std::string literal;  // accepted with a warning
  bool empty() const { return env.empty() && file.empty() && literal.empty(); }
};

// Resolves secrets. Safe from any thread.
class Secrets {
 public:
  virtual ~Secrets() = default;
  // The current value, without a trailing line end. invalid_input when the variable is unset or the
  // file cannot be read; the message names the variable or file, never the value.
  virtual Result<std::string> Read(const SecretSource& source) = 0;
  // Replaces the content of a `file` secret (a rotated refresh token), atomically and readable by
  // the owner only. For the other kinds it keeps the value in memory for this process.
  virtual Status Replace(const SecretSource& source, const std::string& value) = 0;
};

}  // namespace cosell
