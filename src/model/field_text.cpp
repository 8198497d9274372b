#include "model/field_text.h"

#include <nlohmann/json.hpp>

namespace cosell {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kGone = "~gone";

Json Parse(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json::object();
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Every record of a sweep goes through here, so no tree is built.
void AppendQuoted(std::string_view text, std::string* out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  *out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (c == '\n') {
      *out += "\\n";
    } else if (byte < 0x20) {
      *out += "\\u00";
      *out += kHex[byte >> 4];
      *out += kHex[byte & 0xf];
    } else {
      *out += c;
    }
  }
  *out += '"';
}

}  // namespace

std::string FieldsAsText(const std::vector<std::pair<std::string_view, const Value*>>& fields) {
  std::string text = "{";
  for (const auto& [name, value] : fields) {
    if (text.size() > 1) text += ',';
    AppendQuoted(name, &text);
    text += ':';
    value->has_value() ? AppendQuoted(**value, &text) : static_cast<void>(text += "null");
  }
  return text + "}";
}

FieldValues FieldsFromText(const std::string& text) {
  FieldValues fields;
  const Json json = Parse(text);
  for (const auto& [name, value] : json.items()) {
    if (value.is_string()) fields[name] = value.get<std::string>();
    if (value.is_null()) fields[name] = std::nullopt;
  }
  return fields;
}

std::string ChangesBetween(const std::string& before, const std::string& after, bool keep_absent) {
  if (before == after) return "";
  const Json old_fields = Parse(before);
  const Json new_fields = Parse(after);
  Json changes = Json::object();
  for (const auto& [name, value] : new_fields.items()) {
    const auto known = old_fields.find(name);
    if (known == old_fields.end() || *known != value) changes[name] = value;
  }
  if (!keep_absent) {
    Json gone = Json::array();
    for (const auto& [name, value] : old_fields.items()) {
      if (!new_fields.contains(name)) gone.push_back(name);
    }
    if (!gone.empty()) changes[kGone] = std::move(gone);
  }
  return changes.empty() ? "" : Dump(changes);
}

std::string ApplyChanges(const std::string& before, const std::string& changes) {
  if (changes.empty()) return before;
  Json fields = Parse(before);
  const Json applied = Parse(changes);
  for (const auto& [name, value] : applied.items()) {
    if (name != kGone) fields[name] = value;
  }
  if (const auto gone = applied.find(kGone); gone != applied.end()) {
    for (const Json& name : *gone) fields.erase(name.get<std::string>());
  }
  return Dump(fields);
}

}  // namespace cosell
