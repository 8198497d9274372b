#include "system/remote_sides.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "net/https_transport.h"
#include "system/waiting.h"

namespace cosell::system_test {
namespace {

constexpr int kQuotesOrLicensing = 100'000'003;

Json NewReferral(const std::string& name) {
  Json referral = Json::parse(R"({"type": "Shared", "qualification": "SalesQualified",
    "target": [{"type": "SolutionProfile", "id": "SOL-90210-QWK"}],
    "customerProfile": {"name": "Fabrikam Brauereitechnik GmbH",
      "address": {"addressLine1": "Mälzerweg 7", "city": "Bamberg", "postalCode": "96047",
        "country": "DE"},
      "team": [{"firstName": "Jette", "lastName": "Korn", "email": "jette.korn@fabrikam.example",
        "phoneNumber": "+49 951 000001"}]},
    "consent": {"consentToToShareInfoWithOthers": true, "consentToContact": true,
      "consentToShareReferralWithMicrosoftSellers": true},
    "details": {"notes": "Edge gateways in three plants.", "dealValue": 84500, "currency": "EUR",
      "closingDateTime": "2027-09-30T00:00:00Z",
      "requirements": {"solutions": [
        {"id": "SOL-90210-QWK", "name": "Quillwerk Sensor Hub", "type": "Name"}]}},
    "inviteContext": {"notes": "Please support.", "assistanceRequestCode": "ProofOfConceptOrDemo",
      "invitedBy": {"organizationId": "msft", "organizationName": "Microsoft"}}})");
  referral["name"] = name;
  return referral;
}

std::string OnlyOne(const std::vector<std::string>& ids, const std::string& what) {
  EXPECT_LE(ids.size(), 1u) << ids.size() << " " << what;
  return ids.empty() ? "" : ids.front();
}

}  // namespace

RemoteSides::RemoteSides(Json settings) : settings_(std::move(settings)) {
  net::HttpsOptions options;
  options.ca_files = {settings_["ca_file"]};
  transport_ = net::MakeHttpsTransport(options);
}

RemoteSides::~RemoteSides() = default;

Json RemoteSides::Ask(const std::string& method, const std::string& path, const Json& body) {
  const std::string url = settings_["urls"]["control"].get<std::string>() + path;
  const auto answer = transport_->Send(
      {method, url, {{"Content-Type", "application/json"}}, body.is_null() ? "" : body.dump()});
  std::string trouble;
  if (!answer)
    trouble = answer.error().message;
  else if (answer->status >= 300)
    trouble = std::to_string(answer->status) + " " + answer->body;
  if (!trouble.empty()) {
    ADD_FAILURE() << method << " " << url << ": " << trouble;
    throw std::runtime_error(trouble);
  }
  return answer->body.empty() ? Json() : Json::parse(answer->body);
}

std::string RemoteSides::MicrosoftSends(const std::string& name) {
  return Ask("POST", "/referrals", {{"by", "microsoft"}, {"referral", NewReferral(name)}})["id"];
}

std::string RemoteSides::MicrosoftSendsLead(const std::string& name) {
  Json lead = NewReferral(name);
  lead["type"] = "Independent";
  lead["qualification"] = "MarketingQualified";
  lead["inviteContext"].erase("assistanceRequestCode");
  return Ask("POST", "/referrals", {{"by", "microsoft"}, {"referral", lead}})["id"];
}

Json RemoteSides::Referral(const std::string& id) { return Ask("GET", "/referrals/" + id); }

std::vector<Json> RemoteSides::Referrals() { return Ask("GET", "/referrals"); }

void RemoteSides::PartnerSets(const std::string& id, const std::string& pointer,
                              const Json& value) {
  Ask("POST", "/referrals/" + id + "/edit",
      Json::array({{{"op", "replace"}, {"path", pointer}, {"value", value}}}));
}

void RemoteSides::PartnerMoves(const std::string& id, const std::string& action) {
  Ask("POST", "/referrals/" + id + "/" + action, {{"reason", "Customer chose another vendor"}});
}

std::vector<std::string> RemoteSides::ReferralsOf(const std::string& opportunity) {
  std::vector<std::string> ids;
  for (const Json& referral : Referrals()) {
    if (referral["externalReferenceId"] == opportunity &&
        referral["organizationId"] == settings_["accounts"]["organization_id"])
      ids.push_back(referral["id"]);
  }
  return ids;
}

std::string RemoteSides::ReferralOf(const std::string& opportunity) {
  return OnlyOne(ReferralsOf(opportunity), "referrals name opportunity " + opportunity);
}

std::string RemoteSides::ConnectedReferralOf(const std::string& referral) {
  const Json engagement = Referral(referral)["engagementId"];
  std::vector<std::string> ids;
  for (const Json& other : Referrals())
    if (other["engagementId"] == engagement && other["id"] != referral) ids.push_back(other["id"]);
  return OnlyOne(ids, "referrals are connected with " + referral);
}

std::string RemoteSides::Create(const std::string& set, const Json& columns) {
  return Ask("POST", "/dataverse/rows/" + set, columns)["id"];
}

std::string RemoteSides::CurrencyId() {
  if (!currency_id_.empty()) return currency_id_;
  for (const Json& row : Rows("transactioncurrencies"))
    if (row["isocurrencycode"] == "EUR") currency_id_ = row["transactioncurrencyid"];
  return currency_id_;
}

std::string RemoteSides::CustomerContact(const Deal& deal, const std::string& account) {
  return Create("contacts",
                {{"firstname", "Inga"},
                 {"lastname", "Sundqvist"},
                 {"emailaddress1", "inga.sundqvist@northwind.example"},
                 {"telephone1", deal.contact ? Json("+46 31 0000001") : Json()},
                 {"parentcustomerid_account@odata.bind", "/accounts(" + account + ")"}});
}

std::string RemoteSides::SellerOpens(const Deal& deal) {
  const std::string account = Create("accounts", {{"name", deal.account},
                                                  {"address1_line1", "Hamngatan 4"},
                                                  {"address1_city", "Göteborg"},
                                                  {"address1_postalcode", "41104"},
                                                  {"address1_country", deal.country}});
  const std::string contact = CustomerContact(deal, account);
  Json columns = {
      {"name", deal.name},
      {"description", "Pilot for two yards."},
      {"estimatedclosedate", deal.closing_date},
      {"transactioncurrencyid@odata.bind", "/transactioncurrencies(" + CurrencyId() + ")"},
      {"parentaccountid@odata.bind", "/accounts(" + account + ")"},
      {"parentcontactid@odata.bind", "/contacts(" + contact + ")"},
      {"msft_syncwithpartnercenter", deal.sync}};
  if (deal.value > 0) columns["estimatedvalue"] = deal.value;
  if (!deal.products.empty()) columns["msft_products"] = deal.products;
  if (deal.help) columns["msft_howcanmicrosofthelp"] = kQuotesOrLicensing;
  return Create("opportunities", columns);
}

void RemoteSides::SellerSets(const std::string& id, const Json& columns) {
  Ask("PATCH", "/dataverse/rows/opportunities/" + id, columns);
}

void RemoteSides::SellerSetsAccount(const std::string& id, const Json& columns) {
  Ask("PATCH", "/dataverse/rows/accounts/" + Crm(id, "_parentaccountid_value"), columns);
}

void RemoteSides::SellerWins(const std::string& id) {
  Ask("POST", "/dataverse/rows/opportunities/" + id + "/win", Json::object());
}

void RemoteSides::SellerLoses(const std::string& id) {
  Ask("POST", "/dataverse/rows/opportunities/" + id + "/lose", Json::object());
}

std::vector<Json> RemoteSides::Rows(const std::string& set) {
  return Ask("GET", "/dataverse/rows/" + set)["value"];
}

Json RemoteSides::Row(const std::string& set, const std::string& id) {
  return Ask("GET", "/dataverse/rows/" + set + "/" + id);
}

std::string RemoteSides::Crm(const std::string& id, const std::string& column) {
  return Row("opportunities", id).value(column, "");
}

std::vector<std::string> RemoteSides::OpportunitiesOf(const std::string& referral) {
  std::vector<std::string> ids;
  for (const Json& row : Rows("opportunities"))
    if (row.value("msft_referralidentifier", "") == referral) ids.push_back(row["opportunityid"]);
  return ids;
}

std::string RemoteSides::OpportunityOf(const std::string& referral) {
  return OnlyOne(OpportunitiesOf(referral), "opportunities carry referral " + referral);
}

void RemoteSides::LoseAllEvents() {
  Switch({{"event_lost_percent", 100}});
  SwitchCrm({{"push_lost", true}});
}

std::vector<Json> RemoteSides::Log(const std::string& service, std::int64_t after,
                                   const std::string& method) {
  return Ask("GET", "/log?service=" + service + "&after=" + std::to_string(after) +
                        (method.empty() ? "" : "&method=" + method));
}

int RemoteSides::Writes() {
  const Json referrals = Ask("GET", "/log?service=referrals&writes=true");
  return static_cast<int>(referrals.size()) +
         Ask("GET", "/dataverse/counters")["writes"].get<int>();
}

void RemoteSides::LetTimePass(std::chrono::milliseconds time) {
  const auto start = std::chrono::steady_clock::now();
  (void)WaitUntil([&] { return std::chrono::steady_clock::now() - start >= time; }, "time passes");
}

}  // namespace cosell::system_test
