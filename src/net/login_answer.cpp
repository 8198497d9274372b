#include "net/login_answer.h"

#include "base/text.h"
#include "net/url.h"

namespace cosell::net {

std::map<std::string, std::string> QueryParameters(std::string_view query) {
  std::map<std::string, std::string> parameters;
  for (const std::string& pair : Split(query, '&')) {
    const auto equals = pair.find('=');
    const std::string name = UrlDecode(pair.substr(0, equals));
    const std::string value = equals == std::string::npos ? "" : pair.substr(equals + 1);
    if (!name.empty()) parameters.emplace(name, UrlDecode(ReplaceAll(value, "+", " ")));
  }
  return parameters;
}

}  // namespace cosell::net
