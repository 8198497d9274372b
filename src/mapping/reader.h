#pragma once

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mapping/mapping.h"

// Reads members of a JSON document and notes every problem, instead of stopping at the first.
// Internal to this room.
namespace cosell {

template <typename T>
using Names = std::vector<std::pair<std::string_view, T>>;

class Reader {
 public:
  using Json = nlohmann::json;

  explicit Reader(std::map<std::string, int> lines) : lines_(std::move(lines)) {}

  // "line 12: fields.name.crm: TEXT"; the line is that of the path or of what holds it.
  void Problem(const std::string& path, const std::string& text);
  const std::vector<std::string>& problems() const { return problems_; }

  // Unknown keys are problems; false if it is no object at all.
  bool OnlyKeys(const Json& json, const std::string& path, const std::vector<std::string>& allowed);
  // An empty object where it is missing (a problem, if `required`) or none.
  const Json& Object(const Json& json, const std::string& path, std::string_view key,
                     bool required = true);
  std::string Text(const Json& json, const std::string& path, std::string_view key,
                   bool required = true);
  bool Flag(const Json& json, const std::string& path, std::string_view key);
  // 0 where it is missing.
  std::int64_t Number(const Json& json, const std::string& path, std::string_view key,
                      std::int64_t min, std::int64_t max);
  std::vector<std::string> Texts(const Json& json, const std::string& path, std::string_view key);
  // Column -> value as JSON text; plain values only.
  std::vector<std::pair<std::string, std::string>> Scalars(const Json& json,
                                                           const std::string& path);
  void OneOfTexts(const std::vector<std::string>& known, const std::string& text,
                  const std::string& path);

  template <typename T>
  T OneOf(const Json& json, const std::string& path, std::string_view key, const Names<T>& names,
          T fallback, bool required = true) {
    const std::string text = Text(json, path, key, required);
    std::vector<std::string> known;
    for (const auto& [name, value] : names) {
      if (name == text) return value;
      known.emplace_back(name);
    }
    if (!text.empty()) OneOfTexts(known, text, path + "." + std::string(key));
    return fallback;
  }

 private:
  int LineOf(std::string path) const;

  std::map<std::string, int> lines_;
  std::vector<std::string> problems_;
};

// Parts of a mapping. `path` is where the JSON stands. `lead`: the part for leads.
FieldRule ParseField(Reader& reader, const std::string& name, const nlohmann::json& json,
                     const std::string& path);
std::vector<Transform> ParseTransforms(Reader& reader, const nlohmann::json& list,
                                       const std::string& path);
std::vector<Condition> ParseConditions(Reader& reader, const nlohmann::json& when,
                                       const std::string& path);
StatusMap ParseStatus(Reader& reader, const nlohmann::json& status, const std::string& path);
RelatedMap ParseRelated(Reader& reader, const nlohmann::json& json, const std::string& path);
std::vector<RelatedColumn> ParseRelatedColumns(Reader& reader, const nlohmann::json& columns,
                                               const std::string& path, bool of_referral);

}  // namespace cosell
