#include "crm/rest/exact_json.h"

#include <vector>

namespace cosell::rest {
namespace {

// Builds the document; what it does beyond nlohmann's own builder is to keep a decimal's text.
class ExactBuilder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t, const string_t& text) override {
    return Add(ExactNumber(text));
  }
  bool string(string_t& value) override { return Add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

  Json root;

 private:
  Json* Place(Json value) {
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    Json& member = parent[key_];
    member = std::move(value);
    return &member;
  }
  bool Add(Json value) {
    Place(std::move(value));
    return true;
  }
  bool Open(Json value) {
    open_.push_back(Place(std::move(value)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  std::vector<Json*> open_;
  std::string key_;
};

void Print(const Json& json, std::string& out) {
  if (json.is_binary()) {
    out.append(json.get_binary().begin(), json.get_binary().end());
    return;
  }
  if (!json.is_structured()) {
    out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const bool object = json.is_object();
  out += object ? '{' : '[';
  bool first = true;
  for (const auto& item : json.items()) {
    if (!first) out += ',';
    first = false;
    if (object) out += Json(item.key()).dump() + ":";
    Print(item.value(), out);
  }
  out += object ? '}' : ']';
}

bool TakeDigits(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(end);
  return end > 0;
}

}  // namespace

std::optional<Json> ParseExact(std::string_view text, bool comments) {
  ExactBuilder builder;
  const bool whole =
      Json::sax_parse(text, &builder, nlohmann::detail::input_format_t::json, true, comments);
  if (!whole) return std::nullopt;
  return std::move(builder.root);
}

std::string PrintExact(const Json& json) {
  std::string out;
  Print(json, out);
  return out;
}

Json ExactNumber(std::string_view text) {
  return Json::binary(std::vector<std::uint8_t>(text.begin(), text.end()));
}

bool IsNumber(const Json& json) { return json.is_number() || json.is_binary(); }

bool IsNumberText(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const std::size_t before = text.size();
  if (!TakeDigits(text) || (zero && before - text.size() > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!TakeDigits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!TakeDigits(text)) return false;
  }
  return text.empty();
}

const Json* Find(const Json& json, const std::string& pointer) {
  try {
    const Json::json_pointer place(pointer);
    return json.contains(place) ? &json.at(place) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  }
}

bool Put(Json& json, const std::string& pointer, Json value) {
  try {
    json[Json::json_pointer(pointer)] = std::move(value);
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

bool IsPointer(std::string_view text) {
  try {
    const Json::json_pointer pointer{std::string(text)};
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace cosell::rest
