#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/ids.h"
#include "ports/crm.h"

// What the contract suite of the Crm port needs of one implementation and of the organisation
// behind it. One harness per implementation; each is a fresh organisation with no opportunity in
// it. The verbs are what people and networks do; they never go through the port.
namespace cosell::test {

// A complete deal with invented people, as a seller types it.
struct Deal {
  std::string name = "Cold chain pilot";
  std::string account = "Tailspin Freight AB";
  std::string postal_code = "41104";
  std::string country = "SE";
  std::string contact_first_name = "Inga";
  std::string contact_last_name = "Example";
  std::string contact_email = "inga.example@tailspin.example";
  std::string contact_phone = "+46 31 0000001";
  double value = 12000;
  std::string currency = "EUR";
  std::string closing_date = "2026-12-15";
  std::string notes = "Pilot for two yards.";
};

// What goes wrong with every call until the CRM recovers.
enum class Trouble {
  throttled,     // the quota is used up, for longer than a call waits
  unreachable,   // nothing gets there
  unavailable,   // the service fails without a decision
  unauthorized,  // our sign-in is not accepted any more
  forbidden,     // our user lacks its role
  garbled,       // a gateway's page arrives in place of the answer
};

// What the CRM does with a text that is longer than its column.
enum class LongText { refused, cut };

class CrmHarness {
 public:
  // Pages are this small in every organisation, so that paging is met everywhere.
  static constexpr std::size_t kPageSize = 3;

  virtual ~CrmHarness() = default;

  // The same object every time.
  virtual Crm& crm() = 0;
  // Whose built-in mapping names columns and states: "dynamics365", "salesforce".
  virtual std::string mapping_kind() const = 0;
  virtual LongText long_text() const = 0;
  // A well-formed id of no record.
  virtual CrmId unknown_id() const = 0;

  // --- people
  virtual CrmId Opens(const Deal& deal) = 0;
  // One edit of one text, number or boolean column.
  virtual void Sets(const CrmId& id, const std::string& column, const nlohmann::json& value) = 0;
  virtual void Deletes(const CrmId& id) = 0;
  // Brings a deleted record back with its id.
  virtual void Undeletes(const CrmId& id) = 0;
  // Accounts and contacts that exist, by exact name and by e-mail.
  virtual std::size_t Accounts(const std::string& name) = 0;
  virtual std::size_t Contacts(const std::string& email) = 0;

  // --- leads; only called where there are some
  virtual bool has_leads() const { return false; }
  virtual bool can_qualify() const { return false; }
  // The flat values of a complete new lead from a referral, as the built-in mapping would write it.
  virtual std::vector<Attribute> NewLead(const std::string&) const { return {}; }
  // The column of its notes, and the flat values that disqualify it.
  virtual std::string lead_notes() const { return {}; }
  virtual std::vector<Attribute> Disqualified() const { return {}; }
  // A seller enters a lead, edits its notes, deletes it, or makes an opportunity of it.
  virtual CrmId OpensLead() { return {}; }
  virtual void NotesOnLead(const CrmId&, const std::string&) {}
  virtual void DeletesLead(const CrmId&) {}
  virtual CrmId QualifiesLead(const CrmId&) { return {}; }
  // The next Write of one qualification takes effect; its answer is lost.
  virtual void LosesTheAnswerToQualifying() {}

  // --- time and trouble
  virtual void Pass(std::chrono::seconds time) = 0;
  virtual void Suffers(Trouble trouble) = 0;
  virtual void Recovers() = 0;
  // The next Write of `writes` records without account or contact takes effect; its answer is lost.
  virtual void LosesTheAnswerTo(std::size_t writes) = 0;
  // Every cursor handed out so far is too old afterwards; time may pass.
  virtual void ForgetsCursors() = 0;
};

// Makes a harness for one test. Each implementation instantiates CrmContractTest with its own.
using HarnessMaker = std::unique_ptr<CrmHarness> (*)();

}  // namespace cosell::test
