#include "crm/rest/description.h"

#include <algorithm>

#include "crm/rest/description_reader.h"
#include "crm/rest/template.h"

namespace cosell::rest {
namespace {

using In = DescriptionReader;

// Without these nothing can be synchronised.
constexpr const char* kRolesNeeded[] = {"sync", "referral_id"};

Stamp ReadStamp(const In& in, const std::string& key, Stamp otherwise = Stamp::rfc3339) {
  return in.OneOf<Stamp>(key,
                         {{"rfc3339", Stamp::rfc3339},
                          {"rfc3339_seconds", Stamp::rfc3339_seconds},
                          {"unix_s", Stamp::unix_s},
                          {"unix_ms", Stamp::unix_ms},
                          {"date", Stamp::date}},
                         otherwise);
}

Query ReadQuery(const In& in) {
  Query query;
  for (const std::string& name : in.Keys()) query.emplace_back(name, in.Text(name));
  return query;
}

// `placeholders`: those that may stand in it.
Call ReadCall(const In& in, const std::string& method, const std::vector<std::string>& placeholders,
              const std::string& needed = "") {
  Call call;
  call.method = in.Text("method", method);
  call.path = in.Path("path");
  call.query = ReadQuery(in.At("query"));
  const auto used = PlaceholdersOf(call);
  for (const std::string& name : used) {
    if (std::find(placeholders.begin(), placeholders.end(), name) != placeholders.end()) continue;
    std::string known;
    for (const std::string& each : placeholders)
      known += (known.empty() ? "{" : ", {") + each + "}";
    in.Wrong("", "{" + name + "} is not known here; " +
                     (known.empty() ? "nothing can be filled in" : "known are " + known));
  }
  const bool there = needed.empty() || std::find(used.begin(), used.end(), needed) != used.end();
  if (!there && !call.path.empty()) {
    in.Wrong("", "{" + needed +
                     "} must stand in the path or the query, or every record would be "
                     "meant");
  }
  return call;
}

Paging ReadPaging(const In& in) {
  Paging paging;
  using By = Paging::By;
  paging.by = in.OneOf<By>(
      "by",
      {{"link", By::link}, {"number", By::number}, {"offset", By::offset}, {"cursor", By::cursor}},
      By::none);
  paging.parameter = in.Text("parameter");
  paging.next = in.Pointer("next");
  paging.first = in.Number("first", 1);
  paging.size_parameter = in.Text("size_parameter");
  paging.size = in.Number("size", 100);
  const bool follows = paging.by == By::link || paging.by == By::cursor;
  if (follows && paging.next.empty()) {
    in.Wrong("next", "is missing: the JSON pointer to what leads to the next page");
  }
  if (paging.by != By::none && paging.by != By::link && paging.parameter.empty()) {
    in.Wrong("parameter", "is missing: the query parameter that asks for a page");
  }
  return paging;
}

Listing ReadListing(const In& in) {
  Listing listing;
  listing.call = ReadCall(in, "GET", {});
  listing.items = in.Pointer("items");
  const In since = in.At("since");
  listing.parameter = since.Text("parameter");
  listing.format = ReadStamp(since, "format");
  listing.overlap = std::chrono::seconds(since.Number("overlap_s", 120));
  listing.paging = ReadPaging(in.At("page"));
  return listing;
}

Attribute ReadAttribute(const In& in, const std::string& name) {
  Attribute attribute;
  attribute.name = name;
  attribute.member = in.Pointer("member");
  attribute.type = in.Text("type", "text");
  attribute.as = in.OneOf<Attribute::As>(
      "as", {{"text", Attribute::As::text}, {"number", Attribute::As::number}},
      Attribute::As::natural);
  attribute.format =
      ReadStamp(in, "format", attribute.type == "date" ? Stamp::date : Stamp::rfc3339);
  if (const int length = in.Number("length_max", 0); length > 0) {
    attribute.length_max = static_cast<std::size_t>(length);
  }
  const std::string written = in.Text("written", "always");
  attribute.creatable = written != "never";
  attribute.updatable = written == "always";
  const In choices = in.At("choices");
  for (const std::string& label : choices.Keys()) {
    attribute.choices[label] = choices.JsonText(label);
  }
  if (attribute.type == "choice" && attribute.choices.empty()) {
    in.Wrong("choices", "is missing: the label of each choice and what the service calls it");
  }
  const bool boolean = attribute.type == "boolean" && !attribute.choices.empty();
  if (boolean && (!attribute.choices.contains("true") || !attribute.choices.contains("false"))) {
    in.Wrong("choices", "of a boolean must name \"true\" and \"false\"");
  }
  return attribute;
}

Attributes ReadAttributes(const In& in) {
  Attributes attributes;
  for (const std::string& name : in.Keys()) {
    if (name.find('.') != std::string::npos) {
      in.Wrong(name, "must not have a dot: dots lead to accounts and contacts");
    }
    attributes.emplace(name, ReadAttribute(in.At(name), name));
  }
  return attributes;
}

Identity ReadIdentity(const In& in) {
  return {in.Pointer("member", "/id"), in.Text("as") == "number"};
}

Envelope ReadEnvelope(const In& in) { return {in.Pointer("answer"), in.Pointer("request")}; }

Search ReadSearch(const In& in, const std::vector<std::string>& placeholders,
                  const std::string& needed) {
  return {ReadCall(in, "GET", placeholders, needed), in.Pointer("items"),
          std::chrono::seconds(in.Number("lag_s", 0))};
}

void ReadDeletions(const In& in, DealResource& deal) {
  deal.deletions = in.OneOf<Deletions>(
      "by", {{"marker", Deletions::marker}, {"feed", Deletions::feed}}, Deletions::absence);
  deal.deleted_member = in.Pointer("member");
  if (deal.deletions == Deletions::marker && deal.deleted_member.empty()) {
    in.Wrong("member", "is missing: the JSON pointer to what is set once a record is deleted");
  }
  if (deal.deletions != Deletions::feed) return;
  if (!in.Has("list")) {
    return in.Wrong("list", "is missing: how the deleted records are listed");
  }
  deal.feed = ReadListing(in.At("list"));
  deal.feed_id = in.Pointer("id", "/id");
  const In at = in.At("deleted_at");
  deal.feed_at = {at.Pointer("member"), ReadStamp(at, "format")};
}

void CheckRoles(const In& in, const DealResource& deal,
                const std::optional<RelatedResource>& account,
                const std::map<std::string, std::string>& fields) {
  for (const auto& [role, name] : deal.roles) {
    const bool of_account = role == "country_code" && account && account->attributes.contains(name);
    if (of_account || deal.attributes.contains(name)) continue;
    const bool configured = fields.contains(role);
    in.Wrong(role, "\"" + name + "\" is none of opportunity.attributes; " +
                       (configured ? "correct crm.fields." + role + " of the configuration"
                                   : std::string("describe it there, or correct the name")));
  }
  for (const char* role : kRolesNeeded) {
    if (deal.roles.contains(role)) continue;
    in.Wrong(role, "is missing: the attribute that " +
                       std::string(role == std::string_view("sync") ? "releases a deal for sharing"
                                                                    : "holds the referral's id"));
  }
}

DealResource ReadDeal(const In& in, const std::map<std::string, std::string>& fields) {
  DealResource deal;
  deal.id = ReadIdentity(in.At("id"));
  deal.envelope = ReadEnvelope(in.At("envelope"));
  const In changed = in.At("changed_at");
  deal.changed_at = {changed.Pointer("member"), ReadStamp(changed, "format")};
  deal.list = ReadListing(in.At("list"));
  deal.list_is_whole = in.At("list").Text("records") == "whole";
  ReadDeletions(in.At("deleted"), deal);
  deal.get = ReadCall(in.At("get"), "GET", {"id"}, "id");
  deal.find = ReadSearch(in.At("find"), {"marker"}, "marker");
  deal.create = ReadCall(in.At("create"), "POST", {"marker"});
  deal.unique_marker = in.At("create").Text("once") == "service";
  deal.update = ReadCall(in.At("update"), "PATCH", {"id"}, "id");
  deal.sends_whole = in.At("update").Text("sends") == "whole";
  if (in.Has("close")) deal.close = ReadCall(in.At("close"), "POST", {"id"}, "id");
  const In precondition = in.At("precondition");
  deal.precondition = precondition.OneOf<Precondition>(
      "by", {{"etag", Precondition::etag}, {"version", Precondition::version}}, Precondition::none);
  deal.version = precondition.Pointer("member");
  if (deal.precondition == Precondition::version && deal.version.empty()) {
    precondition.Wrong("member", "is missing: the JSON pointer to the record's version");
  }
  deal.attributes = ReadAttributes(in.At("attributes"));
  const In roles = in.At("roles");
  for (const std::string& role : roles.Keys()) deal.roles[role] = roles.Text(role);
  for (const auto& [role, name] : fields) deal.roles[role] = name;
  return deal;
}

std::vector<std::string> SearchNames(const Attributes& attributes) {
  std::vector<std::string> names = {"parent"};
  for (const auto& [name, attribute] : attributes) names.push_back(name);
  return names;
}

// `made`: accounts and contacts, which a create may need.
RelatedResource ReadRelated(const In& in, const DealResource& deal, bool made) {
  RelatedResource related;
  related.lookup = in.Text("lookup");
  related.nested = in.Pointer("nested");
  related.id = ReadIdentity(in.At("id"));
  related.envelope = ReadEnvelope(in.At("envelope"));
  related.attributes = ReadAttributes(in.At("attributes"));
  related.parent = in.Pointer("parent");
  related.created_by = in.Pointer("created_by");
  const In created_at = in.At("created_at");
  related.created_at = {created_at.Pointer("member"), ReadStamp(created_at, "format")};
  if (!related.nested.empty()) return related;
  if (!deal.attributes.contains(related.lookup)) {
    in.Wrong("lookup", "\"" + related.lookup +
                           "\" is none of opportunity.attributes: name the one that holds the id, "
                           "or give \"nested\" where the deal holds all of it");
  }
  if (!in.Has("get")) {
    in.Wrong("get", "is missing: how the record behind the lookup is read");
  } else {
    related.get = ReadCall(in.At("get"), "GET", {"id"}, "id");
  }
  if (!made) return related;
  if (in.Has("find")) related.find = ReadSearch(in.At("find"), SearchNames(related.attributes), "");
  if (in.Has("create")) related.create = ReadCall(in.At("create"), "POST", {});
  for (const char* key : {"find", "create"}) {
    if (!in.Has(key)) in.Wrong(key, "is missing: a new deal needs its customer found or created");
  }
  return related;
}

RestAuth ReadAuth(const In& in) {
  using Scheme = RestAuth::Scheme;
  RestAuth auth;
  auth.scheme = in.OneOf<Scheme>("scheme",
                                 {{"bearer", Scheme::bearer},
                                  {"header", Scheme::header},
                                  {"basic", Scheme::basic},
                                  {"client_credentials", Scheme::client_credentials}},
                                 Scheme::bearer);
  auth.header = in.Text("header", "Authorization");
  auth.prefix = in.Text("prefix");
  auth.token_path = in.Path("token_path");
  auth.scope = in.Text("scope");
  auth.audience = in.Text("audience");
  auth.secret_in_header = in.Text("client", "header") == "header";
  if (auth.scheme == Scheme::header && !in.Has("header")) {
    in.Wrong("header", "is missing: the header that carries the key, such as X-Api-Key");
  }
  if (auth.scheme == Scheme::client_credentials && auth.token_path.empty()) {
    in.Wrong("token_path", "is missing: the path of the token endpoint");
  }
  return auth;
}

Description Read(const In& in, const std::map<std::string, std::string>& fields) {
  Description description;
  description.name = in.Text("name");
  description.base_path = in.Path("base_path");
  description.auth = ReadAuth(in.At("auth"));
  description.headers = ReadQuery(in.At("headers"));
  description.requests_per_second_max = in.Decimal("requests_per_second_max", 10);
  const In errors = in.At("errors");
  description.error_code = errors.Pointer("code");
  description.error_message = errors.Pointer("message");
  const In whoami = in.At("whoami");
  description.whoami = ReadCall(whoami, "GET", {});
  description.user = whoami.Pointer("user");
  description.organization = whoami.Pointer("organization");
  description.currencies = in.Texts("currencies");
  description.deal = ReadDeal(in.At("opportunity"), fields);
  const DealResource& deal = description.deal;
  if (in.Has("account")) description.account = ReadRelated(in.At("account"), deal, true);
  if (in.Has("contact")) description.contact = ReadRelated(in.At("contact"), deal, true);
  if (in.Has("owner")) description.owner = ReadRelated(in.At("owner"), deal, false);
  CheckRoles(in.At("opportunity").At("roles"), deal, description.account, fields);
  return description;
}

}  // namespace

Description ReadDescription(std::string_view text, const std::map<std::string, std::string>& fields,
                            std::vector<DescriptionProblem>& problems) {
  const auto document = ParseExact(text, true);
  if (!document) {
    problems.push_back({"", "is not valid JSON"});
    return {};
  }
  return Read(In(*document, "", problems), fields);
}

}  // namespace cosell::rest
