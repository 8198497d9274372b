#include "base/text.h"
#include "mapping/document.h"
#include "mapping/mapping.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

constexpr const char* kBuiltIn = "the built-in mapping";

// A field's Partner Center side is exactly one of these: naming one takes the inherited other away.
const std::vector<std::string> kSources = {"partner_center", "template", "constant"};

class Merge {
 public:
  Merge(const Document& over, const std::string& source, Origins* origins)
      : over_(over), source_(source), origins_(origins) {}

  void Into(Json* base, const Json& over, const std::string& path) {
    DropOtherSources(base, over);
    for (const auto& item : over.items()) {
      const std::string at = PathOf(path, item.key());
      const auto known = base->find(item.key());
      if (item.value().is_null()) {
        base->erase(item.key());
      } else if (known != base->end() && known->is_object() && item.value().is_object()) {
        Into(&*known, item.value(), at);
      } else {
        (*base)[item.key()] = item.value();
        Mark(item.value(), at);
      }
    }
  }

 private:
  static void DropOtherSources(Json* base, const Json& over) {
    for (const std::string& source : kSources) {
      if (!over.contains(source) || over[source].is_null()) continue;
      for (const std::string& other : kSources) {
        if (other != source) base->erase(other);
      }
    }
  }

  void Mark(const Json& value, const std::string& path) {
    const auto line = over_.lines.find(path);
    if (line != over_.lines.end() && source_ != kBuiltIn)
      (*origins_)[path] = source_ + ":" + std::to_string(line->second);
    if (!value.is_structured()) return;
    std::size_t index = 0;
    for (const auto& item : value.items()) {
      Mark(item.value(), PathOf(path, value.is_array() ? std::to_string(index++) : item.key()));
    }
  }

  const Document& over_;
  const std::string& source_;
  Origins* origins_;
};

std::string TextAt(const Json& root, const char* key) {
  const auto it = root.is_object() ? root.find(key) : root.end();
  return root.is_object() && it != root.end() && it->is_string() ? it->get<std::string>() : "";
}

}  // namespace

Effective OnTopOfBuiltIn(const Document& document, const std::string& source) {
  Effective effective;
  const auto built_in = BuiltInMapping(TextAt(document.root, "crm"));
  if (document.root.is_object() && built_in && TextAt(document.root, "extends") != "nothing") {
    effective.root = Json::parse(*built_in, nullptr, true, true);
    effective.origins[""] = kBuiltIn;
  } else {
    effective.root = Json::object();
    effective.origins[""] = source;
  }
  if (!document.root.is_object()) {
    effective.root = document.root;
    return effective;
  }
  Merge(document, source, &effective.origins).Into(&effective.root, document.root, "");
  const std::string extends = TextAt(effective.root, "extends");
  if (extends == "built-in" || extends == "nothing") effective.root.erase("extends");
  return effective;
}

}  // namespace cosell
