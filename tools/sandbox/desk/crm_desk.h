#pragma once

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
  // Whether the CRM's own messages about changes are lost from now on.
  virtual void LoseNotifications(bool lost) = 0;
};

// The words Value knows.
const std::vector<std::string>& DeskWords();

}  // namespace cosell::sandbox
