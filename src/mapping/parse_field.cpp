#include "base/nearest.h"
#include "mapping/document.h"
#include "mapping/pointer.h"
#include "mapping/reader.h"
#include "mapping/referral_members.h"
#include "model/digest.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

const Names<FieldType> kTypes = {
    {"text", FieldType::text}, {"money", FieldType::money},     {"code", FieldType::code},
    {"date", FieldType::date}, {"boolean", FieldType::boolean}, {"choice", FieldType::choice},
    {"set", FieldType::set},   {"members", FieldType::members}, {"status", FieldType::status}};
const Names<Direction> kDirections = {{"both", Direction::both},
                                      {"to_crm", Direction::to_crm},
                                      {"to_partner_center", Direction::to_partner_center},
                                      {"off", Direction::off}};
const Names<CrmForm> kForms = {
    {"text", CrmForm::text}, {"number", CrmForm::number}, {"boolean", CrmForm::boolean}};
const std::vector<std::string> kPolicies = {"partner_center_wins", "crm_wins", "newest_wins",
                                            "ask"};
const std::vector<std::string> kKeys = {
    "type",    "partner_center",     "template", "constant",   "crm",   "crm_type",   "direction",
    "on",      "conflict",           "when",     "transforms", "lossy", "length_max", "marked",
    "one_way", "connected_referral", "item_key", "separator",  "none",  "values"};
// The engine reads these by name and cannot do without them.
constexpr std::string_view kAlways[] = {kFieldName, kFieldStatus,     kFieldVisibility,
                                        kFieldHelp, kFieldReferralId, kFieldCrmId};

class FieldParser {
 public:
  FieldParser(Reader& reader, const std::string& name, const Json& json, const std::string& path)
      : reader_(reader), json_(json), path_(path) {
    rule_.name = name;
  }

  FieldRule Parse() {
    reader_.OnlyKeys(json_, path_, kKeys);
    if (!json_.is_object()) return rule_;
    rule_.type = reader_.OneOf(json_, path_, "type", kTypes, FieldType::text);
    rule_.crm = reader_.Text(json_, path_, "crm", rule_.type != FieldType::status);
    ParseDirections();
    ParseSource();
    ParseForm();
    ParseSwitches();
    ParseValues();
    CheckTransforms();
    CheckWrites();
    SetIdentity();
    return rule_;
  }

 private:
  void Problem(const char* key, const std::string& text) {
    reader_.Problem(PathOf(path_, key), text);
  }
  std::string Type() const { return reader_.Text(json_, path_, "type", false); }

  // --- which way

  static Direction Ways(bool to_crm, bool to_partner_center) {
    if (to_crm && to_partner_center) return Direction::both;
    if (to_crm) return Direction::to_crm;
    return to_partner_center ? Direction::to_partner_center : Direction::off;
  }

  struct Moments {
    bool create = true;
    bool update = true;
  };

  Moments MomentsOf(const Json& list, const std::string& path) {
    Moments moments{false, false};
    if (!list.is_array() || list.empty())
      reader_.Problem(path, "must be a list of \"create\", \"update\" or both");
    for (const Json& each : list.is_array() ? list : Json::array()) {
      if (each == "create") {
        moments.create = true;
      } else if (each == "update") {
        moments.update = true;
      } else {
        reader_.Problem(path, each.dump() + " is not one of \"create\", \"update\"");
      }
    }
    return moments;
  }

  void ParseDirections() {
    rule_.direction = reader_.OneOf(json_, path_, "direction", kDirections, Direction::both);
    rule_.on_create = rule_.direction;
    if (!json_.contains("on")) return;
    const Json& on = json_["on"];
    Moments crm, partner_center;
    if (on.is_object()) {
      reader_.OnlyKeys(on, PathOf(path_, "on"), {"to_crm", "to_partner_center"});
      if (on.contains("to_crm")) crm = MomentsOf(on["to_crm"], path_ + ".on.to_crm");
      if (on.contains("to_partner_center"))
        partner_center = MomentsOf(on["to_partner_center"], path_ + ".on.to_partner_center");
    } else {
      crm = partner_center = MomentsOf(on, PathOf(path_, "on"));
    }
    const FieldRule whole = rule_;
    rule_.direction = Ways(whole.ReachesCrm() && crm.update,
                           whole.ReachesPartnerCenter() && partner_center.update);
    rule_.on_create = Ways(whole.ReachesCrm() && crm.create,
                           whole.ReachesPartnerCenter() && partner_center.create);
  }

  bool GoesToPartnerCenter() const {
    return rule_.ReachesPartnerCenter() || rule_.CreatesInPartnerCenter();
  }

  // --- the Partner Center side

  void ParseSource() {
    if (rule_.type == FieldType::status) return;
    const int sources = static_cast<int>(json_.contains("partner_center")) +
                        static_cast<int>(json_.contains("template")) +
                        static_cast<int>(json_.contains("constant"));
    if (sources > 1)
      return reader_.Problem(path_, "has more than one of partner_center, template and constant");
    if (json_.contains("template")) return ParseTemplate();
    if (json_.contains("constant")) return ParseConstant();
    rule_.pointer = reader_.Text(json_, path_, "partner_center");
    if (!rule_.pointer.empty()) ParsePointer();
  }

  void ParsePointer() {
    if (rule_.pointer.front() != '/')
      return Problem("partner_center", "must be a JSON pointer such as /details/notes");
    rule_.partner_center = StepsOf(rule_.pointer);
    const auto member = FindReferralMember(rule_.pointer);
    if (!member) {
      const auto nearest = Nearest(rule_.pointer, ReferralMemberPointers());
      return Problem("partner_center", "no referral has a member " + rule_.pointer +
                                           (nearest ? "; did you mean " + *nearest + "?" : ""));
    }
    CheckKind(*member);
    CheckWriting(*member);
  }

  void CheckKind(const ReferralMember& member) {
    const bool list = rule_.type == FieldType::set || rule_.type == FieldType::members;
    bool fits = list == (member.kind == MemberKind::list);
    if (rule_.type == FieldType::money) fits = member.kind == MemberKind::number;
    if (rule_.type == FieldType::boolean) fits = member.kind == MemberKind::boolean;
    if (rule_.type == FieldType::date) fits = member.kind == MemberKind::time;
    const bool textual = !list && rule_.type != FieldType::money &&
                         rule_.type != FieldType::boolean && rule_.type != FieldType::date;
    if (textual && GoesToPartnerCenter()) fits = member.kind == MemberKind::text;
    if (!fits) Problem("type", Type() + " does not fit the member " + rule_.pointer);
  }

  void CheckWriting(const ReferralMember& member) {
    if (member.writing == MemberWriting::never && GoesToPartnerCenter()) {
      Problem("direction",
              "must be to_crm or off: " + rule_.pointer + " is read-only, Partner Center keeps it");
    } else if (member.writing == MemberWriting::at_creation && rule_.ReachesPartnerCenter() &&
               !reader_.Flag(json_, path_, "connected_referral")) {
      Problem("on", "must have \"to_partner_center\": [\"create\"]: " + rule_.pointer +
                        " is read-only once the referral is there");
    }
  }

  void ParseTemplate() {
    const std::string text = reader_.Text(json_, path_, "template");
    NotSent("a template has no place in the referral");
    if (text.find('{') == std::string::npos) {
      rule_.template_name = text;
      if (text != "referral_link" && !text.empty())
        Problem("template", "must be referral_link, or a text with {/members} of the referral");
      return;
    }
    rule_.text_template = text;
    for (std::size_t at = 0; (at = text.find('{', at)) != std::string::npos; ++at) {
      const auto end = text.find('}', at);
      const std::string pointer = text.substr(at + 1, end - at - 1);
      if (end == std::string::npos || !FindReferralMember(pointer))
        Problem("template", "{" + pointer + "} is no member of a referral");
    }
  }

  void ParseConstant() {
    const Json& constant = json_["constant"];
    NotSent("a constant is for the CRM; create.referral holds those of a referral");
    if (!constant.is_primitive() || constant.is_null())
      return Problem("constant", "must be a text, a number, true or false");
    rule_.constant = constant.is_string() ? constant.get<std::string>() : constant.dump();
  }

  void NotSent(const std::string& why) {
    if (GoesToPartnerCenter()) Problem("direction", "must be to_crm or off: " + why);
  }

  // --- the CRM side

  void ParseForm() {
    if (json_.contains("transforms"))
      rule_.transforms = ParseTransforms(reader_, json_["transforms"], path_ + ".transforms");
    if (json_.contains("when"))
      rule_.when = ParseConditions(reader_, json_["when"], path_ + ".when");
    if (json_.contains("conflict")) {
      rule_.conflict = reader_.Text(json_, path_, "conflict");
      reader_.OneOfTexts(kPolicies, rule_.conflict, path_ + ".conflict");
    }
    if (json_.contains("lossy")) {
      reader_.OneOfTexts({"normalise"}, reader_.Text(json_, path_, "lossy"), path_ + ".lossy");
      rule_.normalises = true;
    }
    rule_.length_max =
        static_cast<std::size_t>(reader_.Number(json_, path_, "length_max", 1, 1'000'000));
    rule_.crm_form = json_.contains("crm_type")
                         ? reader_.OneOf(json_, path_, "crm_type", kForms, CrmForm::by_type)
                         : UsualForm();
  }

  // What the last transform leaves behind.
  CrmForm UsualForm() const {
    if (rule_.transforms.empty()) return CrmForm::by_type;
    const Transform& last = rule_.transforms.back();
    const bool words =
        std::any_of(rule_.transforms.begin(), rule_.transforms.end(),
                    [](const Transform& each) { return std::holds_alternative<ValueMap>(each); });
    if (std::holds_alternative<UnitFactor>(last)) return CrmForm::number;
    if (rule_.type == FieldType::money && !words) return CrmForm::number;
    if (rule_.type == FieldType::boolean && !words) return CrmForm::boolean;
    return CrmForm::text;
  }

  void ParseSwitches() {
    rule_.item_key = reader_.Text(json_, path_, "item_key", rule_.type == FieldType::set);
    rule_.separator = reader_.Text(json_, path_, "separator", false);
    if (!rule_.separator.empty() && rule_.type != FieldType::set)
      Problem("separator", "is for sets only; remove it");
    if (rule_.type == FieldType::members) CheckMembers();
    rule_.none = reader_.Text(json_, path_, "none", false);
    rule_.one_way = reader_.Flag(json_, path_, "one_way");
    if (rule_.one_way && (rule_.type == FieldType::set || rule_.type == FieldType::status))
      Problem("one_way", "has no meaning for a " + Type() + "; remove it");
    rule_.connected_referral = reader_.Flag(json_, path_, "connected_referral");
    rule_.marked = reader_.Flag(json_, path_, "marked");
  }

  // The CRM's people are read, never written; there is one owner and one contact.
  void CheckMembers() {
    rule_.item_key = "email";
    if (rule_.crm != kPeopleOwner && rule_.crm != kPeopleContact)
      Problem("crm", "must be #owner or #contact for members");
    if (rule_.ReachesCrm() || rule_.CreatesInCrm())
      Problem("direction", "must be to_partner_center or off for members");
  }

  void ParseValues() {
    const auto it = json_.find("values");
    if (it == json_.end()) {
      if (rule_.type == FieldType::choice)
        Problem("values", "is missing: a choice names its values");
      return;
    }
    if (!it->is_object())
      return Problem("values", "must be an object of referral value -> CRM label");
    for (const auto& item : it->items()) {
      if (item.value().is_string()) {
        rule_.values[item.key()] = item.value().get<std::string>();
      } else {
        Problem(("values." + item.key()).c_str(), "must be a text");
      }
    }
  }

  void SetIdentity() {
    Json meaning = Json::object();
    for (const char* key : {"type", "partner_center", "template", "constant", "transforms",
                            "values", "separator", "item_key", "none"}) {
      if (json_.contains(key)) meaning[key] = json_[key];
    }
    rule_.identity = ContentHash(meaning.dump());
  }

  // --- what does not go together

  void CheckTransforms() {
    const bool unfit = rule_.type == FieldType::set || rule_.type == FieldType::members ||
                       rule_.type == FieldType::status || rule_.crm == "#id";
    if (unfit && !rule_.transforms.empty())
      Problem("transforms", "have no meaning here; remove them");
    if (rule_.marked && !rule_.transforms.empty())
      Problem("transforms", "cannot be used in the column that carries the mark");
    const bool one_way = std::any_of(rule_.transforms.begin(), rule_.transforms.end(), IsOneWay);
    if (one_way && GoesToPartnerCenter())
      Problem("direction", "must be to_crm: there is no way back from a part of a text");
    const bool time = std::any_of(rule_.transforms.begin(), rule_.transforms.end(), [](auto& each) {
      return std::holds_alternative<TimeOfDay>(each);
    });
    if (time && rule_.type != FieldType::date)
      Problem("transforms", "a time of day is for fields of type date");
    const bool unit = std::any_of(rule_.transforms.begin(), rule_.transforms.end(), [](auto& each) {
      return std::holds_alternative<UnitFactor>(each);
    });
    if (unit && rule_.type != FieldType::money)
      Problem("transforms", "a unit is for fields of type money");
  }

  void CheckWrites() {
    const bool always =
        std::find(std::begin(kAlways), std::end(kAlways), rule_.name) != std::end(kAlways);
    if (!always) return;
    if (!rule_.when.empty())
      Problem("when", "this field has no conditions: nothing works without it");
    if (json_.contains("on")) Problem("on", "this field is always synced; remove it");
  }

  Reader& reader_;
  const Json& json_;
  const std::string path_;
  FieldRule rule_;
};

}  // namespace

FieldRule ParseField(Reader& reader, const std::string& name, const Json& json,
                     const std::string& path) {
  return FieldParser(reader, name, json, path).Parse();
}

}  // namespace cosell
