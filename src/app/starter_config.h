#pragma once

#include <string>

#include "app/config.h"

namespace cosell::app {

// What `init` asks. A value; every text may hold anything a person typed.
struct StarterAnswers {
  std::string name = "contoso";
  CrmKind crm = CrmKind::dynamics365;
  std::string crm_url;    // "https://contoso.crm.dynamics.com"
  std::string tenant_id;  // of Partner Center; Dynamics 365 is looked for in the same one
  std::string client_id;  // the app that signs in to Partner Center
  std::string
      crm_client_id;  // the app, or consumer key, that signs in to the CRM; not of kind rest
  std::string secrets_folder = "secrets";
  std::string public_url;  // empty: polling alone
  bool leads = true;
};

// A commented configuration of one connection in shadow mode, with these answers and every default
// left to the program. Pure; whether it is a good one is for ParseConfig to say.
std::string MakeStarterConfig(const StarterAnswers& answers);

}  // namespace cosell::app
