#include "app/config_schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "app/config_document.h"
#include "base/nearest.h"
#include "base/text.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// --- Words for what valijson found. It decides whether the document is valid; where it points, the
// one schema node and the one value are compared again to say what is wrong there.

// "; did you mean "sweep_interval_s"?", or nothing.
std::string DidYouMean(const std::string& wrong, const std::vector<std::string>& known) {
  const auto nearest = Nearest(wrong, known);
  return nearest ? "; did you mean \"" + *nearest + "\"?" : "";
}

std::string_view TypeName(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  if (value.is_string()) return "a text";
  if (value.is_boolean()) return "true or false";
  if (value.is_null()) return "null";
  return value.is_number_integer() ? "a whole number" : "a number";
}

std::string_view WantedName(const std::string& type) {
  if (type == "object") return "an object";
  if (type == "array") return "a list";
  if (type == "string") return "a text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  return type == "null" ? "null" : "true or false";
}

bool HasType(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == "null" ? value.is_null() : value.is_boolean();
}

std::vector<std::string> Types(const Json& schema) {
  if (!schema.contains("type")) return {};
  if (schema["type"].is_string()) return {schema["type"].get<std::string>()};
  return schema["type"].get<std::vector<std::string>>();
}

std::vector<std::string> Keys(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

// A schema node beside the value it describes.
class Place {
 public:
  Place(const Json& root_schema, const Json& schema, const Json& value, std::string path)
      : root_(root_schema), schema_(Follow(schema)), value_(value), path_(std::move(path)) {}

  // Where a step of valijson's path ("[key]" or "[3]") leads; nothing where no schema stands.
  std::optional<Place> Step(const std::string& step) const {
    if (value_.is_array()) return Element(step);
    if (!value_.is_object()) return std::nullopt;
    const std::string key = step.substr(1, step.size() - 2);
    const Json* schema = MemberSchema(key);
    if (schema == nullptr || !value_.contains(key)) return std::nullopt;
    return Place(root_, *schema, value_[key], MemberPath(path_, key));
  }

  // What is wrong at this very place, apart from its members.
  std::vector<ConfigProblem> Problems() const {
    std::vector<ConfigProblem> found;
    const auto types = Types(schema_);
    const bool typed =
        types.empty() || std::any_of(types.begin(), types.end(),
                                     [&](const auto& type) { return HasType(value_, type); });
    if (!typed) {
      Say(found,
          "must be " + WantedTypes(types) + ", and is " + std::string(TypeName(value_)) + Mend());
      return found;
    }
    if (schema_.contains("enum")) CheckEnum(found);
    if (value_.is_object()) CheckObject(found);
    if (value_.is_array()) CheckArray(found);
    if (value_.is_string()) CheckText(found);
    if (value_.is_number()) CheckNumber(found);
    return found;
  }

 private:
  const Json& Follow(const Json& schema) const {
    if (!schema.contains("$ref")) return schema;
    return root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
  }

  std::optional<Place> Element(const std::string& step) const {
    const std::size_t index = std::stoul(step.substr(1));
    if (!schema_.contains("items") || index >= value_.size()) return std::nullopt;
    return Place(root_, schema_["items"], value_[index], ElementPath(path_, index));
  }

  const Json* MemberSchema(const std::string& key) const {
    if (schema_.contains("properties") && schema_["properties"].contains(key)) {
      return &schema_["properties"][key];
    }
    const bool open =
        schema_.contains("additionalProperties") && schema_["additionalProperties"].is_object();
    return open ? &schema_["additionalProperties"] : nullptr;
  }

  void CheckEnum(std::vector<ConfigProblem>& found) const {
    const Json& allowed = schema_["enum"];
    if (std::find(allowed.begin(), allowed.end(), value_) != allowed.end()) return;
    if (!value_.is_string()) return Say(found, "must be a text" + Mend());
    const auto names = allowed.get<std::vector<std::string>>();
    Say(found, "\"" + value_.get<std::string>() + "\" is not one of " + Join(names, ", ") +
                   DidYouMean(value_.get<std::string>(), names));
  }

  void CheckObject(std::vector<ConfigProblem>& found) const {
    const Json properties = schema_.value("properties", Json::object());
    for (const auto& key : schema_.value("required", std::vector<std::string>{})) {
      if (value_.contains(key)) continue;
      const Json& missing = Follow(properties[key]);
      found.push_back({MemberPath(path_, key), "is missing: " + missing.value("description", "")});
    }
    for (const auto& key : Keys(value_)) {
      if (MemberSchema(key) != nullptr || !schema_.contains("additionalProperties")) continue;
      const auto known = Keys(properties);
      found.push_back({MemberPath(path_, key), "is not a known key" + DidYouMean(key, known) +
                                                   "; known here: " + Join(known, ", ")});
    }
    const bool one = schema_.value("maxProperties", value_.size()) >= value_.size() &&
                     schema_.value("minProperties", std::size_t{0}) <= value_.size();
    if (!one) Say(found, "must have exactly one of " + Join(Keys(properties), ", ") + Mend());
  }

  void CheckArray(std::vector<ConfigProblem>& found) const {
    if (value_.size() < schema_.value("minItems", std::size_t{0}))
      Say(found, "must not be empty" + Mend());
    if (!schema_.value("uniqueItems", false)) return;
    if (std::set<Json>(value_.begin(), value_.end()).size() < value_.size()) {
      Say(found, "has an element twice; remove one");
    }
  }

  void CheckText(std::vector<ConfigProblem>& found) const {
    const auto& text = value_.get_ref<const std::string&>();
    if (text.size() < schema_.value("minLength", std::size_t{0})) {
      return Say(found, "must not be empty" + Mend());
    }
    if (!schema_.contains("pattern")) return;
    if (std::regex_search(text, std::regex(schema_["pattern"].get<std::string>()))) return;
    Say(found, "\"" + text + "\" will not do" + Mend());
  }

  void CheckNumber(std::vector<ConfigProblem>& found) const {
    const double number = value_.get<double>();
    const bool low = schema_.contains("minimum") && number < schema_["minimum"].get<double>();
    const bool high = schema_.contains("maximum") && number > schema_["maximum"].get<double>();
    if (low || high) Say(found, value_.dump() + " is too " + (low ? "small" : "large") + Mend());
  }

  static std::string WantedTypes(const std::vector<std::string>& types) {
    std::vector<std::string> names;
    for (const auto& type : types) names.emplace_back(WantedName(type));
    return Join(names, " or ");
  }

  std::string Mend() const {
    const std::string description = schema_.value("description", "");
    return description.empty() ? "" : "; wanted: " + description;
  }

  void Say(std::vector<ConfigProblem>& found, std::string message) const {
    found.push_back({path_, std::move(message)});
  }

  const Json& root_;
  const Json& schema_;
  const Json& value_;
  std::string path_;
};

std::vector<ConfigProblem> Explain(const Json& schema, const Json& document,
                                   const std::vector<std::string>& steps) {
  std::optional<Place> place(std::in_place, schema, schema, document, "");
  for (std::size_t i = 1; i < steps.size(); ++i) {  // steps[0] is the root
    auto next = place->Step(steps[i]);
    if (!next) break;
    place.emplace(std::move(*next));
  }
  return place->Problems();
}

void AddNew(std::vector<ConfigProblem>& problems, const std::vector<ConfigProblem>& found) {
  for (const auto& problem : found) {
    if (std::find(problems.begin(), problems.end(), problem) == problems.end()) {
      problems.push_back(problem);
    }
  }
}

}  // namespace

std::vector<ConfigProblem> CheckAgainstSchema(const Json& document, std::string_view schema_text) {
  const Json schema_document = Json::parse(schema_text);
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(Adapter(schema_document), schema);
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(schema, Adapter(document), &results)) return {};

  std::vector<ConfigProblem> problems;
  std::string last;
  for (const auto& error : results) {
    AddNew(problems, Explain(schema_document, document, error.context));
    last = error.description;
  }
  if (problems.empty()) problems.push_back({"", last});
  return problems;
}

}  // namespace cosell::app
