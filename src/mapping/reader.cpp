#include "mapping/reader.h"

#include "base/nearest.h"
#include "mapping/document.h"

namespace cosell {
namespace {

std::string DidYouMean(const std::string& wrong, const std::vector<std::string>& known) {
  const auto nearest = Nearest(wrong, known);
  return nearest ? "; did you mean '" + *nearest + "'?" : "";
}

}  // namespace

int Reader::LineOf(std::string path) const {
  while (true) {
    const auto line = lines_.find(path);
    if (line != lines_.end()) return line->second;
    const auto dot = path.rfind('.');
    if (dot == std::string::npos) return 0;
    path.resize(dot);
  }
}

void Reader::Problem(const std::string& path, const std::string& text) {
  const int line = LineOf(path);
  const std::string place = line > 0 ? "line " + std::to_string(line) + ": " : "";
  std::string problem = place + (path.empty() ? "(top)" : path) + ": " + text;
  if (std::find(problems_.begin(), problems_.end(), problem) == problems_.end())
    problems_.push_back(std::move(problem));
}

bool Reader::OnlyKeys(const Json& json, const std::string& path,
                      const std::vector<std::string>& allowed) {
  if (!json.is_object()) {
    Problem(path, "must be an object");
    return false;
  }
  for (const auto& item : json.items()) {
    if (std::find(allowed.begin(), allowed.end(), item.key()) != allowed.end()) continue;
    Problem(PathOf(path, item.key()), "is not known here" + DidYouMean(item.key(), allowed) +
                                          "; known: " + Join(allowed, ", "));
  }
  return true;
}

const nlohmann::json& Reader::Object(const Json& json, const std::string& path,
                                     std::string_view key, bool required) {
  static const Json kEmpty = Json::object();
  const auto it = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || it == json.end()) {
    if (required) Problem(PathOf(path, key), "is missing; take it from the built-in mapping");
    return kEmpty;
  }
  if (it->is_object()) return *it;
  Problem(PathOf(path, key), "must be an object");
  return kEmpty;
}

std::string Reader::Text(const Json& json, const std::string& path, std::string_view key,
                         bool required) {
  const auto it = json.find(key);
  if (it == json.end()) {
    if (required) Problem(PathOf(path, key), "is missing");
    return "";
  }
  if (!it->is_string() || it->get_ref<const std::string&>().empty()) {
    Problem(PathOf(path, key), "must be a text that is not empty");
    return "";
  }
  return it->get<std::string>();
}

bool Reader::Flag(const Json& json, const std::string& path, std::string_view key) {
  const auto it = json.find(key);
  if (it == json.end()) return false;
  if (!it->is_boolean()) Problem(PathOf(path, key), "must be true or false");
  return it->is_boolean() && it->get<bool>();
}

std::int64_t Reader::Number(const Json& json, const std::string& path, std::string_view key,
                            std::int64_t min, std::int64_t max) {
  const auto it = json.find(key);
  if (it == json.end()) return 0;
  const std::int64_t number = it->is_number_integer() ? it->get<std::int64_t>() : min - 1;
  if (number >= min && number <= max) return number;
  Problem(PathOf(path, key),
          "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return 0;
}

std::vector<std::string> Reader::Texts(const Json& json, const std::string& path,
                                       std::string_view key) {
  std::vector<std::string> texts;
  const auto it = json.find(key);
  if (it == json.end()) return texts;
  const std::string at = PathOf(path, key);
  if (!it->is_array() || it->empty()) {
    Problem(at, "must be a list of at least one text");
    return texts;
  }
  for (const Json& text : *it) {
    if (text.is_string()) texts.push_back(text.get<std::string>());
    if (!text.is_string()) Problem(at, "must hold texts only");
  }
  return texts;
}

std::vector<std::pair<std::string, std::string>> Reader::Scalars(const Json& json,
                                                                 const std::string& path) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& item : json.items()) {
    if (!item.value().is_primitive()) Problem(PathOf(path, item.key()), "must be a plain value");
    out.emplace_back(item.key(), item.value().dump());
  }
  return out;
}

void Reader::OneOfTexts(const std::vector<std::string>& known, const std::string& text,
                        const std::string& path) {
  if (std::find(known.begin(), known.end(), text) != known.end()) return;
  Problem(path, "'" + text + "' is not one of " + Join(known, ", ") + DidYouMean(text, known));
}

}  // namespace cosell
