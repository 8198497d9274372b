#pragma once

#include <set>
#include <string>
#include <vector>

namespace cosell::store {

// What stands in stored JSON about people. Pure.

// E-mail addresses, in lower case, of everybody below "customerProfile" of a referral.
std::set<std::string> CustomerAddresses(const std::string& referral);
// Those among the values of flat attributes or of fields; a value may be a list, one a line.
std::set<std::string> AddressesAmongValues(const std::string& object);

// What a person is recognised by, as phrases (model/erasure.h).
struct Person {
  std::set<std::string> phrases;  // address, name in both orders, phone number
  std::set<std::string> parts;    // first name, last name, title, phone number
};
// Adds what the objects of `json` that hold this address say of the person.
void AddPerson(const std::string& json, const std::string& address, Person* person);

}  // namespace cosell::store
