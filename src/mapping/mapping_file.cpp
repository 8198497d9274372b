#include <algorithm>
#include <array>

#include "mapping/document.h"
#include "mapping/lens.h"
#include "mapping/pointer.h"
#include "mapping/reader.h"
#include "mapping/referral_members.h"
#include "model/digest.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

const Names<Route> kRoutes = {
    {"opportunity", Route::opportunity}, {"lead", Route::lead}, {"none", Route::none}};

// The whole file: its parts, and what must hold between them.
class MappingParser {
 public:
  explicit MappingParser(const Document& document) : reader_(document.lines) {
    for (const std::string& path : document.repeated)
      reader_.Problem(path, "stands there twice; remove one");
  }

  Mapping Parse(const Json& root) {
    Mapping mapping;
    ParseOpportunity(root, &mapping);
    if (root.is_object() && root.contains("lead")) {
      Mapping lead;
      ParseLead(reader_.Object(root, "", "lead"), &lead);
      mapping.lead = std::make_shared<const Mapping>(std::move(lead));
    }
    return mapping;
  }

  const std::vector<std::string>& problems() const { return reader_.problems(); }

 private:
  void ParseOpportunity(const Json& root, Mapping* mapping) {
    Begin("", mapping);
    if (!reader_.OnlyKeys(root, "",
                          {"crm", "extends", "routes", "fields", "status", "account", "contact",
                           "owner", "create", "lead"}))
      return;
    mapping->crm = reader_.Text(root, "", "crm");
    // What is left of it after the built-in mapping was put below is a mistake.
    if (root.contains("extends"))
      reader_.OneOfTexts({"built-in", "nothing"}, reader_.Text(root, "", "extends"), "extends");
    if (!mapping->crm.empty() && !BuiltInMapping(mapping->crm))
      reader_.OneOfTexts({"dynamics365", "salesforce", "rest"}, mapping->crm, "crm");
    ParseRoutes(root.value("routes", Json()));
    ParseFields(reader_.Object(root, "", "fields"));
    mapping->status = ParseStatus(reader_, reader_.Object(root, "", "status"), "status");
    mapping->account = ParseRelated(reader_, reader_.Object(root, "", "account"), "account");
    mapping->contact = ParseRelated(reader_, reader_.Object(root, "", "contact"), "contact");
    mapping->owner = ParseRelated(reader_, reader_.Object(root, "", "owner"), "owner");
    ParseCreate(reader_.Object(root, "", "create"), mapping);
    CheckFields(
        {kFieldName, kFieldStatus, kFieldVisibility, kFieldHelp, kFieldReferralId, kFieldCrmId});
    if (IsOff(kFieldVisibility) && !IsOff(kFieldHelp))
      ProblemOfOff(kFieldVisibility, "asking for help needs it; turn help off as well");
  }

  // The customer's data stand in the lead itself.
  void ParseLead(const Json& lead, Mapping* mapping) {
    Begin("lead.", mapping);
    mapping->kind = RecordKind::lead;
    reader_.OnlyKeys(lead, "lead", {"fields", "status", "customer", "create"});
    ParseFields(reader_.Object(lead, "lead", "fields"));
    mapping->status = ParseStatus(reader_, reader_.Object(lead, "lead", "status"), "lead.status");
    mapping->account.columns = ParseRelatedColumns(
        reader_, reader_.Object(lead, "lead", "customer"), "lead.customer", true);
    mapping->create_crm = Constants(reader_.Object(lead, "lead", "create"), "lead.create");
    CheckFields({kFieldName, kFieldStatus, kFieldReferralId, kFieldCrmId});
  }

  void ParseCreate(const Json& create, Mapping* mapping) {
    reader_.OnlyKeys(create, "create", {"referral", "opportunity", "account", "contact"});
    mapping->create_referral = reader_.Object(create, "create", "referral").dump();
    mapping->create_crm =
        Constants(reader_.Object(create, "create", "opportunity"), "create.opportunity");
    mapping->account.create =
        Constants(reader_.Object(create, "create", "account", false), "create.account");
    mapping->contact.create =
        Constants(reader_.Object(create, "create", "contact", false), "create.contact");
  }

  // Values of a new record's columns, whatever the referral says.
  std::string Constants(const Json& json, const std::string& path) {
    reader_.Scalars(json, path);
    return json.dump();
  }

  // What is parsed from here on belongs to this part of the file.
  void Begin(const std::string& prefix, Mapping* part) {
    prefix_ = prefix;
    part_ = part;
  }

  std::string PathOfField(std::string_view name) const {
    return prefix_ + "fields." + std::string(name);
  }

  void ParseRoutes(const Json& routes) {
    if (!routes.is_array())
      return reader_.Problem("routes",
                             "must be a list of {when, is}; take it from the built-in mapping");
    for (std::size_t i = 0; i < routes.size(); ++i) {
      const std::string path = "routes." + std::to_string(i);
      if (!reader_.OnlyKeys(routes[i], path, {"when", "is"})) continue;
      RouteRule rule;
      for (const auto& item : reader_.Object(routes[i], path, "when").items())
        rule.when.emplace_back(
            item.key(), ParseAccepted(item.key(), item.value(), path + ".when." + item.key()));
      rule.as = reader_.OneOf(routes[i], path, "is", kRoutes, Route::opportunity);
      part_->routes.push_back(std::move(rule));
    }
  }

  std::vector<std::string> ParseAccepted(const std::string& key, const Json& list,
                                         const std::string& path) {
    std::vector<std::string> accepted;
    if (key.empty() || key.front() != '/')
      reader_.Problem(path, "must be called by a JSON pointer such as /qualification");
    else if (!FindReferralMember(key))
      reader_.Problem(path, "no referral has a member " + key);
    if (!list.is_array() || list.empty()) {
      reader_.Problem(path, "must be a list of at least one text");
      return accepted;
    }
    for (const Json& text : list) {
      if (!text.is_string())
        reader_.Problem(path, "must hold texts only; \"\" stands for a missing member");
      if (text.is_string()) accepted.push_back(text.get<std::string>());
    }
    return accepted;
  }

  void ParseFields(const Json& fields) {
    for (const auto& item : fields.items())
      part_->fields.push_back(
          ParseField(reader_, item.key(), item.value(), PathOfField(item.key())));
    CheckWriters();
    for (const FieldRule& rule : part_->fields) CheckLens(rule);
    part_->has_conditions = std::any_of(part_->fields.begin(), part_->fields.end(),
                                        [](const FieldRule& rule) { return !rule.when.empty(); });
  }

  void CheckLens(const FieldRule& rule) {
    if (const auto loss = FindLoss(rule, GeneratedSamples(rule)))
      reader_.Problem(PathOfField(rule.name), DescribeLoss(*loss, true));
  }

  // Two fields that write the same place overwrite each other for ever; conditions may keep them
  // apart.
  void CheckWriters() {
    std::map<std::string, std::string> writers;
    const auto write = [&](bool writes, const std::string& moment, const std::string& place,
                           const FieldRule& rule) {
      if (!writes || place.empty() || place.front() == '#' || !rule.when.empty()) return;
      const auto [first, is_first] = writers.emplace(moment + place, rule.name);
      if (!is_first && first->second != rule.name)
        reader_.Problem(PathOfField(rule.name), "writes " + place + ", which the field " +
                                                    first->second +
                                                    " writes already; give one of them another "
                                                    "direction, moment (\"on\") or condition");
    };
    for (const FieldRule& rule : part_->fields) {
      write(rule.ReachesCrm(), "update crm ", rule.crm, rule);
      write(rule.CreatesInCrm(), "create crm ", rule.crm, rule);
      write(rule.ReachesPartnerCenter(), "update referral ", rule.pointer, rule);
      write(rule.CreatesInPartnerCenter(), "create referral ", rule.pointer, rule);
    }
  }

  void CheckFields(const std::vector<std::string_view>& required) {
    for (const std::string_view name : required) {
      if (!part_->Find(name))
        reader_.Problem(PathOfField(name), "is missing; every mapping needs it");
    }
    for (const std::string_view name : {kFieldName, kFieldStatus, kFieldReferralId, kFieldCrmId}) {
      if (IsOff(name)) ProblemOfOff(name, "nothing can be synced without it");
    }
  }

  bool IsOff(std::string_view name) const {
    const auto field = part_->Find(name);
    return field && part_->fields[*field].direction == Direction::off;
  }

  void ProblemOfOff(std::string_view name, const std::string& why) {
    reader_.Problem(PathOfField(name) + ".direction", "cannot be off: " + why);
  }

  Reader reader_;
  std::string prefix_;  // of paths in the part at hand
  Mapping* part_ = nullptr;
};

}  // namespace

Result<Mapping> ParseMapping(std::string_view json, const std::string& source) {
  const auto document = ReadDocument(json, source);
  if (!document) return document.error();
  const Effective effective = OnTopOfBuiltIn(*document, source);
  MappingParser parser(*document);
  Mapping mapping = parser.Parse(effective.root);
  if (!parser.problems().empty()) {
    return Error{ErrorKind::invalid_input, source + ":\n  " + Join(parser.problems(), "\n  ")};
  }
  mapping.fingerprint = ContentHash(effective.root.dump());
  return mapping;
}

}  // namespace cosell
