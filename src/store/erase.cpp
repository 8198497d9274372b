#include "store/erase.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "base/guid.h"
#include "base/record_id.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/links.h"
#include "store/people.h"
#include "store/query.h"

namespace cosell::store {
namespace {

constexpr std::string_view kRead =
    "SELECT hash, words, part, salt FROM erased_phrase WHERE connection_id = ?1";
constexpr std::string_view kSalt =
    "SELECT salt FROM erased_phrase WHERE connection_id = ?1 LIMIT 1";
constexpr std::string_view kNextPerson =
    "SELECT coalesce(max(person), 0) + 1 FROM erased_phrase WHERE connection_id = ?1";
constexpr std::string_view kKeep = R"(
  INSERT INTO erased_phrase(connection_id, hash, salt, words, part, person, erased_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING)";
constexpr std::string_view kAllow = R"(
  DELETE FROM erased_phrase WHERE connection_id = ?1 AND person IN
    (SELECT person FROM erased_phrase WHERE connection_id = ?1 AND hash IN (?2, ?3)))";
constexpr std::string_view kCountAllowed = R"(
  SELECT count(DISTINCT person) FROM erased_phrase WHERE connection_id = ?1 AND hash IN (?2, ?3))";

constexpr std::string_view kReferralRaw =
    "SELECT raw FROM referral WHERE connection_id = ?1 AND record_id = ?2";
constexpr std::string_view kLeadRaw =
    "SELECT raw FROM crm_record WHERE connection_id = ?1 AND record_id = ?2 AND "
    "record_kind = 'lead'";
// Where people are described. ?2 is in lower case.
constexpr std::string_view kDescribing = R"(
  SELECT raw FROM referral WHERE connection_id = ?1 AND instr(lower(raw), ?2) > 0
  UNION ALL
  SELECT raw FROM crm_record WHERE connection_id = ?1 AND instr(lower(raw), ?2) > 0
  UNION ALL
  SELECT body FROM intent WHERE connection_id = ?1 AND instr(lower(body), ?2) > 0)";

// A column that may hold personal text: how its rows are read (number, text; ?1 connection) and
// written back (?1 number, ?2 text).
struct Place {
  std::string read;
  std::string write;
  bool json = false;
};

constexpr const char* kOfConnection = "connection_id = ?1";
constexpr const char* kOfLinks = "link_id IN (SELECT id FROM link WHERE connection_id = ?1)";
constexpr const char* kItself = "id = ?1";

Place At(const std::string& table, const std::string& column, const std::string& rows, bool json) {
  return {
      "SELECT rowid, " + column + " FROM " + table + " WHERE " + rows + " AND " + column + " <> ''",
      "UPDATE " + table + " SET " + column + " = ?2 WHERE rowid = ?1", json};
}

// Statements are prepared for as long as a session lives, so their texts stay.
const std::vector<Place>& Places() {
  static const std::vector<Place> places = {
      At("referral", "raw", kOfConnection, true),
      At("referral", "fields", kOfConnection, true),
      At("crm_record", "raw", kOfConnection, true),
      At("crm_record", "fields", kOfConnection, true),
      At("record_change", "changes", kOfConnection, true),
      At("link", "base_partner_center", kOfConnection, true),
      At("link", "base_crm", kOfConnection, true),
      At("link", "reason", kOfConnection, false),
      At("link", "notice", kOfConnection, false),
      At("link_change", "base_partner_center", kOfLinks, true),
      At("link_change", "base_crm", kOfLinks, true),
      At("link_change", "reason", kOfLinks, false),
      At("intent", "body", kOfConnection, true),
      At("intent", "changes", kOfConnection, true),
      At("intent", "reason", kOfConnection, false),
      At("field_change", "value", kOfLinks, false),
      At("field_change", "superseded_by", kOfLinks, false),
      At("field_change", "cause", kOfLinks, false),
      At("connection", "reason", kItself, false)};
  return places;
}

// The two tables without a number of their own: their rows are few.
constexpr std::string_view kConflicts = R"(
  SELECT link_id, field, base, partner_center_value, crm_value FROM conflict
  WHERE link_id IN (SELECT id FROM link WHERE connection_id = ?1))";
constexpr std::string_view kSetConflict = R"(
  UPDATE conflict SET base = ?3, partner_center_value = ?4, crm_value = ?5
  WHERE link_id = ?1 AND field = ?2)";
constexpr std::string_view kDecisions = R"(
  SELECT link_id, field, partner_center_value, crm_value, lost_value FROM decision
  WHERE link_id IN (SELECT id FROM link WHERE connection_id = ?1))";
constexpr std::string_view kSetDecision = R"(
  UPDATE decision SET partner_center_value = ?3, crm_value = ?4, lost_value = ?5
  WHERE link_id = ?1 AND field = ?2)";

// Values of the audit are erased, never changed.
constexpr std::string_view kAudited = R"(
  SELECT v.audit_id, v.before, v.after FROM audit_value AS v JOIN audit AS a ON a.id = v.audit_id
  WHERE a.connection = ?1)";
constexpr std::string_view kEraseAudited = "DELETE FROM audit_value WHERE audit_id = ?1";

std::optional<std::int64_t> ToNumber(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

std::optional<Link> FindLink(Session& session, ConnectionRow connection, const std::string& id) {
  const std::string record = CanonicalRecordId(id);
  std::int64_t link = FindLinkId(session, connection, Side::partner_center, record);
  if (link == 0) link = FindLinkId(session, connection, Side::crm, record);
  if (link == 0) link = ToNumber(id).value_or(0);
  return link == 0 ? std::nullopt : ReadLink(session, connection, link);
}

std::string TextOf(Session& session, std::string_view sql, ConnectionRow connection,
                   const std::string& id) {
  Query query(session, sql, connection, id);
  return query.Next() ? query.Text(0) : "";
}

// The customer's contacts of a pair.
std::set<std::string> AddressesOf(Session& session, ConnectionRow connection, const Link& link) {
  auto addresses =
      CustomerAddresses(TextOf(session, kReferralRaw, connection, link.referral_id.text));
  addresses.merge(AddressesAmongValues(TextOf(session, kLeadRaw, connection, link.crm_id.text)));
  return addresses;
}

Person DescribedBy(Session& session, ConnectionRow connection, const std::string& address) {
  Person person;
  person.phrases.insert(PhraseOf(address));
  Query query(session, kDescribing, connection, address);
  while (query.Next()) AddPerson(query.Text(0), address, &person);
  return person;
}

std::int64_t EraseIn(Session& session, ConnectionRow connection, const Place& place,
                     const PeopleFilter& filter) {
  std::vector<std::pair<std::int64_t, std::string>> changed;
  {
    Query query(session, place.read, connection);
    while (query.Next()) {
      const std::string text = query.Text(1);
      std::string erased = place.json ? filter.InJson(text) : filter.InText(text);
      if (erased != text) changed.emplace_back(query.Int(0), std::move(erased));
    }
  }
  for (const auto& [key, text] : changed) Change(session, place.write, key, text);
  return static_cast<std::int64_t>(changed.size());
}

std::int64_t EraseTriples(Session& session, ConnectionRow connection, std::string_view read,
                          std::string_view write, const PeopleFilter& filter) {
  struct Row {
    std::int64_t link = 0;
    std::string field;
    std::string values[3];
  };
  std::vector<Row> changed;
  {
    Query query(session, read, connection);
    while (query.Next()) {
      Row row{query.Int(0), query.Text(1), {}};
      bool differs = false;
      for (int i = 0; i < 3; ++i) {
        const std::string text = query.Text(2 + i);
        row.values[i] = filter.InText(text);
        differs = differs || row.values[i] != text;
      }
      if (differs) changed.push_back(std::move(row));
    }
  }
  for (const Row& row : changed)
    Change(session, write, row.link, row.field, row.values[0], row.values[1], row.values[2]);
  return static_cast<std::int64_t>(changed.size());
}

std::int64_t EraseAudited(Session& session, const ConnectionName& name,
                          const PeopleFilter& filter) {
  std::vector<std::int64_t> found;
  {
    Query query(session, kAudited, name.text);
    const auto holds = [&](const std::string& text) {
      return filter.InText(text) != text || filter.InJson(text) != text;
    };
    while (query.Next()) {
      if (holds(query.Text(1)) || holds(query.Text(2))) found.push_back(query.Int(0));
    }
  }
  for (const std::int64_t id : found) Change(session, kEraseAudited, id);
  return static_cast<std::int64_t>(found.size());
}

std::int64_t EraseEverywhere(Session& session, ConnectionRow connection, const ConnectionName& name,
                             const Person& all) {
  const std::vector<std::string> phrases(all.phrases.begin(), all.phrases.end());
  const std::vector<std::string> parts(all.parts.begin(), all.parts.end());
  const PeopleFilter filter(phrases, parts);
  std::int64_t values = EraseAudited(session, name, filter);
  for (const Place& place : Places()) values += EraseIn(session, connection, place, filter);
  values += EraseTriples(session, connection, kConflicts, kSetConflict, filter);
  return values + EraseTriples(session, connection, kDecisions, kSetDecision, filter);
}

// An id is told apart from the phrases of a text.
std::string PhraseOfId(const std::string& id) { return "id " + PhraseOf(CanonicalRecordId(id)); }

std::string Salt(Session& session, ConnectionRow connection, Random* salts) {
  Query query(session, kSalt, connection);
  return query.Next() ? query.Text(0) : NewSalt(session, salts);
}

void Remember(Session& session, ConnectionRow connection, const std::string& id,
              const Person& person, Instant now, Random* salts) {
  const std::string salt = Salt(session, connection, salts);
  std::int64_t number = 0;
  {
    Query next(session, kNextPerson, connection);
    next.Next();
    number = next.Int(0);
  }
  const auto keep = [&](const std::string& phrase, std::size_t words, bool part) {
    Change(session, kKeep, connection, PhraseHash(salt, phrase), salt, words, part, number,
           ToUnixMs(now));
  };
  for (const std::string& phrase : person.phrases) keep(phrase, CountWords(phrase), false);
  for (const std::string& part : person.parts) keep(part, CountWords(part), true);
  keep(PhraseOfId(id), 0, false);
}

void Tell(Session& session, const ConnectionName& name, const std::string& rule,
          const std::string& reason, Instant now, Random* salts) {
  AuditEntry entry;
  entry.at = now;
  entry.record_kind = "person";
  entry.operation = "redact";
  entry.reason = reason;
  entry.rule = rule;
  entry.cause = "person";
  AppendAudit(session, name, entry, salts);
}

}  // namespace

PeopleFilter ReadErased(Session& session, ConnectionRow connection) {
  std::vector<ErasedPhrase> phrases;
  std::string salt;
  Query query(session, kRead, connection);
  while (query.Next()) {
    phrases.push_back({query.Text(0), static_cast<std::size_t>(query.Int(1)), query.Bool(2)});
    salt = query.Text(3);
  }
  return phrases.empty() ? PeopleFilter() : PeopleFilter(salt, phrases);
}

std::optional<Erasure> ErasePerson(Session& session, ConnectionRow connection,
                                   const ConnectionName& name, const std::string& id, Instant now,
                                   Random* salts) {
  std::set<std::string> addresses;
  if (id.find('@') != std::string::npos) {
    addresses.insert(ToLower(Trim(id)));
  } else if (const auto link = FindLink(session, connection, id)) {
    addresses = AddressesOf(session, connection, *link);
  }
  if (addresses.empty()) return std::nullopt;
  Person all;
  for (const std::string& address : addresses) {
    const Person person = DescribedBy(session, connection, address);
    Remember(session, connection, id, person, now, salts);
    all.phrases.insert(person.phrases.begin(), person.phrases.end());
    all.parts.insert(person.parts.begin(), person.parts.end());
  }
  Erasure erasure;
  erasure.people = static_cast<std::int64_t>(addresses.size());
  erasure.values = EraseEverywhere(session, connection, name, all);
  Tell(session, name, "erase",
       "a person's data was erased from " + std::to_string(erasure.values) +
           " stored values and is not taken in again",
       now, salts);
  return erasure;
}

std::int64_t AllowPerson(Session& session, ConnectionRow connection, const ConnectionName& name,
                         const std::string& id, Instant now, Random* salts) {
  const std::string salt = Salt(session, connection, salts);
  const std::string phrase = PhraseHash(salt, PhraseOf(id));
  const std::string asked = PhraseHash(salt, PhraseOfId(id));
  std::int64_t people = 0;
  {
    Query count(session, kCountAllowed, connection, phrase, asked);
    count.Next();
    people = count.Int(0);
  }
  if (people == 0) return 0;
  Change(session, kAllow, connection, phrase, asked);
  Tell(session, name, "allow", "a person's data may be taken in again", now, salts);
  return people;
}

}  // namespace cosell::store
