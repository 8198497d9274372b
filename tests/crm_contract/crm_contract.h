#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crm_harness.h"
#include "mapping/mapping.h"
#include "mapping/sharing.h"
#include "ports/crm.h"

namespace cosell::test {

using Json = nlohmann::json;

// Everything one run through Changes brought, to its last page.
struct Seen {
  std::map<CrmId, CrmRecord> records;  // as last delivered
  std::vector<CrmId> delivered;        // in order, with repetitions
  std::set<CrmId> deleted;
  std::string cursor;
  std::size_t pages = 0;
  bool full = true;  // of every page

  bool Has(const CrmId& id) const { return records.contains(id); }
};

// The contract of ports/crm.h as tests: each sentence of the header is one. Every implementation of
// the port runs the same tests; columns and states are spoken of by the mapping's words ("notes",
// "deal_value", "won") or a role's ("sync"), never by a CRM's own names.
class CrmContractTest : public ::testing::TestWithParam<HarnessMaker> {
 protected:
  static constexpr auto kKind = RecordKind::opportunity;
  static constexpr const char* kMarker = "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001";
  static constexpr const char* kOtherMarker = "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a002";

  // A new organisation; described, the mapping bound to it, its columns selected.
  void SetUp() override;

  Crm& crm() { return harness_->crm(); }
  CrmHarness& people() { return *harness_; }
  const CrmSchema& schema() const { return schema_; }
  const Mapping& mapping() const { return mapping_; }

  // --- words
  // The column of a mapped field or of a role.
  std::string Column(const std::string& word) const;
  // The value of that column in a record.
  Json Of(const CrmRecord& record, const std::string& word) const;
  // "new", "active", "won" or "lost", as the mapping reads it.
  std::string StateOf(const CrmRecord& record) const;
  static Attribute Set(const std::string& column, const Json& value) {
    return {column, value.dump()};
  }

  // --- reading; a failure fails the test
  // The record; an empty one when it is absent.
  CrmRecord ReadOne(const CrmId& id, Crm::Detail detail = Crm::Detail::own);
  bool Exists(const CrmId& id);
  std::optional<CrmRecord> Created(const std::string& marker);
  // What a create of unknown outcome has left behind.
  FoundCreate Traces(const CreateSearch& search);
  // The search for a create sent at the beginning of time.
  static CreateSearch SearchFor(const CrmWrite& write) {
    return {kKind, write.marker, write.account, write.contact, {}, {}};
  }
  // Page after page from a cursor to the end.
  Seen ChangesSince(const std::string& cursor);
  Seen ReadEverything() { return ChangesSince(""); }
  CrmChanges Page(const std::string& cursor);
  // Several deals, each with a name of its own.
  std::vector<CrmId> OpensSeveral(std::size_t count);
  void Renames(const CrmId& id, const std::string& name) {
    people().Sets(id, Column("name"), name);
  }

  // --- writing
  // A referral from Partner Center that becomes a record with account and contact.
  CrmWrite NewRecord(const std::string& marker, const Deal& deal = {}) const;
  // The same without account and contact.
  CrmWrite BareRecord(const std::string& marker) const;
  CrmWrite Update(const CrmId& id, const std::string& etag,
                  std::vector<Attribute> attributes) const;
  CrmWrite Rename(const CrmRecord& record, const std::string& name) const {
    return Update(record.id, record.etag, {Set(Column("name"), name)});
  }
  // The write that brings a deal to a state, as the mapping's status table says.
  CrmWrite MoveTo(const std::string& state, const CrmRecord& record) const;
  CrmWriteResult Write(const CrmWrite& write);
  // The record of a write that must succeed.
  CrmRecord Written(const CrmWrite& write);

  // --- expectations
  static void ExpectFailure(const CrmWriteResult& result, ErrorKind kind);
  // Whether the entries name this one done write alone.
  static void ExpectPerformed(const CrmWriteResult& result, const std::string& operation);
  // Nothing was done to an opportunity, and what was tried and failed stands last.
  static void ExpectNothingDone(const CrmWriteResult& result);

 private:
  std::unique_ptr<CrmHarness> harness_;
  CrmSchema schema_;
  Mapping mapping_;
};

}  // namespace cosell::test
