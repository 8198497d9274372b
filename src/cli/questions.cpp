#include "cli/questions.h"

#include <algorithm>
#include <iostream>

#include "base/guid.h"
#include "base/text.h"
#include "cli/session.h"
#include "net/url.h"

namespace cosell::cli {

std::string Questions::Ask(const std::string& question, const std::string& otherwise,
                           const Objection& objection) {
  std::string line;
  while (true) {
    out_ << question << (otherwise.empty() ? "" : " [" + otherwise + "]") << ": " << std::flush;
    if (!std::getline(in_, line)) {
      throw Failure{kUsage, "the questions were not answered to the end; nothing was written"};
    }
    std::string answer(Trim(line));
    if (answer.empty()) answer = otherwise;
    const auto wrong = objection(answer);
    if (!wrong) return answer;
    out_ << "  " << *wrong << "\n";
  }
}

bool Questions::AskYesNo(const std::string& question, bool otherwise) {
  const std::string answer = Ask(question, otherwise ? "yes" : "no", [](const std::string& text) {
    const std::string lower = ToLower(text);
    const bool known = lower == "yes" || lower == "y" || lower == "no" || lower == "n";
    return known ? std::nullopt : std::optional<std::string>("yes or no");
  });
  return ToLower(answer).starts_with('y');
}

std::optional<std::string> NotEmpty(const std::string& answer) {
  if (!answer.empty()) return std::nullopt;
  return "an answer is needed";
}

std::optional<std::string> HttpsAddress(const std::string& answer) {
  const auto url = net::ParseUrl(answer);
  const bool origin = url && url->secure() && url->path == "/" && url->query.empty();
  if (origin && !answer.ends_with('/')) return std::nullopt;
  return "an address such as https://contoso.crm.dynamics.com is wanted, without a path";
}

std::optional<std::string> HttpsAddressOrNone(const std::string& answer) {
  return answer.empty() ? std::nullopt : HttpsAddress(answer);
}

std::optional<std::string> ConnectionNameForm(const std::string& answer) {
  const bool plain = std::all_of(answer.begin(), answer.end(), [](char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (!answer.empty() && plain) return std::nullopt;
  return "letters, digits and hyphens; the name stands in addresses";
}

std::optional<std::string> GuidForm(const std::string& answer) {
  if (NormalizeGuid(answer)) return std::nullopt;
  return "a GUID is wanted (Entra, App registrations, Application (client) ID)";
}

std::optional<std::string> TenantForm(const std::string& answer) {
  const bool domain =
      answer.find('.') != std::string::npos && answer.find_first_of(" /\\:@") == std::string::npos;
  if (domain || NormalizeGuid(answer)) return std::nullopt;
  return "the tenant's GUID or one of its domain names is wanted";
}

}  // namespace cosell::cli
