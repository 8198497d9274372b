#include "base/nearest.h"
#include "mapping/document.h"
#include "mapping/reader.h"
#include "mapping/referral_members.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

// Members of a person, which the contact's and the owner's columns are about.
const std::vector<std::string> kPersonMembers = {"/firstName",   "/lastName", "/email",
                                                 "/phoneNumber", "/title",    "full_name"};

std::vector<std::string> PointersOf(Reader& reader, const Json& json, const std::string& path) {
  if (json.is_string()) return {json.get<std::string>()};
  std::vector<std::string> pointers;
  for (const Json& each : json.is_array() ? json : Json::array()) {
    if (each.is_string()) pointers.push_back(each.get<std::string>());
  }
  if (pointers.empty())
    reader.Problem(path, "must be a JSON pointer, or a list of them to be joined");
  return pointers;
}

RelatedColumn ParseColumn(Reader& reader, const std::string& name, const Json& json,
                          const std::string& path) {
  RelatedColumn column;
  column.column = name;
  if (!json.is_object()) {
    column.pointers = PointersOf(reader, json, path);
    return column;
  }
  reader.OnlyKeys(json, path, {"partner_center", "join", "transforms"});
  column.pointers =
      PointersOf(reader, json.value("partner_center", Json()), PathOf(path, "partner_center"));
  if (column.pointers.size() > 1) column.separator = reader.Text(json, path, "join");
  if (json.contains("transforms"))
    column.transforms = ParseTransforms(reader, json["transforms"], PathOf(path, "transforms"));
  return column;
}

void CheckPointer(Reader& reader, const std::string& pointer, bool of_referral,
                  const std::string& path) {
  if (!of_referral) return reader.OneOfTexts(kPersonMembers, pointer, path);
  if (FindReferralMember(pointer)) return;
  const auto nearest = Nearest(pointer, ReferralMemberPointers());
  reader.Problem(path, "no referral has a member " + pointer +
                           (nearest ? "; did you mean " + *nearest + "?" : ""));
}

}  // namespace

std::vector<RelatedColumn> ParseRelatedColumns(Reader& reader, const Json& columns,
                                               const std::string& path, bool of_referral) {
  std::vector<RelatedColumn> out;
  for (const auto& item : columns.items()) {
    const std::string at = PathOf(path, item.key());
    out.push_back(ParseColumn(reader, item.key(), item.value(), at));
    for (const std::string& pointer : out.back().pointers)
      CheckPointer(reader, pointer, of_referral, at);
  }
  return out;
}

RelatedMap ParseRelated(Reader& reader, const Json& json, const std::string& path) {
  const bool account = path == "account";
  std::vector<std::string> allowed = {"lookup", "match", "columns"};
  if (path == "owner") allowed.emplace_back("others");
  RelatedMap out;
  if (!reader.OnlyKeys(json, path, allowed)) return out;
  out.lookup = reader.Text(json, path, "lookup");
  out.others = reader.Text(json, path, "others", false);
  out.columns = ParseRelatedColumns(reader, reader.Object(json, path, "columns"),
                                    PathOf(path, "columns"), account);
  out.match = reader.Texts(json, path, "match");
  for (const std::string& column : out.match) {
    const bool known = std::any_of(out.columns.begin(), out.columns.end(),
                                   [&](const auto& each) { return each.column == column; });
    if (!known)
      reader.Problem(PathOf(path, "match"), "'" + column + "' is none of " + path + ".columns");
  }
  return out;
}

}  // namespace cosell
