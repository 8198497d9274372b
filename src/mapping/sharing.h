#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "mapping/mapping.h"

// The customer, the customer's contact and our own people of a deal: what travels when a record is
// created, and the people also later. Pure.
namespace cosell {

struct Member {
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string phone_number;
  std::string title;
  // First name, last name, phone and e-mail are there (contract partner-center.md section 3.11,
  // rules 7 and 8).
  bool complete() const;
  bool empty() const { return first_name.empty() && last_name.empty() && email.empty(); }
};

struct Sharing {
  std::map<std::string, std::string> customer;  // JSON pointer of the referral -> text
  Member contact;
  Member owner;
  // The sales team beside the owner, those that are complete; nothing where it was not read.
  std::vector<Member> team;
  std::string country() const;  // upper case
  std::string At(const std::string& pointer) const;
};

// Who a field of type members has in the CRM, the owner or primary contact first; empty if one of
// the things Partner Center wants of a member is missing in that one.
std::vector<Member> MembersOf(const FieldRule& rule, const Sharing& sharing);
// Their e-mails as a set; nothing where MembersOf is empty.
Value PeopleOf(const FieldRule& rule, const Sharing& sharing);

// From a CRM record read with its related records.
Result<Sharing> SharingFromCrm(const Mapping& mapping, std::string_view raw);

// CRM columns with their values as JSON text.
using Columns = std::vector<std::pair<std::string, std::string>>;

// A related record to be found or created for a new opportunity.
struct RelatedColumns {
  Columns match;
  Columns columns;
  bool empty() const { return columns.empty(); }
};
// The customer's account; empty when the referral names no customer.
Result<RelatedColumns> AccountFromReferral(const Mapping& mapping, std::string_view raw);
// The first customer contact; empty when there is none.
Result<RelatedColumns> ContactFromReferral(const Mapping& mapping, std::string_view raw);

// The text a new referral gets at this JSON pointer whatever the CRM record says: a constant of
// create.referral. Empty when there is none.
std::string ConstantOfReferral(const Mapping& mapping, const std::string& pointer);

}  // namespace cosell
