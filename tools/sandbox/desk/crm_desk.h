#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tools/sandbox/world/seed_deal.h"

// What people do in the CRM, in the product's words, whichever CRM it is: so that one story, one
// seed and one simulation tell of all of them.
namespace cosell::sandbox {

enum class CrmProduct { dynamics365, salesforce };

// The desk of the sellers of one emulated organisation. The words for an opportunity's columns are
// name, deal_value, currency, closing_date, notes, sync, referral_id, referral_link, help,
// products, audit, visibility, microsoft_crm_id, referral_program; to be looked at only: account,
// contact (last name) and state (new, active, won, lost). Single-threaded, like the world behind
// it.
class CrmDesk {
 public:
  virtual ~CrmDesk() = default;
  virtual CrmProduct product() const = 0;
  // What the organisation is called in the world's request log and in fault rules.
  virtual std::string_view service() const = 0;
  // A record id of the CRM's own form that is not taken; the same for the same number.
  virtual std::string IdFor(int number) const = 0;

  // Puts the deals there as they are, without events: their ids, in order. Those without an
  // opportunity_id get one. `link_template` fills the referral link of paired deals.
  virtual std::vector<std::string> Open(const std::vector<SeedDeal>& deals,
                                        const std::string& link_template) = 0;

  // A seller edits: `fields` is a JSON object of words and plain values. Errors are the CRM's own.
  virtual Status Set(const std::string& id, const std::string& fields) = 0;
  // The same for the deal's customer; words name, city, postal_code, country.
  virtual Status SetAccount(const std::string& id, const std::string& fields) = 0;
  // Puts on hold, takes up, wins, loses or cancels; in_progress reopens what is closed.
  virtual Status Move(const std::string& id, SeedCrmState state) = 0;
  virtual Status Delete(const std::string& id) = 0;
  // The deal is handed over to the owner of another one.
  virtual Status HandOver(const std::string& id, const std::string& to_owner_of) = 0;
  // Back out of the recycle bin, under the same id; refused where the CRM has none.
  virtual Status Undelete(const std::string& id) = 0;
  // The customers of two deals turn out to be one: the second deal's account is merged into the
  // first's and ends; its deals, and all else that hung on it, follow.
  virtual Status MergeCustomers(const std::string& id, const std::string& other) = 0;
  // The deal's account is deleted, with whatever the CRM deletes along with it.
  virtual Status DeleteCustomer(const std::string& id) = 0;

  // --- Leads. The words for a lead's columns are name, company, first_name, last_name, email,
  // phone, deal_value, currency, closing_date, notes, sync, referral_id, referral_link, audit,
  // country; to be looked at only: state (new, qualified, disqualified) and became, the opportunity
  // it was qualified into. A word the CRM has no column for is an error.
  // A seller enters a lead with these words; its id.
  virtual Result<std::string> OpenLead(const std::string& fields) = 0;
  virtual Status SetLead(const std::string& id, const std::string& fields) = 0;
  // A seller qualifies (Salesforce: converts) it in the CRM's form, which makes an account and a
  // contact too where it needs them; the new opportunity's id, empty when none was wanted.
  virtual Result<std::string> QualifyLead(const std::string& id, bool opportunity) = 0;
  virtual Status Disqualify(const std::string& id) = 0;
  virtual Status DeleteLead(const std::string& id) = 0;
  // Leads that exist, by id.
  virtual std::vector<std::string> Leads() const = 0;
  // As Value.
  virtual std::optional<std::string> LeadValue(const std::string& id,
                                               const std::string& word) const = 0;

  // --- Solutions of an opportunity, by their ids: the rows of the child table where the
  // organisation has it, else the Products text. Rows that stay are left as they are.
  virtual Status SetSolutions(const std::string& id, const std::vector<std::string>& solutions) = 0;
  // Sorted.
  virtual std::vector<std::string> Solutions(const std::string& id) const = 0;

  // Opportunities that exist, by id.
  virtual std::vector<std::string> Opportunities() const = 0;
  virtual std::size_t Accounts() const = 0;
  virtual std::size_t Contacts() const = 0;
  // Records written by the service since the start, whatever the calls were.
  virtual std::size_t ServiceWrites() const = 0;
  // One column as plain text; decimals without trailing zeros. Nothing for null, for a record that
  // is not there and for a word the desk does not know.
  virtual std::optional<std::string> Value(const std::string& id,
                                           const std::string& word) const = 0;

  // Change cursors handed out so far lose their meaning, where the CRM knows such a thing.
  virtual void ForgetChanges() = 0;
  // How the CRM's own messages about changes arrive from now on.
  struct Notifications {
    bool lost = false;
    bool twice = false;
    bool shuffled = false;
    std::chrono::milliseconds delay{0};
  };
  virtual Notifications notifications() const = 0;
  virtual void SetNotifications(const Notifications& how) = 0;
};

// The words Value knows, and those LeadValue knows.
const std::vector<std::string>& DeskWords();
const std::vector<std::string>& LeadWords();

}  // namespace cosell::sandbox
