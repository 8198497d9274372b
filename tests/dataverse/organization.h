#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crm/dataverse/dataverse_client.h"
#include "model/digest.h"
#include "scripted_api.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"

namespace cosell::test {

using Json = nlohmann::json;

inline constexpr const char* kOrigin = "https://contoso.crm4.dynamics.com";
inline constexpr const char* kBrewhouse = "0b000000-0000-0000-0000-000000000101";
inline constexpr const char* kYardPilot = "0b000000-0000-0000-0000-000000000102";
inline constexpr const char* kFabrikam = "0a000000-0000-0000-0000-000000000011";
inline constexpr const char* kPurchaser = "0e000000-0000-0000-0000-000000000301";
inline constexpr const char* kSeller = "a1000000-0000-0000-0000-000000000042";
inline constexpr const char* kEuro = "0c000000-0000-0000-0000-0000000000e1";
inline constexpr const char* kReferral = "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001";

inline Json Label(const std::string& english) {
  Json labels = Json::array();
  labels.push_back({{"Label", "(de) " + english}, {"LanguageCode", 1031}});
  labels.push_back({{"Label", english}, {"LanguageCode", 1033}});
  return {{"LocalizedLabels", labels}};
}

inline Json Column(const std::string& name, const std::string& type, const std::string& label = "",
                   bool writable = true) {
  return {{"LogicalName", name},
          {"SchemaName", name},
          {"AttributeType", type},
          {"DisplayName", label.empty() ? Json{{"LocalizedLabels", Json::array()}} : Label(label)},
          {"IsValidForCreate", writable},
          {"IsValidForUpdate", writable}};
}

inline Json Option(std::int64_t value, const std::string& label) {
  return {{"Value", value}, {"Label", Label(label)}};
}

inline std::string List(const Json& rows) { return Json{{"value", rows}}.dump(); }

// The opportunity table of an organisation with the co-sell solution.
inline Json CosellColumns() {
  return Json::array({Column("opportunityid", "Uniqueidentifier"),
                      Column("name", "String", "Topic"),
                      Column("description", "Memo", "Description"),
                      Column("estimatedvalue", "Money", "Est. Revenue"),
                      Column("estimatedclosedate", "DateTime", "Est. Close Date"),
                      Column("transactioncurrencyid", "Lookup", "Currency"),
                      Column("transactioncurrencyidname", "String"),
                      Column("parentaccountid", "Lookup", "Account"),
                      Column("parentaccountidname", "String"),
                      Column("parentcontactid", "Lookup", "Contact"),
                      Column("customerid", "Customer", "Potential Customer"),
                      Column("customeridtype", "EntityName"),
                      Column("ownerid", "Owner", "Owner"),
                      Column("new_sponsorid", "Lookup", "Sponsor"),
                      Column("statecode", "State", "Status"),
                      Column("statuscode", "Status", "Status Reason"),
                      Column("createdon", "DateTime", "Created On", false),
                      Column("modifiedon", "DateTime", "Modified On", false),
                      Column("new_interests", "Virtual", "Interests"),
                      Column("msft_syncwithpartnercenter", "Boolean", "Sync With Partner Center"),
                      Column("msft_referralidentifier", "String", "Referral Identifier"),
                      Column("msft_referrallink", "String", "Referral Link"),
                      Column("msft_referralvisibility", "Boolean", "Referral Visibility"),
                      Column("msft_howcanmicrosofthelp", "Picklist", "How can Microsoft help?"),
                      Column("msft_audit", "Memo", "Audit")});
}

// A scripted organisation and a client for it. Verbs below say what is there.
class DataverseTest : public ::testing::Test {
 protected:
  DataverseTest() {
    api.On("GET", "WhoAmI", Answered(200, R"({"UserId":"A1000000-0000-0000-0000-0000000000AA"})"));
    api.On(
        "GET", "EntityDefinitions(LogicalName='opportunity')?",
        Answered(200, R"({"ChangeTrackingEnabled":true,"IsOptimisticConcurrencyEnabled":true})"));
    HasColumns(CosellColumns());
    api.On("GET", "opportunity')/Attributes/Microsoft.Dynamics.CRM.String",
           Answered(200, List({{{"LogicalName", "name"}, {"MaxLength", 300}}})));
    api.On("GET", "opportunity')/Attributes/Microsoft.Dynamics.CRM.Memo",
           Answered(200, List({{{"LogicalName", "description"}, {"MaxLength", 2000}}})));
    api.On("GET", "opportunity')/Attributes/Microsoft.Dynamics.CRM.DateTime",
           Answered(200, List({{{"LogicalName", "estimatedclosedate"},
                                {"Format", "DateOnly"},
                                {"DateTimeBehavior", {{"Value", "DateOnly"}}}}})));
    api.On("GET", "opportunity')/Attributes/Microsoft.Dynamics.CRM.Picklist",
           Answered(200, List({{{"LogicalName", "msft_howcanmicrosofthelp"},
                                {"OptionSet", {{"Options", HelpOptions()}}},
                                {"GlobalOptionSet", nullptr}}})));
    api.On(
        "GET", "opportunity')/Attributes/Microsoft.Dynamics.CRM.MultiSelect",
        Answered(200,
                 List({{{"LogicalName", "new_interests"},
                        {"OptionSet", nullptr},
                        {"GlobalOptionSet",
                         {{"Options", Json::array({Option(1, "Cloud"), Option(9, "Edge")})}}}}})));
    api.On(
        "GET", "opportunity')/Attributes/Microsoft.Dynamics.CRM.Status",
        Answered(200,
                 List({{{"LogicalName", "statuscode"}, {"OptionSet", {{"Options", Reasons()}}}}})));
    HasCurrencies({{"EUR", kEuro}});
    HasTable("account",
             {Column("accountid", "Uniqueidentifier"), Column("name", "String"),
              Column("address1_postalcode", "String"), Column("address1_country", "String"),
              Column("industrycode", "Picklist"), Column("statecode", "State")});
    HasTable("contact", {Column("contactid", "Uniqueidentifier"), Column("firstname", "String"),
                         Column("lastname", "String"), Column("emailaddress1", "String"),
                         Column("parentcustomerid", "Customer"), Column("statecode", "State")});
    HasTable("systemuser",
             {Column("systemuserid", "Uniqueidentifier"), Column("fullname", "String")});
  }

  static Json HelpOptions() {
    return Json::array({Option(100000000, "Workload Specific Value Proposition"),
                        Option(100000002, "Proof Of Concept Or Demo"),
                        Option(100000005, "General Or Other")});
  }
  static Json Reasons() {
    Json reasons = Json::array({Option(1, "In Progress"), Option(2, "On Hold"), Option(3, "Won"),
                                Option(4, "Canceled"), Option(5, "Out-Sold")});
    for (auto& reason : reasons) {
      const int value = reason["Value"];
      reason["State"] = value < 3 ? 0 : value == 3 ? 1 : 2;
    }
    return reasons;
  }

  void HasColumns(const Json& columns) {
    api.On("GET", "opportunity')/Attributes?", Answered(200, List(columns)));
  }
  void HasTable(const std::string& table, const std::vector<Json>& columns) {
    api.On("GET", "EntityDefinitions(LogicalName='" + table + "')/Attributes?",
           Answered(200, List(columns)));
    api.On("GET", "EntityDefinitions(LogicalName='" + table + "')/Attributes/Microsoft",
           Answered(200, List(Json::array())));
  }
  void HasCurrencies(const std::vector<std::pair<std::string, std::string>>& currencies) {
    Json rows = Json::array();
    for (const auto& [code, id] : currencies) {
      rows.push_back({{"transactioncurrencyid", id}, {"isocurrencycode", code}});
    }
    api.On("GET", "transactioncurrencies?", Answered(200, List(rows)));
  }

  // An opportunity as Dataverse prints it.
  static Json Row(const std::string& id, const std::string& etag = "W/\"4402117\"") {
    return {{"@odata.etag", etag},
            {"opportunityid", id},
            {"name", "Brewhouse telemetry rollout"},
            {"estimatedvalue", 84500},
            {"estimatedclosedate", "2026-09-30"},
            {"statecode", 0},
            {"statuscode", 1},
            {"_parentaccountid_value", kFabrikam},
            {"_transactioncurrencyid_value", kEuro},
            {"msft_syncwithpartnercenter", true},
            {"msft_referralidentifier", kReferral},
            {"msft_howcanmicrosofthelp", 100000002},
            {"modifiedon", "2026-03-02T08:15:00Z"},
            {"versionnumber", 4402117}};
  }
  static Json With(Json row, const std::string& member, const Json& value) {
    row[member] = value;
    return row;
  }

  Crm& crm() {
    if (!crm_) {
      DataverseOptions options;
      options.url = kOrigin;
      options.fields = overrides;
      options.page_size = 2;
      options.leads = leads;
      options.batch_operations_max = batch_operations_max;
      crm_ = MakeDataverseClient(api, options, clock, random, log);
    }
    return *crm_;
  }

  CrmSchema Schema() {
    const auto schema = crm().Describe(false);
    EXPECT_TRUE(schema.ok());
    return schema.ok() ? *schema : CrmSchema{};
  }

  // Describes, selects and forgets the requests made on the way.
  void Reads(const std::vector<std::string>& columns) {
    Schema();
    crm().Select(RecordKind::opportunity, columns);
    api.Forget();
  }

  static bool Mentions(const std::vector<std::string>& lines, const std::string& piece) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(piece) != std::string::npos;
    });
  }

  std::map<std::string, std::string> overrides;
  std::size_t batch_operations_max = 100;
  bool leads = false;
  FakeClock clock;
  SeededRandom random{7};
  RecordingLog log;
  ScriptedApi api{kOrigin};

 private:
  std::unique_ptr<Crm> crm_;
};

}  // namespace cosell::test
