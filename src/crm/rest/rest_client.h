#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "net/api_client.h"
#include "ports/crm.h"
#include "ports/crm_setup.h"
#include "ports/log.h"

namespace cosell {

namespace rest {
struct Description;
}

// How a described service is signed in to. A value.
struct RestAuth {
  // bearer: a token in Authorization. header: a key in a header of its own. basic: user and
  // password. client_credentials: an OAuth token.
  enum class Scheme { bearer, header, basic, client_credentials };
  Scheme scheme = Scheme::bearer;
  std::string header;  // that carries the token, and what stands before it there
  std::string prefix;
  std::string token_path;  // client_credentials: of the token endpoint
  std::string scope;       // may be empty
  std::string audience;    // may be empty
  bool secret_in_header = true;
};

// A service as a description file tells of it (docs/REST-CRM.md). A value, immutable; safe to share
// between threads.
class RestDescription {
 public:
  struct Problem {
    std::string path;     // "opportunity.list.items"; empty: the file as a whole
    std::string message;  // what is wrong and how to mend it
  };
  // Reads a text (JSON with comments) that schema/rest-crm.schema.json has been held against; what
  // the schema cannot tell is checked here, and every problem is reported at once. To be used only
  // when `problems` stays empty. `fields` are the roles crm.fields of the configuration names.
  static RestDescription Parse(std::string_view text,
                               const std::map<std::string, std::string>& fields,
                               std::vector<Problem>& problems);

  RestAuth auth() const;
  // How the service wants to be called: where the token travels, how many calls a second.
  net::ApiClient::Options api_options() const;
  const rest::Description& content() const { return *content_; }

 private:
  explicit RestDescription(std::shared_ptr<const rest::Description> content);
  std::shared_ptr<const rest::Description> content_;
};

// The Crm port over any REST service that a description file tells of. `url` is its origin. `api`,
// `clock` and `log` must outlive the client.
std::unique_ptr<Crm> MakeRestClient(net::ApiClient& api, const RestDescription& description,
                                    std::string url, Clock& clock, Log& log);

// What `check` and `crm prepare` ask of it: nothing can be created, but a deal is read both ways
// and held against the description. `api` must outlive the setup.
std::unique_ptr<CrmSetup> MakeRestSetup(net::ApiClient& api, const RestDescription& description,
                                        std::string url);

}  // namespace cosell
