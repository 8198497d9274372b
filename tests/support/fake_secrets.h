#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "ports/secrets.h"

namespace cosell::test {

// Secrets in memory. A literal is its own value until it is replaced; env and file sources are
// known once Set. Safe from any thread.
class FakeSecrets final : public Secrets {
 public:
  void Set(const SecretSource& source, std::string value) {
    const std::lock_guard lock(mutex_);
    values_[Name(source)] = std::move(value);
  }
  // From now on Replace fails, as on a full disk.
  void FailReplace() {
    const std::lock_guard lock(mutex_);
    replace_fails_ = true;
  }
  // Called after each successful Replace, with the new value.
  void OnReplace(std::function<void(const std::string&)> observer) {
    const std::lock_guard lock(mutex_);
    on_replace_ = std::move(observer);
  }
  int reads() const {
    const std::lock_guard lock(mutex_);
    return reads_;
  }

  Result<std::string> Read(const SecretSource& source) override {
    const std::lock_guard lock(mutex_);
    ++reads_;
    const auto found = values_.find(Name(source));
    if (found != values_.end()) return found->second;
    if (!source.literal.empty()) return source.literal;
    return Error{.kind = ErrorKind::invalid_input, .message = Name(source) + " is not set"};
  }
  Status Replace(const SecretSource& source, const std::string& value) override {
    const std::lock_guard lock(mutex_);
    if (replace_fails_) {
      return Error{.kind = ErrorKind::invalid_input, .message = Name(source) + " is read-only"};
    }
    values_[Name(source)] = value;
    if (on_replace_) on_replace_(value);
    return Done{};
  }

 private:
  static std::string Name(const SecretSource& source) {
    if (!source.env.empty()) return "env " + source.env;
    if (!source.file.empty()) return "file " + source.file;
    return "literal " + source.literal;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> values_;
  std::function<void(const std::string&)> on_replace_;
  bool replace_fails_ = false;
  int reads_ = 0;
};

}  // namespace cosell::test
