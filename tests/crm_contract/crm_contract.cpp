#include "crm_contract.h"

#include <algorithm>

#include "mapping/read_record.h"

namespace cosell::test {
namespace {

constexpr std::size_t kPagesMax = 50;

std::vector<Attribute> ToAttributes(const Columns& columns) {
  std::vector<Attribute> attributes;
  for (const auto& [name, json] : columns) attributes.push_back({name, json});
  return attributes;
}

std::optional<RelatedRecord> ToRelated(const Result<RelatedColumns>& columns) {
  if (!columns) throw std::runtime_error(columns.error().message);
  return RelatedRecord{ToAttributes(columns->match), ToAttributes(columns->columns)};
}

// The customer of a deal as Partner Center tells it.
std::string ReferralOf(const Deal& deal) {
  const Json address = {{"postalCode", deal.postal_code}, {"country", deal.country}};
  const Json person = {{"firstName", deal.contact_first_name},
                       {"lastName", deal.contact_last_name},
                       {"email", deal.contact_email},
                       {"phoneNumber", deal.contact_phone}};
  const Json customer = {
      {"name", deal.account}, {"address", address}, {"team", Json::array({person})}};
  return Json{{"customerProfile", customer}}.dump();
}

}  // namespace

void CrmContractTest::SetUp() {
  harness_ = GetParam()();
  auto described = crm().Describe(false);
  ASSERT_TRUE(described.ok()) << Describe(described.error());
  schema_ = *std::move(described);
  const auto text = BuiltInMapping(people().mapping_kind());
  ASSERT_TRUE(text.ok()) << Describe(text.error());
  const auto parsed = ParseMapping(*text, "the built-in mapping");
  ASSERT_TRUE(parsed.ok()) << Describe(parsed.error());
  std::vector<std::string> dropped;
  mapping_ = BindMapping(*parsed, schema_.roles,
                         {"https://partner.example/referrals?id={referral_id}", true}, &dropped);
  ASSERT_TRUE(dropped.empty()) << "the organisation has no column for " << dropped.front();
  crm().Select(RecordKind::opportunity, ColumnsToRead(mapping_));
}

std::string CrmContractTest::Column(const std::string& word) const {
  if (const auto field = mapping_.Find(word)) return mapping_.fields[*field].crm;
  return mapping_.Column(word);
}

Json CrmContractTest::Of(const CrmRecord& record, const std::string& word) const {
  const Json raw = Json::parse(record.raw, nullptr, false);
  const auto member = raw.find(Column(word));
  if (member != raw.end()) return *member;
  ADD_FAILURE() << "column " << Column(word) << " was selected and is missing in " << record.raw;
  return nullptr;
}

std::string CrmContractTest::StateOf(const CrmRecord& record) const {
  const auto mapped = RecordFromCrm(mapping_, record.raw, record.id.text);
  if (!mapped) ADD_FAILURE() << Describe(mapped.error());
  if (!mapped) return "";
  return mapped->values[mapping_.Find(kFieldStatus).value()].value_or("");
}

CrmRecord CrmContractTest::ReadOne(const CrmId& id, Crm::Detail detail) {
  const auto read = crm().Read(kKind, {id}, detail);
  if (!read) ADD_FAILURE() << Describe(read.error());
  if (!read || read->empty()) return {};
  EXPECT_EQ(read->size(), 1u);
  EXPECT_EQ(read->front().id, id);
  return read->front();
}

bool CrmContractTest::Exists(const CrmId& id) { return !ReadOne(id).id.empty(); }

std::optional<CrmRecord> CrmContractTest::Created(const std::string& marker) {
  return Traces({kKind, ReferralId{marker}}).record;
}

FoundCreate CrmContractTest::Traces(const CreateSearch& search) {
  const auto found = crm().FindCreated(search);
  if (!found) ADD_FAILURE() << Describe(found.error());
  return found ? *found : FoundCreate{};
}

CrmChanges CrmContractTest::Page(const std::string& cursor) {
  auto page = crm().Changes(kKind, cursor);
  if (!page) ADD_FAILURE() << Describe(page.error());
  return page ? *std::move(page) : CrmChanges{};
}

Seen CrmContractTest::ChangesSince(const std::string& cursor) {
  Seen seen;
  seen.cursor = cursor;
  for (bool more = true; more; ++seen.pages) {
    if (seen.pages == kPagesMax) {
      ADD_FAILURE() << "the pages of changes do not end";
      break;
    }
    const CrmChanges page = Page(seen.cursor);
    for (const CrmRecord& record : page.records) {
      seen.delivered.push_back(record.id);
      seen.records[record.id] = record;
      seen.deleted.erase(record.id);
    }
    for (const CrmId& id : page.deleted) {
      seen.records.erase(id);
      seen.deleted.insert(id);
    }
    seen.full = seen.full && page.full;
    seen.cursor = page.cursor;
    more = page.more;
  }
  return seen;
}

std::vector<CrmId> CrmContractTest::OpensSeveral(std::size_t count) {
  std::vector<CrmId> ids;
  for (std::size_t i = 0; i < count; ++i) {
    Deal deal;
    deal.name = "Pilot " + std::to_string(i + 1);
    ids.push_back(people().Opens(deal));
  }
  return ids;
}

CrmWrite CrmContractTest::BareRecord(const std::string& marker) const {
  const Deal deal;
  CrmWrite write;
  write.kind = CrmWrite::Kind::create;
  write.marker.text = marker;
  write.attributes = {Set(Column("name"), deal.name),
                      Set(Column("deal_value"), deal.value),
                      Set(Column("currency"), deal.currency),
                      Set(Column("closing_date"), deal.closing_date),
                      Set(Column("notes"), deal.notes),
                      Set(Column("referral_id"), marker),
                      Set(Column("sync"), true)};
  for (const auto& [column, json] : mapping_.status.write.at("active").columns) {
    write.attributes.push_back({column, json});
  }
  write.correlation.text = "c0000000-0000-4000-8000-000000000001";
  return write;
}

CrmWrite CrmContractTest::NewRecord(const std::string& marker, const Deal& deal) const {
  CrmWrite write = BareRecord(marker);
  write.attributes.front() = Set(Column("name"), deal.name);
  write.account = ToRelated(AccountFromReferral(mapping_, ReferralOf(deal)));
  write.contact = ToRelated(ContactFromReferral(mapping_, ReferralOf(deal)));
  return write;
}

CrmWrite CrmContractTest::Update(const CrmId& id, const std::string& etag,
                                 std::vector<Attribute> attributes) const {
  CrmWrite write;
  write.kind = CrmWrite::Kind::update;
  write.id = id;
  write.etag = etag;
  write.attributes = std::move(attributes);
  write.correlation.text = "c0000000-0000-4000-8000-000000000002";
  return write;
}

CrmWrite CrmContractTest::MoveTo(const std::string& state, const CrmRecord& record) const {
  const StatusWrite& status = mapping_.status.write.at(state);
  CrmWrite write = Update(record.id, record.etag, {});
  for (const auto& [column, json] : status.columns) write.attributes.push_back({column, json});
  if (status.close.empty()) return write;
  write.kind = CrmWrite::Kind::close;
  write.won = status.close == "won";
  write.close_subject = "Closed in Partner Center";
  write.close_description = "Closed in Partner Center as " + state + ".";
  return write;
}

CrmWriteResult CrmContractTest::Write(const CrmWrite& write) {
  auto results = crm().Write({write});
  if (results.size() == 1) return std::move(results.front());
  ADD_FAILURE() << "one write got " << results.size() << " results";
  return {Error{}, {}};
}

CrmRecord CrmContractTest::Written(const CrmWrite& write) {
  const CrmWriteResult result = Write(write);
  if (!result.record) ADD_FAILURE() << Describe(result.record.error());
  return result.record ? *result.record : CrmRecord{};
}

void CrmContractTest::ExpectFailure(const CrmWriteResult& result, ErrorKind kind) {
  if (result.record) {
    ADD_FAILURE() << "the write succeeded instead of ending as " << ToString(kind);
    return;
  }
  EXPECT_EQ(ToString(result.record.error().kind), ToString(kind))
      << Describe(result.record.error());
  EXPECT_FALSE(result.record.error().message.empty());
}

void CrmContractTest::ExpectPerformed(const CrmWriteResult& result, const std::string& operation) {
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  ASSERT_EQ(result.performed.size(), 1u);
  const PerformedWrite& entry = result.performed.front();
  EXPECT_EQ(entry.record_kind, "opportunity");
  EXPECT_EQ(entry.record_id, result.record->id.text);
  EXPECT_EQ(entry.operation, operation);
  EXPECT_TRUE(entry.done);
  EXPECT_TRUE(entry.outcome_code.empty()) << entry.outcome_code;
  EXPECT_GE(entry.duration_ms, 0);
}

void CrmContractTest::ExpectNothingDone(const CrmWriteResult& result) {
  for (const PerformedWrite& entry : result.performed) {
    EXPECT_FALSE(entry.done) << entry.operation << " of " << entry.record_kind;
    EXPECT_FALSE(entry.outcome_code.empty());
  }
  EXPECT_LE(result.performed.size(), 1u);
}

}  // namespace cosell::test
