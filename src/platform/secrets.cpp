#include "platform/secrets.h"

#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "platform/files.h"

namespace cosell::platform {
namespace {

constexpr std::size_t kSecretBytesMax = 64 * 1024;

Error Unusable(std::string message) {
  return Error{ErrorKind::invalid_input, std::move(message), {}, 0, {}, {}};
}

std::string WithoutLineEnd(std::string value) {
  if (!value.empty() && value.back() == '\n') value.pop_back();
  if (!value.empty() && value.back() == '\r') value.pop_back();
  return value;
}

// A value Replace could not put where it came from, and what stood there then.
struct Kept {
  std::string instead_of;
  std::string value;
};

class SystemSecrets final : public Secrets {
 public:
  explicit SystemSecrets(Log& log) : log_(log) {}

  Result<std::string> Read(const SecretSource& source) override {
    auto stored = ReadStored(source);
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find(NameOf(source));
    const bool counts =
        kept != kept_.end() && kept->second.instead_of == (stored ? *stored : std::string());
    return counts ? Result<std::string>(kept->second.value) : stored;
  }

  Status Replace(const SecretSource& source, const std::string& value) override {
    if (value.empty()) return Unusable("a secret cannot be replaced by an empty value");
    if (source.file.empty()) {
      Keep(source, value);
      return Done{};
    }
    Status written = WriteFileAtomically(source.file, value + "\n", FileAccess::owner_only);
    if (!written) Keep(source, value);
    return written;
  }

 private:
  static std::string NameOf(const SecretSource& source) {
    if (!source.file.empty()) return "file " + source.file;
    return source.env.empty() ? "literal " + source.literal : "env " + source.env;
  }

  Result<std::string> ReadStored(const SecretSource& source) {
    if (!source.file.empty()) return ReadSecretFile(source.file);
    if (!source.env.empty()) return ReadVariable(source.env);
    if (!source.literal.empty()) return source.literal;
    return Unusable("no secret is configured here; give {\"env\": ...} or {\"file\": ...}");
  }

  static Result<std::string> ReadVariable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    std::string text = WithoutLineEnd(value == nullptr ? "" : value);
    if (!text.empty()) return text;
    return Unusable("the environment variable " + name + " is " +
                    (value == nullptr ? "not set" : "empty") +
                    "; set it for the account this program runs under");
  }

  Result<std::string> ReadSecretFile(const std::string& file) {
    auto content = ReadFile(file, kSecretBytesMax);
    if (!content) return content;
    WarnOnceIfOpen(file);
    std::string text = WithoutLineEnd(*std::move(content));
    if (text.empty()) return Unusable("the secret file " + file + " is empty");
    return text;
  }

  void WarnOnceIfOpen(const std::string& file) {
    if (!IsReadableByOthers(file)) return;
    {
      const std::lock_guard lock(mutex_);
      if (!warned_.insert(file).second) return;
    }
    log_.Warning(
        "a secret file can be read by other accounts; restrict it to its owner (chmod 600)",
        {{"file", file}});
  }

  void Keep(const SecretSource& source, const std::string& value) {
    const auto stored = ReadStored(source);
    const std::lock_guard lock(mutex_);
    kept_[NameOf(source)] = Kept{stored ? *stored : std::string(), value};
  }

  Log& log_;
  std::mutex mutex_;
  std::set<std::string> warned_;
  std::map<std::string, Kept> kept_;
};

}  // namespace

std::unique_ptr<Secrets> MakeSecrets(Log& log) { return std::make_unique<SystemSecrets>(log); }

}  // namespace cosell::platform
