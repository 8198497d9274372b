#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tools/sandbox/salesforce/access/accounts.h"

namespace cosell::sandbox {

// The users and apps of the organisation. Pointers stay valid until the same entry is added anew.
// Single-threaded.
class AccessDirectory {
 public:
  // Takes the place of an entry of the same key or id.
  void AddApp(SalesforceApp app);
  void AddUser(SalesforceUser user);

  // nullptr when there is none.
  const SalesforceApp* FindApp(std::string_view consumer_key) const;
  // By user name, ignoring case: how people sign in.
  const SalesforceUser* FindUserByName(std::string_view username) const;
  // By user name or by id: how they are configured and spoken of.
  const SalesforceUser* FindUser(std::string_view name_or_id) const;
  // Who is signed in at the browser unless a sign-in hints at somebody else.
  const SalesforceUser* FirstUser() const;

  // Whether `password` is the user's, with the security token behind it; without it too when the
  // network is trusted.
  static bool PasswordHolds(const SalesforceUser& user, std::string_view password,
                            bool trusted_network);
  // Whether JWT bearer may sign this user in.
  bool IsAuthorized(const SalesforceApp& app, const SalesforceUser& user) const;

 private:
  std::map<std::string, SalesforceApp, std::less<>> apps_;    // by consumer key
  std::map<std::string, SalesforceUser, std::less<>> users_;  // by id
};

}  // namespace cosell::sandbox
