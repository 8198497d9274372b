#include "mapping/effective.h"

#include <algorithm>

#include "mapping/document.h"
#include "mapping/mapping.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

bool IsShortList(const Json& value) {
  return value.is_array() && std::none_of(value.begin(), value.end(),
                                          [](const Json& each) { return each.is_structured(); });
}

class Lines {
 public:
  explicit Lines(const Origins& origins) : origins_(origins) {}

  void Add(const Json& value, const std::string& path, const std::string& inherited) {
    const auto own = origins_.find(path);
    const std::string& origin = own == origins_.end() ? inherited : own->second;
    if (!value.is_structured() || value.empty() || IsShortList(value)) {
      lines_.push_back({path, value.dump(), origin});
      return;
    }
    std::size_t index = 0;
    for (const auto& item : value.items())
      Add(item.value(), PathOf(path, value.is_array() ? std::to_string(index++) : item.key()),
          origin);
  }
  std::vector<EffectiveLine> Take() { return std::move(lines_); }

 private:
  const Origins& origins_;
  std::vector<EffectiveLine> lines_;
};

}  // namespace

Result<std::vector<EffectiveLine>> EffectiveLines(std::string_view json,
                                                  const std::string& source) {
  if (const auto parsed = ParseMapping(json, source); !parsed) return parsed.error();
  const auto document = ReadDocument(json, source);
  if (!document) return document.error();
  const Effective effective = OnTopOfBuiltIn(*document, source);
  Lines lines(effective.origins);
  lines.Add(effective.root, "", effective.origins.at(""));
  return lines.Take();
}

}  // namespace cosell
