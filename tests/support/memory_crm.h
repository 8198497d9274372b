#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/guid.h"
#include "ports/crm.h"

namespace cosell::test {

// The CRM in memory: an organisation with the columns of the built-in Dynamics 365 mapping, in
// ordinary data structures. It keeps every promise of ports/crm.h (tests/crm_contract holds it to
// them), so what runs against it runs against a CRM. People's verbs stand beside the port's calls.
// Safe from any thread; deterministic under its clock.
class MemoryCrm final : public Crm {
 public:
  using Json = nlohmann::json;

  struct Options {
    std::size_t page_size = 500;
    bool whole_second_stamps = true;                              // changed_at as most CRMs have it
    std::vector<std::string> currencies = {"EUR", "SEK", "USD"};  // the first is the default
  };
  // `clock` must outlive the CRM.
  explicit MemoryCrm(Clock& clock) : MemoryCrm(clock, Options()) {}
  MemoryCrm(Clock& clock, Options options);

  // --- What people do. Objects hold flat values by column name, as the port speaks them.
  struct Deal {
    Json columns = Json::object();
    Json account = Json::object();
    Json contact = Json::object();
  };
  // Opens a deal; accounts are shared by name and postal code, contacts by account and e-mail.
  CrmId Opens(const Deal& deal);
  // Enters a lead, and qualifies it in the form: the opportunity's id.
  CrmId OpensLead(const Json& columns);
  CrmId QualifiesLead(const CrmId& id);
  // One edit of some columns of an opportunity or lead. Throws std::invalid_argument for a value
  // that does not fit.
  void Sets(const CrmId& id, const Json& columns);
  void Deletes(const CrmId& id);
  void Undeletes(const CrmId& id);

  // --- What goes wrong. The next `times` calls end with `kind` (0: until Recovers). A write is
  // performed all the same with `after_effect`, and such a failure waits for the next Write. A kind
  // that leaves open whether anything happened reaches a writer as unknown_outcome.
  void FailNext(ErrorKind kind, bool after_effect = false, int times = 1);
  void Recovers();
  // No cursor handed out so far is known any more.
  void ForgetsCursors();

  // --- Inspection. "opportunity", "lead", "account" or "contact" rows whose column has this value.
  std::size_t Count(const std::string& table, const std::string& column, const Json& value) const;

  // --- The port.
  Result<CrmSchema> Describe(bool refresh) override;
  void Select(RecordKind kind, const std::vector<std::string>& columns) override;
  Result<CrmChanges> Changes(RecordKind kind, const std::string& cursor) override;
  Result<std::vector<CrmRecord>> Read(RecordKind kind, const std::vector<CrmId>& ids,
                                      Detail detail) override;
  Result<FoundCreate> FindCreated(const CreateSearch& search) override;
  std::vector<CrmWriteResult> Write(const std::vector<CrmWrite>& writes) override;

 private:
  struct Row {
    Json columns = Json::object();
    RecordKind kind = RecordKind::opportunity;
    std::string marker;  // of the create that made it
    std::uint64_t version = 0;
    Instant changed_at;
    bool deleted = false;
  };
  struct Fault {
    ErrorKind kind;
    bool after_effect;
    int times;
  };
  // Rows in the order they were made.
  using Table = std::vector<std::pair<std::string, Json>>;

  static Error Fail(ErrorKind kind, std::string message);

  // All of these require mutex_ held.
  std::optional<Fault> TakeFault(bool writing);
  std::optional<Error> Refusal();
  CrmChanges FullPage(RecordKind kind, std::uint64_t since, const std::string& after_id) const;
  CrmChanges DeltaPage(RecordKind kind, std::uint64_t since) const;
  CrmRecord ToRecord(const std::string& id, const Row& row, Detail detail) const;
  Json RelatedColumn(const Row& row, const std::string& dotted) const;
  void Stamp(Row& row);
  Row NewRow(RecordKind kind) const;
  Row* FindRow(RecordKind kind, const std::string& id);
  std::map<std::string, Row>::iterator FindMade(RecordKind kind, const ReferralId& marker);
  const Json* FindRelated(const std::string& table, const RelatedRecord& record,
                          const std::string& account_id) const;
  std::string Resolve(const std::string& table, const RelatedRecord& record,
                      const std::string& account_id, const std::string& user_id,
                      std::vector<PerformedWrite>& performed);
  std::string AddMade(const std::string& table, const CreateSearch& search,
                      const std::optional<RelatedRecord>& record, const std::string& account_id,
                      std::vector<PerformedWrite>& made) const;
  CrmWriteResult Perform(const CrmWrite& write);
  Result<CrmRecord> WriteOne(const CrmWrite& write, std::vector<PerformedWrite>& performed);
  Result<CrmRecord> Create(const CrmWrite& write, std::vector<PerformedWrite>& performed);
  Result<CrmRecord> Update(const CrmWrite& write, Row& row, std::vector<PerformedWrite>& performed);
  Result<CrmRecord> Close(const CrmWrite& write, Row& row, std::vector<PerformedWrite>& performed);
  Status MoveLead(const CrmWrite& write, const Row& row, Json& fitted) const;
  Result<CrmRecord> Qualify(const CrmWrite& write, Row& lead,
                            std::vector<PerformedWrite>& performed);
  std::string MakeOpportunity(const std::string& lead_id, Row& lead, const std::string& account,
                              const std::string& contact);

  Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;
  SeededRandom random_{41};
  const std::string user_id_ = NewGuid(random_);
  const CrmSchema schema_;
  std::map<RecordKind, std::vector<std::string>> selected_;
  std::map<std::string, Row> rows_;       // of both kinds
  std::map<std::string, Table> related_;  // "account", "contact", "systemuser"
  std::vector<Fault> faults_;
  std::uint64_t version_ = 0;
  std::uint64_t oldest_cursor_ = 0;
};

}  // namespace cosell::test
