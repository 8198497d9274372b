#include "app/config_read.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "app/config_document.h"
#include "base/text.h"
#include "platform/files.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

const Json kNothing = Json::object();

// Why the address is not one we use; empty when it is. Plain http is refused even on loopback:
// tokens travel on these connections, and one rule without exceptions is the one that holds.
std::string WhyNotHttps(const std::string& url) {
  constexpr std::string_view kScheme = "https://";
  if (!StartsWithIgnoreCase(url, kScheme)) return "must begin with https://";
  const std::string rest = url.substr(kScheme.size());
  const std::string authority = rest.substr(0, rest.find('/'));
  if (authority.empty() || authority.front() == ':') return "names no host";
  if (authority.find('@') != std::string::npos) return "must not hold a user or password";
  if (rest.find_first_of("?#\\ \t\r\n\"<>") != std::string::npos) {
    return "must be https://host, https://host:port, or one of them with a path";
  }
  return {};
}

}  // namespace

Reader::Reader(const Json& value, std::string path, ReadContext& context)
    : value_(value.is_object() ? &value : &kNothing), path_(std::move(path)), context_(&context) {}

const Json* Reader::Find(const std::string& key) const {
  const auto found = value_->find(key);
  return found == value_->end() || found->is_null() ? nullptr : &*found;
}

bool Reader::Has(const std::string& key) const { return Find(key) != nullptr; }

Reader Reader::Member(const std::string& key) const {
  const Json* found = Find(key);
  return Reader(found != nullptr ? *found : kNothing, MemberPath(path_, key), *context_);
}

std::vector<Reader> Reader::Elements(const std::string& key) const {
  std::vector<Reader> elements;
  const Json* found = Find(key);
  if (found == nullptr || !found->is_array()) return elements;
  for (const Json& element : *found) {
    elements.emplace_back(element, ElementPath(MemberPath(path_, key), elements.size()), *context_);
  }
  return elements;
}

std::vector<std::string> Reader::Keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : value_->items()) keys.push_back(key);
  return keys;
}

std::string Reader::Text(const std::string& key, const std::string& otherwise) const {
  const Json* found = Find(key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : otherwise;
}

std::vector<std::string> Reader::Texts(const std::string& key) const {
  std::vector<std::string> texts;
  const Json* found = Find(key);
  if (found == nullptr || !found->is_array()) return texts;
  for (const Json& element : *found) {
    if (element.is_string()) texts.push_back(element.get<std::string>());
  }
  return texts;
}

std::int64_t Reader::Integer(const std::string& key, std::int64_t otherwise) const {
  const Json* found = Find(key);
  return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

double Reader::Number(const std::string& key, double otherwise) const {
  const Json* found = Find(key);
  return found != nullptr && found->is_number() ? found->get<double>() : otherwise;
}

std::string Reader::File(const std::string& key) const {
  return platform::ResolvePath(context_->folder, Text(key));
}

std::vector<std::string> Reader::Files(const std::string& key) const {
  std::vector<std::string> files = Texts(key);
  for (auto& file : files) file = platform::ResolvePath(context_->folder, file);
  return files;
}

SecretSource Reader::Secret(const std::string& key) const {
  SecretSource source;
  source.literal = Text(key);
  if (!source.literal.empty()) {
    Warn(key,
         "the secret itself stands in the file; use {\"env\": \"NAME\"} or {\"file\": \"PATH\"}");
  }
  const Reader object = Member(key);
  source.env = object.Text("env");
  if (source.env.empty()) source.file = object.File("file");
  return source;
}

std::string Reader::Url(const std::string& key, const std::string& otherwise) const {
  std::string url = Text(key, otherwise);
  if (!Has(key)) return url;
  const std::string why = WhyNotHttps(url);
  // An address with a password in it is not repeated.
  const std::string quoted = url.find('@') == std::string::npos ? "\"" + url + "\" " : "";
  if (!why.empty()) {
    Wrong(key, quoted + why + "; wanted: an address such as https://contoso.example");
  }
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

void Reader::Wrong(const std::string& key, const std::string& message) const {
  context_->problems.push_back({MemberPath(path_, key), message});
}

void Reader::Warn(const std::string& key, const std::string& message) const {
  context_->warnings.push_back({MemberPath(path_, key), message});
}

}  // namespace cosell::app
