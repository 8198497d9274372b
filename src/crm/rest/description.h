#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crm/rest/rest_client.h"

// What a description file says of a service (schema/rest-crm.schema.json, docs/REST-CRM.md): where
// its records are, how they are listed and written, and which member is which column. Values;
// immutable once parsed; safe to share between threads.
namespace cosell::rest {

// How an instant or a date stands in an answer, a query or a body.
enum class Stamp { rfc3339, rfc3339_seconds, unix_s, unix_ms, date };

using Query = std::vector<std::pair<std::string, std::string>>;

// A path below the base and its query; {id}, {marker}, {name} are filled in, percent-encoded.
struct Call {
  std::string method = "GET";
  std::string path;
  Query query;
};

struct Paging {
  enum class By { none, link, number, offset, cursor };
  By by = By::none;
  std::string parameter;       // number, offset, cursor
  std::string next;            // pointer to the next link or cursor
  int first = 1;               // number: of the first page
  std::string size_parameter;  // may be empty
  int size = 100;
};

struct Listing {
  Call call;
  std::string items;      // pointer to the array
  std::string parameter;  // of "changed since"; empty: the service has none
  Stamp format = Stamp::rfc3339;
  std::chrono::seconds overlap{120};
  Paging paging;
};

struct Attribute {
  std::string name;
  std::string member;  // pointer
  std::string type;    // as in CrmColumn, or "list", "currency"
  // Departs from what the type suggests: a decimal in a JSON string, an id that is a JSON number.
  enum class As { natural, text, number } as = As::natural;
  Stamp format = Stamp::rfc3339;
  std::optional<std::size_t> length_max;
  bool creatable = true;
  bool updatable = true;
  std::map<std::string, std::string> choices;  // label -> the service's own value as JSON text
};
using Attributes = std::map<std::string, Attribute>;

struct Identity {
  std::string member = "/id";
  bool number = false;  // a JSON number, also where a lookup carries it
};

struct Envelope {
  std::string answer;   // pointer to the record in the answer to get, create and update
  std::string request;  // where the record stands in what is sent
};

struct Search {
  Call call;
  std::string items;
  // How long the search may not show what was written.
  std::chrono::seconds lag{0};
};

struct StampMember {
  std::string member;
  Stamp format = Stamp::rfc3339;
};

enum class Deletions { absence, marker, feed };
enum class Precondition { none, etag, version };

// The deals.
struct DealResource {
  Identity id;
  Envelope envelope;
  StampMember changed_at;
  Listing list;
  bool list_is_whole = false;  // items of the list are the records, as up to date as a get
  Deletions deletions = Deletions::absence;
  std::string deleted_member;  // pointer, deletions by marker
  Listing feed;                // deletions by feed
  std::string feed_id;         // pointer
  StampMember feed_at;         // optional: member empty
  Call get;
  Search find;
  Call create;
  bool unique_marker = false;  // the service refuses a second record with the same marker (409)
  Call update;
  bool sends_whole = false;   // the record as read, with the changes; else the changes alone
  std::optional<Call> close;  // left out: closed by an update
  Precondition precondition = Precondition::none;
  std::string version;  // pointer
  std::map<std::string, std::string> roles;
  Attributes attributes;
};

// A customer, contact or owner of a deal: a resource of its own, or members of the deal.
struct RelatedResource {
  std::string lookup;
  std::string nested;  // pointer into the deal; empty: a resource of its own
  Identity id;
  Envelope envelope;
  std::optional<Call> get;
  std::optional<Search> find;
  std::optional<Call> create;
  std::string parent;      // contact: pointer to its account's id
  std::string created_by;  // pointer
  StampMember created_at;  // optional: member empty
  Attributes attributes;
};

struct Description {
  std::string name;       // in messages
  std::string base_path;  // below crm.url
  RestAuth auth;
  Query headers;  // sent with every call
  double requests_per_second_max = 10;
  std::string error_code;     // pointers into the body of a refusal; may be empty
  std::string error_message;  // told to the person at the record alone
  // Who we are; path empty: the service does not say.
  Call whoami;
  std::string user;          // pointer
  std::string organization;  // pointer; may be empty
  std::vector<std::string> currencies;
  DealResource deal;
  std::optional<RelatedResource> account;
  std::optional<RelatedResource> contact;
  std::optional<RelatedResource> owner;
};

// One thing that is wrong with a description file, and how to mend it.
struct DescriptionProblem {
  std::string path;  // "opportunity.list.items"
  std::string message;
};

// Reads a description whose shape has been held against the schema; where it departs from that,
// defaults stand in, so that all other problems are found too. `fields` are the roles the
// configuration names (crm.fields), which go before the file's own.
Description ReadDescription(std::string_view text, const std::map<std::string, std::string>& fields,
                            std::vector<DescriptionProblem>& problems);

}  // namespace cosell::rest
