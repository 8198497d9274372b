#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/record_id.h"
#include "crm/salesforce/salesforce_client.h"
#include "scripted_api.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"

namespace cosell::test {

inline constexpr const char* kTelemetry = "0065g00000Qm1KdAAJ";
inline constexpr const char* kTinplate = "0065g00000Qm2ZxAAJ";
inline constexpr const char* kHarbor = "0015g00000Lp8TyAAJ";
inline constexpr const char* kPurchaser = "0035g00000Rk3WqAAJ";
inline constexpr const char* kReferral = "7f0c2f0e-5f6b-4a53-9b0c-0d6b1d2f4a11";

inline std::string IdOf(const std::string& fifteen) {
  return NormalizeSalesforceId(fifteen).value();
}
// The n-th opportunity of many.
inline std::string NthId(std::size_t n) {
  std::string digits = std::to_string(n);
  return IdOf("0065g000" + std::string(7 - digits.size(), '0') + digits);
}

struct FieldOptions {
  int length = 0;
  bool writable = true;
  std::vector<std::string> values;
  std::string relationship;
};

inline Json FieldOf(const std::string& name, const std::string& type, const std::string& label = "",
                    const FieldOptions& options = {}) {
  Json values = Json::array();
  for (const std::string& each : options.values) {
    values.push_back({{"active", true}, {"value", each}, {"label", each}});
  }
  return {{"name", name},
          {"label", label.empty() ? name : label},
          {"type", type},
          {"length", options.length},
          {"createable", options.writable},
          {"updateable", options.writable},
          {"calculated", false},
          {"externalId", false},
          {"unique", false},
          {"restrictedPicklist", !options.values.empty()},
          {"picklistValues", values},
          {"relationshipName",
           options.relationship.empty() ? Json(nullptr) : Json(options.relationship)}};
}

inline std::vector<std::string> HelpValues() {
  return {"Workload Specific Value Proposition",
          "Customer Technical Architecture",
          "Proof Of Concept or Demo",
          "Quotes or Licensing",
          "Post Sales Customer Success",
          "General or Other"};
}

// A scripted organisation and a client for it. Verbs below say what is there.
class SalesforceTest : public ::testing::Test {
 protected:
  SalesforceTest() {
    const FieldOptions fixed{0, false, {}, ""};
    for (const char* name : {"Id", "IsDeleted", "IsClosed", "IsWon", "HasOpportunityLineItem"}) {
      Has(FieldOf(name, std::string(name) == "Id" ? "id" : "boolean", "", fixed));
    }
    for (const char* name : {"SystemModstamp", "LastModifiedDate", "CreatedDate"}) {
      Has(FieldOf(name, "datetime", "", fixed));
    }
    Has(FieldOf("Name", "string", "Name", {120, true, {}, ""}));
    Has(FieldOf("Description", "textarea", "Description", {32000, true, {}, ""}));
    Has(FieldOf("StageName", "picklist", "Stage"));
    Has(FieldOf("Amount", "currency", "Amount"));
    Has(FieldOf("CloseDate", "date", "Close Date"));
    Has(FieldOf("Interests__c", "multipicklist", "Interests", {0, true, {"Cloud", "Edge"}, ""}));
    Has(FieldOf("CurrencyIsoCode", "picklist", "Currency", {3, true, {"EUR", "USD"}, ""}));
    Has(FieldOf("AccountId", "reference", "Account", {18, true, {}, "Account"}));
    Has(FieldOf("OwnerId", "reference", "Owner", {18, true, {}, "Owner"}));
    Json contact = FieldOf("ContactId", "reference", "Contact", {18, true, {}, "Contact"});
    contact["updateable"] = false;
    Has(contact);
    HasCosellFields("");
    accounts_ = {FieldOf("Id", "id"), FieldOf("Name", "string", "", {255, true, {}, ""}),
                 FieldOf("BillingCity", "string", "", {40, true, {}, ""}),
                 FieldOf("BillingPostalCode", "string", "", {20, true, {}, ""}),
                 FieldOf("BillingCountry", "string", "", {80, true, {}, ""})};
    contacts_ = {FieldOf("Id", "id"), FieldOf("FirstName", "string", "", {40, true, {}, ""}),
                 FieldOf("LastName", "string", "", {80, true, {}, ""}),
                 FieldOf("Email", "email", "", {80, true, {}, ""}),
                 FieldOf("AccountId", "reference", "", {18, true, {}, "Account"})};
    users_ = {FieldOf("Id", "id"), FieldOf("Name", "string"), FieldOf("Email", "email")};
    api.Does("GET", "/sobjects/Opportunity/describe",
             [this](const auto&) { return Answered(200, Described("Opportunity", opportunity_)); });
    api.Does("GET", "/sobjects/Account/describe",
             [this](const auto&) { return Answered(200, Described("Account", accounts_)); });
    api.Does("GET", "/sobjects/Contact/describe",
             [this](const auto&) { return Answered(200, Described("Contact", contacts_)); });
    api.Does("GET", "/sobjects/User/describe",
             [this](const auto&) { return Answered(200, Described("User", users_)); });
    api.On("GET", "FROM OpportunityStage",
           Rows({StageRow("Qualification", false, false),
                 StageRow("On Hold - Microsoft", false, false),
                 StageRow("Closed Won", true, true),
                 StageRow("Closed Lost", true, false),
                 {{"ApiName", "Retired"},
                  {"IsActive", false},
                  {"IsClosed", false},
                  {"IsWon", false}}}));
    api.On("GET", "FROM CurrencyType", Rows({{{"IsoCode", "EUR"}}, {{"IsoCode", "USD"}}}));
    api.Does("POST", "/composite/sobjects/Opportunity",
             [this](const auto& request) { return Retrieved(request.json()); });
  }

  // The fields of Microsoft's package, under a namespace or none.
  void HasCosellFields(const std::string& prefix) {
    Json identifier = FieldOf(prefix + "Referral_Identifier__c", "string", "Referral Identifier",
                              {100, true, {}, ""});
    identifier["externalId"] = true;
    identifier["unique"] = true;
    Has(identifier);
    Has(FieldOf(prefix + "Sync_with_Partner_Center__c", "boolean", "Sync With Partner Center"));
    Has(FieldOf(prefix + "Referral_Link__c", "url", "Referral Link", {255, true, {}, ""}));
    Has(FieldOf(prefix + "Audit__c", "textarea", "Audit", {100000, true, {}, ""}));
    Has(FieldOf(prefix + "How_can_Microsoft_help__c", "picklist", "How can Microsoft help?",
                {255, true, HelpValues(), ""}));
    Has(FieldOf(prefix + "MsVisible__c", "boolean", "Referral visible to Microsoft sellers?"));
    Has(FieldOf(prefix + "Products__c", "string", "Products", {255, true, {}, ""}));
  }
  void Has(const Json& field) {
    Lacks(field["name"]);
    opportunity_.push_back(field);
  }
  void Lacks(const std::string& name) {
    std::erase_if(opportunity_, [&](const Json& each) { return each["name"] == name; });
  }
  // Changes a member of a field's description.
  void Describes(const std::string& name, const char* member, const Json& value) {
    for (Json& each : opportunity_) {
      if (each["name"] == name) each[member] = value;
    }
  }

  static Json Described(const std::string& name, const std::vector<Json>& fields) {
    return {
        {"name", name},
        {"label", name},
        {"fields", fields},
        {"childRelationships", Json::array({{{"childSObject", "OpportunityContactRole"},
                                             {"field", "OpportunityId"},
                                             {"relationshipName", "OpportunityContactRoles"}}})}};
  }
  static Json StageRow(const std::string& name, bool closed, bool won) {
    return {{"ApiName", name}, {"IsActive", true}, {"IsClosed", closed}, {"IsWon", won}};
  }
  static net::ApiAnswer Rows(const std::vector<Json>& rows, const std::string& next = "") {
    Json page = {{"totalSize", rows.size()}, {"done", next.empty()}, {"records", rows}};
    if (!next.empty()) page["nextRecordsUrl"] = next;
    return Answered(200, page);
  }

  // An opportunity as Salesforce prints it.
  static Json Row(const std::string& id, const std::string& stamp = "2026-10-19T08:15:42") {
    return {{"attributes", {{"type", "Opportunity"}, {"url", "/services/data/v62.0/" + id}}},
            {"Id", id},
            {"IsDeleted", false},
            {"Name", "Harbor cold-chain telemetry"},
            {"Amount", 125000.0},
            {"CloseDate", "2026-11-30"},
            {"StageName", "Qualification"},
            {"IsClosed", false},
            {"IsWon", false},
            {"HasOpportunityLineItem", false},
            {"CurrencyIsoCode", "EUR"},
            {"AccountId", kHarbor},
            {"Sync_with_Partner_Center__c", true},
            {"Referral_Identifier__c", kReferral},
            {"LastModifiedDate", stamp + ".000+0000"},
            {"SystemModstamp", stamp + ".000+0000"}};
  }
  static Json With(Json row, const std::string& member, const Json& value) {
    row[member] = value;
    return row;
  }
  // What stands in the organisation and a retrieve finds.
  void Stores(const Json& row) { stored_[row["Id"].get<std::string>()] = row; }
  void Forgets(const std::string& id) { stored_.erase(id); }

  Crm& crm() {
    if (!crm_) crm_ = MakeSalesforceClient(api, tokens, options, clock, random, log);
    return *crm_;
  }
  CrmSchema Schema(bool refresh = false) {
    const auto schema = crm().Describe(refresh);
    EXPECT_TRUE(schema.ok());
    return schema.ok() ? *schema : CrmSchema{};
  }
  // Describes, selects and forgets the requests made on the way.
  void Reads(const std::vector<std::string>& columns) {
    Schema();
    crm().Select(RecordKind::opportunity, columns);
    api.Forget();
  }
  // How often a text stands in what was logged.
  std::size_t Logged(const std::string& text) const {
    const auto lines = log.lines();
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const auto& l) {
      return l.text.find(text) != std::string::npos;
    }));
  }
  static bool Mentions(const std::vector<std::string>& lines, const std::string& text) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  }

  ScriptedApi api;
  SignedIn tokens;
  FakeClock clock{*ParseInstant("2026-10-19T09:00:30Z")};
  SeededRandom random{7};
  RecordingLog log;
  SalesforceOptions options;
  std::vector<Json> accounts_;
  std::vector<Json> contacts_;
  std::vector<Json> users_;

  net::ApiAnswer Retrieved(const Json& request) const {
    Json rows = Json::array();
    for (const Json& id : request["ids"]) {
      const auto found = stored_.find(id.get<std::string>());
      rows.push_back(found == stored_.end() ? Json(nullptr) : found->second);
    }
    return Answered(200, rows);
  }

  const std::vector<Json>& opportunity() const { return opportunity_; }

 private:
  std::vector<Json> opportunity_;
  std::map<std::string, Json> stored_;
  std::unique_ptr<Crm> crm_;
};

}  // namespace cosell::test
