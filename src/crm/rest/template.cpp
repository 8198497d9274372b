#include "crm/rest/template.h"

#include "base/text.h"

namespace cosell::rest {
namespace {

// Each piece of plain text goes to `plain`, each name to `name`.
template <typename Plain, typename Name>
void Walk(std::string_view text, Plain plain, Name name) {
  while (true) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return plain(text);
    plain(text.substr(0, open));
    name(std::string(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
}

Error Missing(const std::string& name) {
  Error error;
  error.kind = ErrorKind::refused;
  error.message = "The description file asks for {" + name +
                  "}, which is not given here: name the attribute in the mapping's match, or take "
                  "it out of the query";
  return error;
}

Result<std::string> FillText(std::string_view text, const Values& values, bool encode) {
  std::string out;
  std::string missing;
  Walk(
      text, [&](std::string_view plain) { out += plain; },
      [&](const std::string& name) {
        const auto value = values.find(name);
        if (value == values.end()) {
          missing = name;
        } else {
          out += encode ? UrlEncode(value->second) : value->second;
        }
      });
  if (!missing.empty()) return Missing(missing);
  return out;
}

}  // namespace

std::vector<std::string> PlaceholdersOf(std::string_view text) {
  std::vector<std::string> names;
  Walk(
      text, [](std::string_view) {}, [&](std::string name) { names.push_back(std::move(name)); });
  return names;
}

std::vector<std::string> PlaceholdersOf(const Call& call) {
  std::vector<std::string> names = PlaceholdersOf(call.path);
  for (const auto& [parameter, value] : call.query) {
    for (std::string& name : PlaceholdersOf(value)) names.push_back(std::move(name));
  }
  return names;
}

Result<std::string> Fill(const Call& call, const Values& values, const Query& extra) {
  auto target = FillText(call.path, values, true);
  if (!target) return target;
  char separator = target->find('?') == std::string::npos ? '?' : '&';
  const auto add = [&](const std::string& name, const std::string& value) {
    *target += separator + UrlEncode(name) + "=" + UrlEncode(value);
    separator = '&';
  };
  for (const auto& [name, text] : call.query) {
    const auto value = FillText(text, values, false);
    if (!value) return value.error();
    add(name, *value);
  }
  for (const auto& [name, value] : extra) add(name, value);
  return target;
}

}  // namespace cosell::rest
