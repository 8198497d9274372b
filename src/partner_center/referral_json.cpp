#include "partner_center/referral_json.h"

#include <simdjson.h>

#include <algorithm>

#include "base/guid.h"
#include "base/planted.h"
#include "base/text.h"

namespace cosell {
namespace {

namespace dom = simdjson::dom;
namespace ondemand = simdjson::ondemand;

// The text of a member; empty for null, absent and other types alike.
std::string_view Text(const dom::object& object, std::string_view name) {
  std::string_view text;
  if (object.at_key(name).get_string().get(text) == simdjson::SUCCESS) return text;
  if (object.at_key_case_insensitive(name).get_string().get(text) == simdjson::SUCCESS) return text;
  return {};
}

bool FitsInHeader(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7F;
  });
}

std::optional<ParsedReferral> FromObject(const dom::object& object, std::string_view json) {
  const auto id = NormalizeGuid(Text(object, "id"));
  if (!id) return std::nullopt;
  ParsedReferral parsed;
  RemoteReferral& referral = parsed.referral;
  referral.id.text = *id;
  referral.engagement_id.text = NormalizeGuid(Text(object, "engagementId")).value_or("");
  referral.organization_id = ToLower(Text(object, "organizationId"));
  referral.external_reference_id = Text(object, "externalReferenceId");
  const std::string_view etag = Text(object, "eTag");
  if (FitsInHeader(etag)) referral.etag = etag;
  const auto updated = ParseInstant(Text(object, "updatedDateTime"));
  parsed.dated = updated.has_value();
  referral.updated_at = updated.value_or(Instant{});
  referral.raw = json;
  return parsed;
}

std::optional<ParsedReferral> ParseWith(dom::parser& parser, std::string_view json) {
  if (json.empty()) return std::nullopt;
  dom::object object;
  if (parser.parse(json.data(), json.size()).get_object().get(object) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return FromObject(object, json);
}

// Items are cut out of the page first and parsed one by one, so that a malformed one is only its
// own misfortune.
simdjson::error_code ReadItems(ondemand::value value, ParsedPage& page) {
  ondemand::array items;
  if (const auto error = value.get_array().get(items)) return error;
  dom::parser parser;
  for (auto item : items) {
    ondemand::object object;
    std::string_view json;
    const auto error = item.get_object().get(object);
    if (error != simdjson::SUCCESS && error != simdjson::INCORRECT_TYPE) return error;
    if (error == simdjson::SUCCESS) {
      if (const auto cut = object.raw_json().get(json)) return cut;
    }
    auto parsed = ParseWith(parser, TrimEnd(json));
    if (parsed && parsed->dated) {
      page.referrals.push_back(std::move(parsed->referral));
    } else {
      ++page.unusable;
    }
  }
  return simdjson::SUCCESS;
}

simdjson::error_code ReadField(ondemand::field& field, ParsedPage& page, bool& has_items) {
  std::string_view key;
  if (const auto error = field.unescaped_key().get(key)) return error;
  if (EqualsIgnoreCase(key, "value")) {
    has_items = true;
    return ReadItems(field.value(), page);
  }
  if (EqualsIgnoreCase(key, "@odata.nextLink") && !field.value().is_null()) {
    std::string_view link;
    if (const auto error = field.value().get_string().get(link)) return error;
    page.next_link = link;
  }
  return simdjson::SUCCESS;
}

// Walks to the very end of the text: a page cut short must never look like a short page.
simdjson::error_code ReadPage(ondemand::document& document, ParsedPage& page, bool& has_items) {
  ondemand::object root;
  if (const auto error = document.get_object().get(root)) return error;
  for (auto result : root) {
    ondemand::field field;
    if (const auto error = std::move(result).get(field)) return error;
    if (const auto error = ReadField(field, page, has_items)) return error;
  }
  // The library's own word for "nothing follows".
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

}  // namespace

std::optional<ParsedReferral> ParseReferral(std::string_view json) {
  dom::parser parser;
  return ParseWith(parser, Trim(json));
}

Result<ParsedPage> ParsePage(std::string_view json) {
  const simdjson::padded_string padded(json);
  ondemand::parser parser;
  ondemand::document document;
  ParsedPage page;
  bool has_items = false;
  auto error = parser.iterate(padded).get(document);
  if (error == simdjson::SUCCESS) error = ReadPage(document, page, has_items);
  if (error && has_items && Planted(PlantedBug::truncated_page_accepted)) return page;
  if (error == simdjson::SUCCESS && has_items) return page;
  const std::string why = error ? simdjson::error_message(error) : "it has no array \"value\"";
  return Error{
      .kind = ErrorKind::invalid_response,
      .message = "Partner Center's list of referrals is not the JSON it should be: " + why};
}

}  // namespace cosell
