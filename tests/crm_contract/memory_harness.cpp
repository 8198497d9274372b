#include "crm_harness.h"
#include "dynamics_lead.h"
#include "lead_contract.h"
#include "support/fake_clock.h"
#include "support/memory_crm.h"

namespace cosell::test {
namespace {

ErrorKind KindOf(Trouble trouble) {
  switch (trouble) {
    case Trouble::throttled:
      return ErrorKind::throttled;
    case Trouble::unreachable:
      return ErrorKind::unreachable;
    case Trouble::unavailable:
      return ErrorKind::unavailable;
    case Trouble::unauthorized:
      return ErrorKind::unauthorized;
    case Trouble::forbidden:
      return ErrorKind::forbidden;
    case Trouble::garbled:
      return ErrorKind::invalid_response;
  }
  return ErrorKind::unavailable;
}

// The CRM in memory (support/memory_crm.h).
class MemoryHarness final : public CrmHarness {
 public:
  explicit MemoryHarness(bool whole_second_stamps)
      : crm_(clock_, {kPageSize, whole_second_stamps, {"EUR", "USD"}}) {}

  Crm& crm() override { return crm_; }
  std::string mapping_kind() const override { return "dynamics365"; }
  LongText long_text() const override { return LongText::refused; }
  CrmId unknown_id() const override { return {"0b000000-0000-4000-8000-0000000000ff"}; }

  CrmId Opens(const Deal& deal) override {
    return crm_.Opens({{{"name", deal.name},
                        {"estimatedvalue", deal.value},
                        {"transactioncurrencyid", deal.currency},
                        {"estimatedclosedate", deal.closing_date},
                        {"description", deal.notes}},
                       {{"name", deal.account},
                        {"address1_postalcode", deal.postal_code},
                        {"address1_country", deal.country}},
                       {{"firstname", deal.contact_first_name},
                        {"lastname", deal.contact_last_name},
                        {"emailaddress1", deal.contact_email},
                        {"telephone1", deal.contact_phone}}});
  }
  void Sets(const CrmId& id, const std::string& column, const Json& value) override {
    crm_.Sets(id, {{column, value}});
  }
  void Deletes(const CrmId& id) override { crm_.Deletes(id); }
  void Undeletes(const CrmId& id) override { crm_.Undeletes(id); }
  std::size_t Accounts(const std::string& name) override {
    return crm_.Count("account", "name", name);
  }
  std::size_t Contacts(const std::string& email) override {
    return crm_.Count("contact", "emailaddress1", email);
  }

  bool has_leads() const override { return true; }
  bool can_qualify() const override { return true; }
  std::vector<Attribute> NewLead(const std::string& marker) const override {
    return LeadOfDynamics(marker);
  }
  std::string lead_notes() const override { return "description"; }
  std::vector<Attribute> Disqualified() const override {
    return {{"statecode", "2"}, {"statuscode", "4"}};
  }
  CrmId OpensLead() override {
    return crm_.OpensLead({{"subject", "Robotics enquiry"}, {"lastname", "Example"}});
  }
  void NotesOnLead(const CrmId& id, const std::string& notes) override {
    crm_.Sets(id, {{"description", notes}});
  }
  void DeletesLead(const CrmId& id) override { crm_.Deletes(id); }
  CrmId QualifiesLead(const CrmId& id) override { return crm_.QualifiesLead(id); }
  void LosesTheAnswerToQualifying() override { crm_.FailNext(ErrorKind::unknown_outcome, true); }

  void Pass(std::chrono::seconds time) override { clock_.Advance(time); }
  void Suffers(Trouble trouble) override {
    // A gateway's page hides what a write did; reads meet the second failure.
    if (trouble == Trouble::garbled) crm_.FailNext(KindOf(trouble), true, 0);
    crm_.FailNext(KindOf(trouble), false, 0);
  }
  void Recovers() override { crm_.Recovers(); }
  void LosesTheAnswerTo(std::size_t) override { crm_.FailNext(ErrorKind::unknown_outcome, true); }
  void ForgetsCursors() override { crm_.ForgetsCursors(); }

 private:
  FakeClock clock_;
  MemoryCrm crm_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(InMemory, CrmContractTest,
                         ::testing::Values([]() -> std::unique_ptr<CrmHarness> {
                           return std::make_unique<MemoryHarness>(true);
                         }));
INSTANTIATE_TEST_SUITE_P(InMemory, CrmLeadTest,
                         ::testing::Values([]() -> std::unique_ptr<CrmHarness> {
                           return std::make_unique<MemoryHarness>(true);
                         }));
INSTANTIATE_TEST_SUITE_P(InMemoryWithFineStamps, CrmContractTest,
                         ::testing::Values([]() -> std::unique_ptr<CrmHarness> {
                           return std::make_unique<MemoryHarness>(false);
                         }));

}  // namespace cosell::test
