#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

// Who may sign in to the emulated Salesforce organisation, and how it behaves at the door (contract
// salesforce.md section 2). Plain values; all ids, names and secrets are invented.
namespace cosell::sandbox {

// A person, or the integration's own account.
struct SalesforceUser {
  std::string id;        // 18 characters, prefix 005
  std::string username;  // looks like an e-mail address; unique, compared ignoring case
  std::string password;
  std::string security_token;  // follows the password without a separator (section 2.5)
  std::string display_name;
  std::string email;
  bool active = true;  // an inactive user cannot sign in, and its sessions are dead
};

// A connected app, or external client app.
struct SalesforceApp {
  std::string consumer_key;     // `client_id`
  std::string consumer_secret;  // `client_secret`; empty: a public client
  std::string public_key_pem;   // a certificate or a bare RSA public key; empty: no JWT bearer
  std::string run_as_user;      // user name or id; empty: client_credentials is not set up
  std::vector<std::string> authorized_users;  // names or ids pre-authorized for JWT bearer
  std::vector<std::string> callback_urls;     // compared exactly; empty: any
  std::string scopes = "api id refresh_token";
  bool secret_required = true;  // also where a refresh token or a code is handed in
};

struct SalesforceAccessOptions {
  std::string organization_id = "00D5g000004TqAzEAK";  // 18 characters
  // Origin of all data calls, without a trailing slash.
  std::string instance_url = "https://northwind-orchard.my.salesforce.com";
  // Origins that are login hosts, not a My Domain: they refuse client_credentials (section 2.3).
  std::vector<std::string> login_origins = {"https://login.salesforce.com",
                                            "https://test.salesforce.com"};
  // What a JWT's `aud` may be, beside instance_url (section 2.2). Compared exactly.
  std::vector<std::string> audiences = {"https://login.salesforce.com",
                                        "https://test.salesforce.com"};
  // Where `id` URLs point; empty: to the origin the sign-in came to, so to this emulator.
  std::string identity_origin;
};

// What the contract only infers, or what differs between organisations. May change at any time;
// holds from the next request on.
struct SalesforceAccessSwitches {
  bool client_credentials_on_login_hosts = false;
  bool password_grant_allowed = true;      // off in organisations made since Summer '23
  bool trusted_network = false;            // passwords are accepted without the security token too
  bool soap_login = false;                 // section 2.9
  bool refresh_rotation = false;           // each use brings a new refresh token, the old one dies
  bool jwt_answers_signed = false;         // JWT bearer answers carry signature and issued_at
  bool password_answers_scope = true;      // the answer to the password grant names its scope
  int client_error_status = 400;           // of invalid_client and invalid_client_id: 400 or 401
  std::size_t refresh_tokens_max = 5;      // per user and app; the oldest is dropped silently
  std::size_t access_token_chars = 96;     // behind "<organisation>!"; real ones may exceed 4,000
  std::chrono::seconds jwt_lifetime{300};  // how far in the future `exp` may be
};

// Sign-ins since the start.
struct SalesforceSignIns {
  // By grant: "client_credentials", "jwt_bearer", "refresh_token", "password",
  // "authorization_code", "soap".
  std::map<std::string, std::int64_t> granted;
  std::int64_t refused = 0;
};

}  // namespace cosell::sandbox
