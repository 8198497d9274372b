#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

// Questions to a person at a terminal. Internal to this room.
namespace cosell::cli {

// What is wrong with an answer; nothing when it is good.
using Objection = std::function<std::optional<std::string>(const std::string& answer)>;

class Questions {
 public:
  // Answers are read from `in`, line by line; questions go to `out`.
  Questions(std::istream& in, std::ostream& out) : in_(in), out_(out) {}

  // Asks until the answer is good; an empty one takes `otherwise`. Throws Failure when there is no
  // more input.
  std::string Ask(const std::string& question, const std::string& otherwise,
                  const Objection& objection);
  bool AskYesNo(const std::string& question, bool otherwise);

 private:
  std::istream& in_;
  std::ostream& out_;
};

// Objections that several questions share.
std::optional<std::string> NotEmpty(const std::string& answer);
std::optional<std::string> HttpsAddress(const std::string& answer);
std::optional<std::string> HttpsAddressOrNone(const std::string& answer);
std::optional<std::string> ConnectionNameForm(const std::string& answer);
// A GUID; for a tenant also a domain name.
std::optional<std::string> GuidForm(const std::string& answer);
std::optional<std::string> TenantForm(const std::string& answer);

}  // namespace cosell::cli
