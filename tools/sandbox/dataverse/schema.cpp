#include "tools/sandbox/dataverse/schema.h"

#include "base/text.h"
#include "tools/sandbox/dataverse/customize.h"
#include "tools/sandbox/dataverse/schema_sales.h"
#include "tools/sandbox/dataverse/table_builder.h"

namespace cosell::sandbox::dataverse {
namespace {

const std::vector<Option> kActiveStates = {{0, "Active"}, {1, "Inactive"}};
const std::vector<Option> kActiveReasons = {{1, "Active", 0}, {2, "Inactive", 1}};

Table Account(Random& random) {
  TableBuilder table(
      {"account", "accounts", "Account", "Account", "accountid", "name", true, true, {}, ""},
      random);
  table.Text("name", 160, "Account Name")
      .Text("accountnumber", 20, "Account Number")
      .Text("telephone1", 50, "Main Phone")
      .Text("emailaddress1", 100, "Email")
      .Text("websiteurl", 200, "Website")
      .Memo("description", 2000, "Description")
      .Integer("numberofemployees", 0, 1'000'000'000, "Number of Employees")
      .Choice("industrycode", {{1, "Accounting"}, {33, "Wholesale"}}, "Industry")
      .Lookup("primarycontactid", {"contact"}, "Primary Contact");
  AddAddress(table);
  table.Text("new_duns", 20, "D-U-N-S").Text("new_countrycode", 2, "Country Code");
  table.Owned().WithCurrency().State(kActiveStates, kActiveReasons);
  return table.Build();
}

Table Contact(Random& random) {
  TableBuilder table(
      {"contact", "contacts", "Contact", "Contact", "contactid", "fullname", true, true, {}, ""},
      random);
  table.Text("fullname", 160, "Full Name")
      .ReadOnly()
      .Text("firstname", 50, "First Name")
      .Text("lastname", 50, "Last Name")
      .Text("jobtitle", 100, "Job Title")
      .Text("emailaddress1", 100, "Email")
      .Text("telephone1", 50, "Business Phone")
      .Text("mobilephone", 50, "Mobile Phone")
      .Memo("description", 2000, "Description")
      .Customer("parentcustomerid", kCustomers, "Company Name");
  AddAddress(table);
  table.Owned().WithCurrency().State(kActiveStates, kActiveReasons);
  return table.Build();
}

Table Currency(Random& random) {
  TableBuilder table({"transactioncurrency",
                      "transactioncurrencies",
                      "TransactionCurrency",
                      "Currency",
                      "transactioncurrencyid",
                      "currencyname",
                      false,
                      true,
                      {},
                      ""},
                     random);
  table.Text("currencyname", 100, "Currency Name")
      .Text("isocurrencycode", 5, "Currency Code")
      .Text("currencysymbol", 10, "Currency Symbol")
      .Integer("currencyprecision", 0, 4, "Currency Precision")
      .Decimal("exchangerate", kRateScale, "Exchange Rate");
  table.State(kActiveStates, kActiveReasons);
  return table.Build();
}

Table SystemUser(Random& random) {
  TableBuilder table({"systemuser",
                      "systemusers",
                      "SystemUser",
                      "User",
                      "systemuserid",
                      "fullname",
                      false,
                      true,
                      {},
                      ""},
                     random);
  table.Text("fullname", 200, "Full Name")
      .ReadOnly()
      .Text("firstname", 256, "First Name")
      .Text("lastname", 256, "Last Name")
      .Text("internalemailaddress", 100, "Primary Email")
      .Text("domainname", 1024, "User Name")
      .Text("address1_telephone1", 64, "Main Phone")
      .Guid("azureactivedirectoryobjectid")
      .Guid("applicationid")
      .Boolean("isdisabled", "Status", "Enabled", "Disabled")
      .Initially(false);
  return table.Build();
}

Table Team(Random& random) {
  TableBuilder table({"team", "teams", "Team", "Team", "teamid", "name", false, true, {}, ""},
                     random);
  table.Text("name", 160, "Team Name");
  return table.Build();
}

Table OpportunityClose(Random& random) {
  TableBuilder table({"opportunityclose",
                      "opportunitycloses",
                      "OpportunityClose",
                      "Opportunity Close",
                      "activityid",
                      "subject",
                      false,
                      false,
                      {},
                      ""},
                     random);
  table.Text("subject", 200, "Subject")
      .Memo("description", 2000, "Description")
      .DateTime("actualend", "Actual End");
  table.Owned().WithCurrency();
  table.Money("actualrevenue", -kMoneyLimit, kMoneyLimit, "Actual Revenue")
      .Lookup("opportunityid", {"opportunity"}, "Opportunity")
      .CascadesDelete()
      .State({{1, "Completed"}, {0, "Open"}, {2, "Canceled"}},
             {{2, "Completed", 1}, {1, "Open", 0}, {3, "Canceled", 2}});
  return table.Build();
}

Table MicrosoftSolution(const DataverseWorldOptions& options, Random& random) {
  const std::string name = options.prefix + "microsoftsolution";
  TableBuilder table({name,
                      name + "s",
                      options.prefix + "MicrosoftSolution",
                      "Microsoft Solutions",
                      name + "id",
                      options.prefix + "name",
                      true,
                      true,
                      {},
                      ""},
                     random);
  table.Text(options.prefix + "name", 200, "Solution Name")
      .Text(options.prefix + "solutionidentifier", 100, "Solution Identifier")
      .Schema(options.prefix + "SolutionIdentifier")
      .Text(options.prefix + "type", 50, "Type")
      .Text(options.prefix + "publishername", 200, "Publisher Name")
      .Lookup(options.prefix + "opportunityid", {"opportunity"}, "Opportunity")
      .Schema(options.prefix + "OpportunityId")
      .CascadesDelete();
  table.Owned().State(kActiveStates, kActiveReasons);
  return table.Build();
}

Table MicrosoftSolutionDetail(const DataverseWorldOptions& options, Random& random) {
  const std::string name = options.prefix + "microsoftsolutiondetail";
  TableBuilder table({name,
                      name + "s",
                      options.prefix + "MicrosoftSolutionDetail",
                      "Microsoft Solution Details",
                      name + "id",
                      options.prefix + "name",
                      true,
                      true,
                      {},
                      ""},
                     random);
  table.Text(options.prefix + "name", 200, "Solution Name")
      .Text(options.prefix + "solutionidentifier", 100, "Solution Identifier")
      .Schema(options.prefix + "SolutionIdentifier")
      .Text(options.prefix + "type", 50, "Type")
      .Text(options.prefix + "publishername", 200, "Publisher Name");
  table.State(kActiveStates, kActiveReasons);
  return table.Build();
}

Table ServiceEndpoint(Random& random) {
  TableBuilder table({"serviceendpoint",
                      "serviceendpoints",
                      "ServiceEndpoint",
                      "Service Endpoint",
                      "serviceendpointid",
                      "name",
                      false,
                      false,
                      {},
                      ""},
                     random);
  table.Text("name", 200, "Name")
      .Text("url", 4000, "Url")
      .Choice("contract", {{8, "Webhook"}}, "Contract")
      .Choice("authtype", {{4, "WebhookKey"}, {5, "HttpHeader"}, {6, "HttpQueryString"}},
              "Authentication Type");
  return table.Build();
}

}  // namespace

std::vector<Table> MakeTables(const DataverseWorldOptions& options, Random& random) {
  std::vector<Table> tables;
  tables.push_back(SystemUser(random));
  tables.push_back(Team(random));
  tables.push_back(Currency(random));
  tables.push_back(Account(random));
  tables.push_back(Contact(random));
  tables.push_back(LeadTable(options, random));
  tables.push_back(OpportunityTable(options, random));
  tables.push_back(OpportunityClose(random));
  tables.push_back(MicrosoftSolution(options, random));
  tables.push_back(MicrosoftSolutionDetail(options, random));
  tables.push_back(ServiceEndpoint(random));
  for (Table& table : CustomizationTables()) tables.push_back(std::move(table));
  return tables;
}

const std::vector<CurrencySeed>& Currencies() {
  static const std::vector<CurrencySeed> currencies = {
      {"EUR", "Euro", "\u20ac", 2, 1.0},
      {"USD", "US Dollar", "$", 2, 1.08},
      {"GBP", "Pound Sterling", "\u00a3", 2, 0.86},
      {"NOK", "Norwegian Krone", "kr", 2, 11.4},
      {"SEK", "Swedish Krona", "kr", 2, 11.2},
      {"DKK", "Danish Krone", "kr", 2, 7.46},
      {"CHF", "Swiss Franc", "CHF", 2, 0.96},
      {"PLN", "Polish Zloty", "z\u0142", 2, 4.31},
      {"JPY", "Yen", "\u00a5", 0, 163.5},
      {"CAD", "Canadian Dollar", "$", 2, 1.47},
      {"AUD", "Australian Dollar", "$", 2, 1.65},
      {"INR", "Indian Rupee", "\u20b9", 2, 90.2},
  };
  return currencies;
}

AlternateKey ReferralKey(const DataverseWorldOptions& options) {
  return {options.prefix + "ReferralKey", "Referral key", {options.prefix + "referralidentifier"}};
}

}  // namespace cosell::sandbox::dataverse
