#include "tools/sandbox/salesforce/access/directory.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::sandbox {

void AccessDirectory::AddApp(SalesforceApp app) {
  const std::string key = app.consumer_key;
  apps_[key] = std::move(app);
}

void AccessDirectory::AddUser(SalesforceUser user) {
  const std::string key = user.id;
  users_[key] = std::move(user);
}

const SalesforceApp* AccessDirectory::FindApp(std::string_view consumer_key) const {
  const auto found = apps_.find(consumer_key);
  return found == apps_.end() ? nullptr : &found->second;
}

const SalesforceUser* AccessDirectory::FindUserByName(std::string_view username) const {
  const auto found = std::find_if(users_.begin(), users_.end(), [&](const auto& entry) {
    return EqualsIgnoreCase(entry.second.username, username);
  });
  return found == users_.end() ? nullptr : &found->second;
}

const SalesforceUser* AccessDirectory::FindUser(std::string_view name_or_id) const {
  const auto found = users_.find(name_or_id);
  return found == users_.end() ? FindUserByName(name_or_id) : &found->second;
}

const SalesforceUser* AccessDirectory::FirstUser() const {
  return users_.empty() ? nullptr : &users_.begin()->second;
}

bool AccessDirectory::PasswordHolds(const SalesforceUser& user, std::string_view password,
                                    bool trusted_network) {
  return password == user.password + user.security_token ||
         (trusted_network && password == user.password);
}

bool AccessDirectory::IsAuthorized(const SalesforceApp& app, const SalesforceUser& user) const {
  return std::any_of(app.authorized_users.begin(), app.authorized_users.end(),
                     [&](const std::string& name) { return FindUser(name) == &user; });
}

}  // namespace cosell::sandbox
