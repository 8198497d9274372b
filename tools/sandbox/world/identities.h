#pragma once

#include <string>

namespace cosell::sandbox {

// Where each emulated service answers: origins, without a trailing slash. In-process the true
// hosts; the program puts its loopback addresses here.
struct Origins {
  std::string login = "https://login.microsoftonline.com";
  std::string referrals = "https://api.partner.microsoft.com";
  std::string webhooks = "https://api.partnercenter.microsoft.com";
  std::string certificates = "https://3psostorageacct.blob.core.windows.net";
  std::string aia = "http://3psostorageacct.blob.core.windows.net";  // plain http, *.crt only
  std::string dataverse = "https://contoso.crm.dynamics.com";
  std::string salesforce_login = "https://login.salesforce.com";
  std::string salesforce = "https://contoso.my.salesforce.com";
  std::string control = "https://sandbox.contoso.example";
};

// The fictitious partner and the accounts the product signs in with. Values; all invented.
struct Identities {
  std::string tenant_id = "5d0f6a1c-7e35-4f0b-9d55-0c1e5a7f2b11";
  std::string tenant_domain = "contoso.example";
  std::string organization_id = "e0b7f1aa-6d39-4f57-b0d2-51c0a9d3f004";
  std::string organization_name = "Contoso Robotics";
  std::string mpn_id = "9990001";
  std::string partner_client_id = "9b2f0d64-1c53-4a78-8e0e-6f7a1d2c3b44";
  std::string partner_client_secret = "partner-secret+1&2=3%";  // needs percent-encoding
  std::string crm_client_id = "4c1d7a90-52be-4f6a-b1c8-2d9e0f3a6b75";
  std::string crm_client_secret = "crm-secret~4+5&6";
  std::string salesforce_consumer_key = "3MVG9contoso.cosell.sync.invented";
  std::string salesforce_consumer_secret = "salesforce-secret*7+8&9";
  std::string salesforce_user_name = "cosell-sync@contoso.example";
  std::string salesforce_password = "s+les&f=rce%1";
  std::string salesforce_security_token = "Xk29fQpLmN0aBcDeFgHiJkLmN";
  std::string public_client_id = "c7a3e5b1-0d42-4e8f-9a61-b8d7f6e5c432";  // for auth login
  std::string user_name = "sync@contoso.example";                         // Referrals admin
  std::string user_password = "p+ss&w=rd%7";
  std::string user_object_id = "1f9e8d7c-6b5a-4c3d-8e2f-0a1b2c3d4e5f";
};

}  // namespace cosell::sandbox
