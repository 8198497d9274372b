#pragma once

#include <iterator>

#include "crm_contract.h"

namespace cosell::test {

// The contract for leads. Each implementation that has them instantiates this suite too; where
// people convert leads themselves, the harness says so.
class CrmLeadTest : public CrmContractTest {
 protected:
  static constexpr auto kLead = RecordKind::lead;

  void SetUp() override {
    CrmContractTest::SetUp();
    if (!people().has_leads()) GTEST_SKIP() << "no leads here yet";
    ASSERT_TRUE(schema().lead.has_value());
    crm().Select(kLead, {people().lead_notes(), Role("audit"), Role("status")});
  }

  std::string Role(const std::string& role) const {
    const auto found = schema().lead->roles.find(role);
    return found == schema().lead->roles.end() ? std::string{} : found->second;
  }
  CrmWrite NewLead(const std::string& marker) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::create;
    write.record_kind = kLead;
    write.marker.text = marker;
    write.attributes = people().NewLead(marker);
    write.correlation.text = "c0000000-0000-4000-8000-000000000003";
    return write;
  }
  CrmWrite Change(const CrmRecord& lead, std::vector<Attribute> attributes) const {
    CrmWrite write = Update(lead.id, lead.etag, std::move(attributes));
    write.record_kind = kLead;
    return write;
  }
  CrmWrite Note(const CrmRecord& lead, const std::string& notes) {
    return Change(lead, {Set(people().lead_notes(), notes)});
  }
  // With the account and contact of a deal.
  CrmWrite Qualify(const CrmRecord& lead) const {
    const CrmWrite deal = NewRecord(kOtherMarker);
    CrmWrite write;
    write.kind = CrmWrite::Kind::qualify;
    write.record_kind = kLead;
    write.id = lead.id;
    write.etag = lead.etag;
    write.account = deal.account;
    write.contact = deal.contact;
    write.correlation.text = "c0000000-0000-4000-8000-000000000004";
    return write;
  }
  std::optional<CrmRecord> ReadLead(const CrmId& id) {
    const auto read = crm().Read(kLead, {id}, Crm::Detail::own);
    if (!read) ADD_FAILURE() << Describe(read.error());
    if (!read || read->empty()) return std::nullopt;
    return read->front();
  }
  static Json At(const CrmRecord& record, const std::string& column) {
    return Json::parse(record.raw).value(column, Json("(absent)"));
  }
  // All pages since a cursor: the records, the deleted ids, and the cursor after them.
  CrmChanges LeadsSince(std::string cursor) {
    CrmChanges all;
    do {
      auto page = crm().Changes(kLead, cursor);
      if (!page) ADD_FAILURE() << Describe(page.error());
      if (!page) break;
      cursor = page->cursor;
      all.more = page->more;
      all.full = page->full;
      std::move(page->records.begin(), page->records.end(), std::back_inserter(all.records));
      std::move(page->deleted.begin(), page->deleted.end(), std::back_inserter(all.deleted));
    } while (all.more);
    all.cursor = cursor;
    return all;
  }
  static std::vector<std::string> KindsOf(const CrmWriteResult& result) {
    std::vector<std::string> kinds;
    for (const PerformedWrite& each : result.performed) {
      EXPECT_TRUE(each.done) << each.record_kind << " " << each.outcome_code;
      kinds.push_back(each.operation + " " + each.record_kind);
    }
    return kinds;
  }
};

}  // namespace cosell::test
