#include "mapping/sharing.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "mapping/normalize.h"
#include "mapping/pointer.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

Result<Json> ParseObject(std::string_view raw, std::string_view what) {
  Json json = Json::parse(raw, nullptr, false);
  if (!json.is_object()) {
    return Error{ErrorKind::invalid_response, std::string(what) + " is not a JSON object"};
  }
  return json;
}

std::string TextOf(const Json& json, const std::string& key) {
  const auto it = json.find(key);
  return it != json.end() && it->is_string() ? std::string(Trim(it->get_ref<const std::string&>()))
                                             : "";
}

std::string TextAtPointer(const Json& json, const std::string& pointer) {
  return TextAt(json, StepsOf(pointer));
}

void SetMember(const std::string& name, const std::string& text, Member* member) {
  if (text.empty()) return;
  if (name == "/firstName") member->first_name = text;
  if (name == "/lastName") member->last_name = text;
  if (name == "/email") member->email = text;
  if (name == "/phoneNumber") member->phone_number = text;
  if (name == "/title") member->title = text;
}

void SplitFullName(const std::string& full_name, Member* member) {
  if (full_name.empty() || !member->last_name.empty()) return;
  const auto blank = full_name.rfind(' ');
  member->last_name = blank == std::string::npos ? full_name : full_name.substr(blank + 1);
  if (member->first_name.empty() && blank != std::string::npos) {
    member->first_name = std::string(Trim(full_name.substr(0, blank)));
  }
}

// What stands in a column, one text for each of its pointers.
std::vector<std::string> TextsOf(const RelatedColumn& column, const std::string& text) {
  std::string rest = FromCrm(column.transforms, text).value_or("");
  std::vector<std::string> texts;
  while (texts.size() + 1 < column.pointers.size()) {
    const auto at = rest.find(column.separator);
    texts.emplace_back(Trim(std::string_view(rest).substr(0, at)));
    rest = at == std::string::npos ? "" : rest.substr(at + column.separator.size());
  }
  texts.emplace_back(Trim(rest));
  return texts;
}

// Calls `take` with every pointer and the text the CRM record has for it.
template <typename Take>
void ReadColumns(const RelatedMap& map, const Json& record, const Take& take) {
  for (const RelatedColumn& column : map.columns) {
    const std::string text = TextOf(record, map.lookup + "." + column.column);
    if (text.empty()) continue;
    const auto texts = TextsOf(column, text);
    for (std::size_t i = 0; i < texts.size(); ++i) take(column.pointers[i], texts[i]);
  }
}

Member ReadMember(const RelatedMap& map, const Json& record) {
  Member member;
  std::string full_name;
  ReadColumns(map, record, [&](const std::string& target, const std::string& text) {
    if (target == "full_name") full_name = text;
    SetMember(target, text, &member);
  });
  SplitFullName(full_name, &member);
  return member;
}

// Nobody is sent whom Partner Center would refuse.
std::vector<Member> ReadOthers(const RelatedMap& map, const Json& record) {
  std::vector<Member> members;
  const auto others = record.find(map.others);
  if (others == record.end() || !others->is_array()) return members;
  for (const Json& person : *others) {
    Member member;
    for (const char* name : {"firstName", "lastName", "email", "phoneNumber", "title"})
      SetMember(std::string("/") + name, TextAt(person, std::vector<std::string>{name}), &member);
    if (member.complete()) members.push_back(std::move(member));
  }
  return members;
}

// The column's text from a referral, or from one of its people.
Value TextFor(const RelatedColumn& column, const Json& source) {
  std::vector<std::string> texts;
  for (const std::string& pointer : column.pointers) {
    if (!pointer.starts_with('/')) continue;
    if (std::string text = TextAt(source, StepsOf(pointer)); !text.empty())
      texts.push_back(std::move(text));
  }
  if (texts.empty()) return std::nullopt;
  return ToCrm(column.transforms, Join(texts, column.separator));
}

// Constants fill what the source leaves empty.
void AddConstants(const RelatedMap& map, RelatedColumns* out) {
  if (map.create.empty()) return;
  const Json constants = Json::parse(map.create, nullptr, false);
  for (const auto& item : constants.items()) {
    const bool filled = std::any_of(out->columns.begin(), out->columns.end(),
                                    [&](const auto& each) { return each.first == item.key(); });
    if (!filled) out->columns.emplace_back(item.key(), item.value().dump());
  }
}

RelatedColumns ReadRelated(const RelatedMap& map, const Json& source) {
  RelatedColumns out;
  for (const RelatedColumn& column : map.columns) {
    const Value text = TextFor(column, source);
    if (!text) continue;
    out.columns.emplace_back(column.column, Json(*text).dump());
    if (std::find(map.match.begin(), map.match.end(), column.column) != map.match.end()) {
      out.match.push_back(out.columns.back());
    }
  }
  AddConstants(map, &out);
  return out;
}

}  // namespace

bool Member::complete() const {
  return !first_name.empty() && !last_name.empty() && !email.empty() && !phone_number.empty();
}

std::string Sharing::At(const std::string& pointer) const {
  const auto it = customer.find(pointer);
  return it == customer.end() ? "" : it->second;
}

std::string Sharing::country() const {
  std::string text = At("/customerProfile/address/country");
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::vector<Member> MembersOf(const FieldRule& rule, const Sharing& sharing) {
  const bool ours = rule.crm == kPeopleOwner;
  const Member& first = ours ? sharing.owner : sharing.contact;
  std::vector<Member> members;
  if (!first.complete()) return members;
  members.push_back(first);
  if (ours) members.insert(members.end(), sharing.team.begin(), sharing.team.end());
  return members;
}

Value PeopleOf(const FieldRule& rule, const Sharing& sharing) {
  std::vector<std::string> emails;
  for (const Member& member : MembersOf(rule, sharing)) emails.push_back(member.email);
  return MakeSet(std::move(emails));
}

Result<Sharing> SharingFromCrm(const Mapping& mapping, std::string_view raw) {
  const auto record = ParseObject(raw, "the CRM record");
  if (!record) return record.error();
  Sharing sharing;
  ReadColumns(mapping.account, *record, [&](const std::string& pointer, const std::string& text) {
    if (!text.empty()) sharing.customer[pointer] = text;
  });
  sharing.contact = ReadMember(mapping.contact, *record);
  sharing.owner = ReadMember(mapping.owner, *record);
  sharing.team = ReadOthers(mapping.owner, *record);
  return sharing;
}

Result<RelatedColumns> AccountFromReferral(const Mapping& mapping, std::string_view raw) {
  const auto referral = ParseObject(raw, "the referral");
  if (!referral) return referral.error();
  if (TextAtPointer(*referral, "/customerProfile/name").empty()) return RelatedColumns{};
  return ReadRelated(mapping.account, *referral);
}

std::string ConstantOfReferral(const Mapping& mapping, const std::string& pointer) {
  const Json constants = Json::parse(mapping.create_referral, nullptr, false);
  return constants.is_object() ? TextAtPointer(constants, pointer) : "";
}

Result<RelatedColumns> ContactFromReferral(const Mapping& mapping, std::string_view raw) {
  const auto referral = ParseObject(raw, "the referral");
  if (!referral) return referral.error();
  const Json::json_pointer first("/customerProfile/team/0");
  if (!referral->contains(first)) return RelatedColumns{};
  const Json& member = (*referral)[first];
  if (TextOf(member, "lastName").empty() && TextOf(member, "email").empty())
    return RelatedColumns{};
  return ReadRelated(mapping.contact, member);
}

}  // namespace cosell
