#include "tools/sandbox/world/referral_patch.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "tools/sandbox/world/referral_schema.h"

namespace cosell::sandbox {
namespace {

enum class Kind { text, status, substatus, money, currency, date, consent, people, solutions };

struct Path {
  std::string_view path;  // without the leading slash
  Kind kind;
};

constexpr std::string_view kSellers = "consent/consentToShareReferralWithMicrosoftSellers";

constexpr std::array<Path, 16> kPaths = {{
    {"campaignId", Kind::text},
    {"externalReferenceId", Kind::text},
    {"referralProgram", Kind::text},
    {"salesStage", Kind::text},
    {"statusReason", Kind::text},
    {"name", Kind::text},
    {"details/notes", Kind::text},
    {"status", Kind::status},
    {"substatus", Kind::substatus},
    {"details/dealValue", Kind::money},
    {"details/currency", Kind::currency},
    {"details/closingDateTime", Kind::date},
    {kSellers, Kind::consent},
    {"team", Kind::people},
    {"customerProfile/team", Kind::people},
    {"details/requirements/solutions", Kind::solutions},
}};

Error Invalid(const std::string& message) { return Refused(400, "invalidRequest", message); }

const Path* PathOf(std::string_view path) {
  const auto found = std::find_if(kPaths.begin(), kPaths.end(), [&](const Path& known) {
    return EqualsIgnoreCase(known.path, path);
  });
  return found == kPaths.end() ? nullptr : &*found;
}

bool IsList(Kind kind) { return kind == Kind::people || kind == Kind::solutions; }

// A number, also when it comes as text ("10000").
std::optional<Json> MoneyOf(const Json& value) {
  if (value.is_number()) return value;
  if (!value.is_string()) return std::nullopt;
  const std::string text = value.get<std::string>();
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return std::nullopt;
  return Json(number);
}

Status SetMoney(Json& referral, const Json& value) {
  const auto money = MoneyOf(value);
  if (!money || money->get<double>() <= 0)
    return Invalid("details.dealValue must be a number above zero.");
  Put(referral, "details/dealValue", *money);
  return Done{};
}

Status SetDate(Json& referral, const Json& value) {
  const auto date = value.is_string() ? ParseInstant(value.get<std::string>()) : std::nullopt;
  if (!date) return Invalid("details.closingDateTime must be a timestamp.");
  Put(referral, "details/closingDateTime", FormatInstant(*date));
  return Done{};
}

Status SetConsent(Json& referral, const Json& value) {
  if (!value.is_boolean()) return Invalid(std::string(kSellers) + " must be true or false.");
  const Json* before = At(referral, kSellers);
  if (before != nullptr && before->is_boolean() && before->get<bool>() && !value.get<bool>())
    return Invalid("consentToShareReferralWithMicrosoftSellers cannot be withdrawn.");
  Put(referral, kSellers, value);
  return Done{};
}

Status SetWord(Json& referral, std::string_view path, const Json& value) {
  const auto word =
      value.is_string() ? CanonicalWord(path, value.get<std::string>()) : std::nullopt;
  if (!word) return Invalid(std::string(path) + " has an unknown value.");
  Put(referral, path, *word);
  return Done{};
}

Status SetScalar(Json& referral, const Path& path, const Json& value) {
  switch (path.kind) {
    case Kind::money:
      return SetMoney(referral, value);
    case Kind::date:
      return SetDate(referral, value);
    case Kind::consent:
      return SetConsent(referral, value);
    case Kind::status:
    case Kind::substatus:
      return SetWord(referral, path.path, value);
    case Kind::currency:
      if (!value.is_string() || !IsCurrencyCode(value.get<std::string>()))
        return Invalid("details.currency must be an ISO 4217 code.");
      break;
    case Kind::text:
      if (!value.is_string() && !value.is_null())
        return Invalid(std::string(path.path) + " must be text.");
      if (path.path == "name" && (value.is_null() || value == ""))
        return Invalid("name must not be empty.");
      break;
    case Kind::people:
    case Kind::solutions:
      return Invalid("an array cannot be set as a scalar.");
  }
  Put(referral, path.path, value);
  return Done{};
}

// Elements with documented spelling of their members.
Json CanonicalList(std::string_view path, const Json& list) {
  Json wrapped;
  Put(wrapped, path, list);
  const Json canonical = Canonical(wrapped);
  const Json* at = At(canonical, path);
  return at == nullptr ? Json::array() : *at;
}

Status SetList(Json& referral, const Path& path, const Json& value, bool append) {
  Json list = value;
  if (append) {
    const Json* before = At(referral, path.path);
    list = before != nullptr && before->is_array() ? *before : Json::array();
    list.push_back(value);
  }
  list = CanonicalList(path.path, list);
  Status valid = Done{};
  if (path.path == "team") valid = CheckTeam(list);
  if (path.path == "customerProfile/team") valid = CheckContact(list);
  if (path.kind == Kind::solutions) valid = CheckSolutions(list);
  if (valid) Put(referral, path.path, list);
  return valid;
}

Status ApplyOne(Json& referral, const Json& operation, const PatchScene& scene,
                const Switches& switches) {
  if (!operation.is_object()) return Invalid("a patch operation must be an object.");
  const std::string op = ToLower(TextAt(operation, "op"));
  std::string text = TextAt(operation, "path");
  if (op != "add" && op != "replace") return Invalid("only add and replace are supported.");
  if (!operation.contains("value")) return Invalid("an operation lacks its value.");
  if (!text.starts_with('/')) return Invalid("an operation lacks its path.");
  text.erase(0, 1);
  const bool append = text.ends_with("/-");
  if (append) text.resize(text.size() - 2);
  const Path* path = PathOf(text);
  if (path == nullptr || append != (append && op == "add" && IsList(path->kind)))
    return Invalid("the path /" + text + " cannot be patched.");
  if (path->path == "name" && scene.actor == Actor::api && !switches.name_writable)
    return Invalid("the path /name cannot be patched.");
  if (path->path == "customerProfile/team" && scene.help_asked)
    return Invalid("the customer contact is read only after Microsoft was asked.");
  const Json& value = operation["value"];
  return IsList(path->kind) ? SetList(referral, *path, value, append)
                            : SetScalar(referral, *path, value);
}

}  // namespace

Status ApplyPatch(Json& referral, const Json& operations, const PatchScene& scene,
                  const Switches& switches) {
  if (!operations.is_array()) return Invalid("the body must be an array of operations.");
  if (TextAt(referral, "status") == "Closed")
    return Invalid("the referral is closed and cannot be changed.");
  Json changed = referral;
  for (const Json& operation : operations)
    if (const Status applied = ApplyOne(changed, operation, scene, switches); !applied)
      return applied;
  if (const Status move = CheckMove(referral, changed, scene.actor, switches); !move) return move;
  referral = std::move(changed);
  return Done{};
}

Result<Json> PatchBetween(const Json& before, const Json& after, const Switches& switches) {
  Json rest_before = Canonical(before);
  Json rest_after = Canonical(after);
  Json operations = Json::array();
  for (const Path& path : kPaths) {
    if (path.path == "name" && !switches.name_writable) continue;
    const Json* old_value = At(before, path.path);
    const Json* new_value = At(rest_after, path.path);
    const Json was = old_value == nullptr ? Json() : *old_value;
    const Json is = new_value == nullptr ? Json() : *new_value;
    if (was != is)
      operations.push_back(
          {{"op", "replace"}, {"path", "/" + std::string(path.path)}, {"value", is}});
    Put(rest_before, path.path, nullptr);
    Put(rest_after, path.path, nullptr);
  }
  rest_before.erase("@odata.context");
  rest_after.erase("@odata.context");
  if (rest_before != rest_after) return Invalid("a read-only member was changed.");
  return operations;
}

}  // namespace cosell::sandbox
