#include <optional>

#include "mapping/document.h"
#include "mapping/normalize.h"
#include "mapping/reader.h"

namespace cosell {
namespace {

using Json = nlohmann::json;
using Parse = Transform (*)(Reader&, const Json&, const std::string&);

// Of a transform: the key it is known by, what else it may say, and how it is read.
struct Form {
  std::vector<std::string> keys;
  Parse parse;
};

std::optional<std::string> OptionalText(Reader& reader, const Json& json, const std::string& path,
                                        const char* key) {
  if (!json.contains(key)) return std::nullopt;
  return reader.Text(json, path, key);
}

Transform ParseMap(Reader& reader, const Json& json, const std::string& path) {
  ValueMap map;
  for (const auto& item : reader.Object(json, path, "map").items()) {
    const std::string at = PathOf(path + ".map", item.key());
    if (!item.value().is_string()) {
      reader.Problem(at, "must be a text: the CRM's word for the referral's");
    } else {
      map.to_crm[item.key()] = item.value().get<std::string>();
    }
  }
  map.crm_default = OptionalText(reader, json, path, "default_in_crm");
  map.referral_default = OptionalText(reader, json, path, "default_in_referral");
  return map;
}

Transform ParseTrim(Reader& reader, const Json& json, const std::string& path) {
  using Where = TrimBlanks::Where;
  const Names<Where> kPlaces = {
      {"start", Where::start}, {"end", Where::end}, {"both", Where::both}, {"all", Where::all}};
  return TrimBlanks{reader.OneOf(json, path, "trim", kPlaces, Where::both)};
}

Transform ParseCase(Reader& reader, const Json& json, const std::string& path) {
  return LetterCase{reader.OneOf(json, path, "case", {{"upper", true}, {"lower", false}}, true)};
}

Transform ParseLimit(Reader& reader, const Json& json, const std::string& path) {
  return LengthLimit{static_cast<std::size_t>(reader.Number(json, path, "limit", 1, 1'000'000))};
}

Transform ParsePart(Reader& reader, const Json& json, const std::string& path) {
  TakePart part{reader.Text(json, path, "split"), 1};
  if (json.contains("part"))
    part.part = static_cast<int>(reader.Number(json, path, "part", -100, 100));
  if (part.part == 0) reader.Problem(path + ".part", "counts from 1, or from -1 at the end");
  return part;
}

// A factor is a text so that no digit of it is lost: "1000", "0.01".
Transform ParseUnit(Reader& reader, const Json& json, const std::string& path) {
  const auto factor = NormalizeDecimal(reader.Text(json, path, "unit"));
  if (!factor || *factor == "0" || factor->front() == '-' || factor->size() > 20)
    reader.Problem(path + ".unit", "must be a number above zero as text, such as \"1000\"");
  return UnitFactor{factor.value_or("1"),
                    static_cast<int>(reader.Number(json, path, "decimals", 0, 10))};
}

std::optional<int> MinutesOf(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return std::nullopt;
  const int hours = (text[0] - '0') * 10 + text[1] - '0';
  const int minutes = (text[3] - '0') * 10 + text[4] - '0';
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

Transform ParseTime(Reader& reader, const Json& json, const std::string& path) {
  TimeOfDay time;
  const auto at = MinutesOf(reader.Text(json, path, "time"));
  if (!at) reader.Problem(path + ".time", "must be a time of day such as \"09:00\"");
  time.minute_of_day = at.value_or(0);
  const std::string offset =
      json.contains("utc_offset") ? reader.Text(json, path, "utc_offset") : "+00:00";
  const bool sign = offset.starts_with('+') || offset.starts_with('-');
  const auto distance = sign ? MinutesOf(std::string_view(offset).substr(1)) : std::nullopt;
  if (!distance)
    reader.Problem(path + ".utc_offset", "must be a distance from UTC such as \"+01:00\"");
  time.utc_offset_minutes = distance.value_or(0) * (offset.starts_with('-') ? -1 : 1);
  return time;
}

const std::vector<Form>& Forms() {
  static const std::vector<Form> kForms = {
      {{"map", "default_in_crm", "default_in_referral"}, ParseMap},
      {{"trim"}, ParseTrim},
      {{"case"}, ParseCase},
      {{"limit"}, ParseLimit},
      {{"split", "part"}, ParsePart},
      {{"unit", "decimals"}, ParseUnit},
      {{"time", "utc_offset"}, ParseTime}};
  return kForms;
}

std::string KnownForms() {
  std::vector<std::string> names;
  for (const Form& form : Forms()) names.push_back(form.keys.front());
  return Join(names, ", ");
}

}  // namespace

std::vector<Transform> ParseTransforms(Reader& reader, const Json& list, const std::string& path) {
  std::vector<Transform> transforms;
  if (!list.is_array()) {
    reader.Problem(path, "must be a list, in the order of the way to the CRM");
    return transforms;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = PathOf(path, std::to_string(i));
    const auto form = std::find_if(Forms().begin(), Forms().end(), [&](const Form& each) {
      return list[i].is_object() && list[i].contains(each.keys.front());
    });
    if (form == Forms().end()) {
      reader.Problem(at, "must be an object with one of " + KnownForms());
      continue;
    }
    reader.OnlyKeys(list[i], at, form->keys);
    transforms.push_back(form->parse(reader, list[i], at));
  }
  return transforms;
}

}  // namespace cosell
