#include "tools/sandbox/dataverse/schema_sales.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kProducts = "products";

// "Schema name" of the co-sell columns: only the part after the prefix is mixed case.
struct CosellColumn {
  std::string name;
  std::string schema_name;
  std::string label;
};

const std::vector<CosellColumn>& CosellColumns() {
  static const std::vector<CosellColumn> columns = {
      {"syncwithpartnercenter", "SyncWithPartnerCenter", "Sync with Partner Center"},
      {"referralidentifier", "ReferralIdentifier", "Referral Identifier"},
      {"referrallink", "ReferralLink", "Referral Link"},
      {"referralprogram", "ReferralProgram", "Referral Program"},
      {"microsoftcrmidentifier", "MicrosoftCRMIdentifier", "Microsoft CRM Identifier"},
      {"referralvisibility", "ReferralVisibility", "Microsoft Partner Center Referral Visibility"},
      {"howcanmicrosofthelp", "HowCanMicrosoftHelp", "How can Microsoft help?"},
      {"products", "Products", "Products"},
      {"audit", "Audit", "Audit"},
  };
  return columns;
}

const std::vector<Option>& HelpOptions() {
  static const std::vector<Option> options = {{100'000'000, "Workload Specific Value Proposition"},
                                              {100'000'001, "Customer Technical Architecture"},
                                              {100'000'002, "Proof Of Concept Or Demo"},
                                              {100'000'003, "Quotes or Licensing"},
                                              {100'000'004, "Post Sales Customer Success"},
                                              {100'000'005, "General Or Other"}};
  return options;
}

void AddCosellColumn(TableBuilder& table, const std::string& name, const std::string& full,
                     const std::string& label) {
  if (name == "syncwithpartnercenter") {
    table.Boolean(full, label).Initially(false);
  } else if (name == "referralvisibility") {
    table.Boolean(full, label, "Not visible to Microsoft sellers", "Visible to Microsoft sellers");
  } else if (name == "howcanmicrosofthelp") {
    table.Choice(full, HelpOptions(), label);
  } else if (name == "audit") {
    table.Memo(full, 2000, label);
  } else if (name == "referrallink" || name == "products") {
    table.Text(full, 255, label);
  } else {
    table.Text(full, 100, label);
  }
}

void AddCosellColumns(TableBuilder& table, const DataverseWorldOptions& options, bool lead) {
  for (const auto& column : CosellColumns()) {
    if (options.without_columns.contains(column.name)) continue;
    if (lead && column.name == kProducts) continue;
    const auto label = options.labels.find(column.name);
    AddCosellColumn(table, column.name, options.prefix + column.name,
                    label == options.labels.end() ? column.label : label->second);
    table.Schema(options.prefix + column.schema_name);
  }
}

// Columns of the company's own, for mapping files.
void AddOwnColumns(TableBuilder& table) {
  table.Money("new_calculatedvalue", -kMoneyLimit, kMoneyLimit, "Calculated Value")
      .Money("new_valueusd", -kMoneyLimit, kMoneyLimit, "Value in USD")
      .Text("new_valuecurrency", 3, "Value Currency")
      .Decimal("new_valuethousands", 5, "Value in Thousands")
      .Memo("new_summary", 500, "Co-sell Summary")
      .Text("new_source", 50, "Source")
      .Text("new_campaign", 20, "Campaign")
      .DateTime("new_closetime", "Close Time")
      .Choice("new_phase", {{1, "Early"}, {2, "Middle"}, {3, "Late"}}, "Phase")
      .Choice("new_region", {{1, "EMEA"}, {2, "Americas"}}, "Region");
}

void AddSalesChoices(TableBuilder& table) {
  const std::vector<Option> timeline = {
      {0, "Immediate"}, {1, "This Quarter"}, {2, "Next Quarter"}, {3, "This Year"}};
  auto purchase = timeline;
  purchase.push_back({4, "Unknown"});
  auto known = timeline;
  known.push_back({4, "Not known"});
  table
      .Choice("budgetstatus",
              {{0, "No Committed Budget"}, {1, "May Buy"}, {2, "Can Buy"}, {3, "Will Buy"}},
              "Budget")
      .Choice("opportunityratingcode", {{1, "Hot"}, {2, "Warm"}, {3, "Cold"}}, "Rating")
      .Choice("salesstage", {{0, "Qualify"}, {1, "Develop"}, {2, "Propose"}, {3, "Close"}},
              "Sales Stage")
      .Choice("salesstagecode", {{1, "Default Value"}}, "Process Code")
      .Choice("purchasetimeframe", purchase, "Purchase Timeframe")
      .Choice("purchaseprocess", {{0, "Individual"}, {1, "Committee"}, {2, "Unknown"}},
              "Purchase Process")
      .Choice("timeline", known, "Timeline")
      .Choice("need", {{0, "Must have"}, {1, "Should have"}, {2, "Good to have"}, {3, "No need"}},
              "Need")
      .Choice("prioritycode", {{1, "Default Value"}}, "Priority");
}

}  // namespace

Table OpportunityTable(const DataverseWorldOptions& options, Random& random) {
  TableBuilder table({"opportunity",
                      "opportunities",
                      "Opportunity",
                      "Opportunity",
                      "opportunityid",
                      "name",
                      true,
                      true,
                      {1, 2},
                      ""},
                     random);
  table.Text("name", 300, "Topic").Memo("description", 2000, "Description");
  table.Owned().WithCurrency();
  table.Money("estimatedvalue", -kMoneyLimit, kMoneyLimit, "Est. Revenue")
      .Date("estimatedclosedate", "Est. Close Date")
      .Money("actualvalue", -kMoneyLimit, kMoneyLimit, "Actual Revenue")
      .Date("actualclosedate", "Actual Close Date")
      .Date("finaldecisiondate", "Final Decision Date")
      .Money("budgetamount", 0, kMoneyLimit, "Budget Amount")
      .Money("totalamount", -kMoneyLimit, kMoneyLimit, "Total Amount")
      .Initially(std::int64_t{0})
      .Money("totallineitemamount", -kMoneyLimit, kMoneyLimit, "Total Detail Amount")
      .ReadOnly()
      .Money("totaltax", -kMoneyLimit, kMoneyLimit, "Total Tax")
      .ReadOnly()
      .Money("freightamount", 0, kMoneyLimit, "Freight Amount")
      .Money("discountamount", 0, kMoneyLimit, "Opportunity Discount Amount")
      .Decimal("discountpercentage", 2, "Opportunity Discount (%)")
      .Integer("closeprobability", 0, 100, "Probability")
      .Boolean("isrevenuesystemcalculated", "Revenue", "User Provided", "System Calculated")
      .Initially(false);
  AddSalesChoices(table);
  table.Text("stepname", 200, "Pipeline Phase").Text("emailaddress", 100, "Email Address");
  for (const auto* memo : {"currentsituation", "customerneed", "customerpainpoints",
                           "proposedsolution", "qualificationcomments", "quotecomments"}) {
    table.Memo(memo, 2000, memo);
  }
  table.Customer("customerid", kCustomers, "Potential Customer")
      .Lookup("parentaccountid", {"account"}, "Account")
      .Lookup("parentcontactid", {"contact"}, "Contact")
      .Lookup("originatingleadid", {"lead"}, "Originating Lead")
      .CreateOnly()
      .Integer("importsequencenumber", 0, 2'147'483'647, "Import Sequence Number")
      .CreateOnly()
      .Integer("pricingerrorcode", 0, 37, "Pricing Error")
      .ReadOnly()
      .State({{0, "Open"}, {1, "Won"}, {2, "Lost"}}, {{1, "In Progress", 0},
                                                      {2, "On Hold", 0},
                                                      {3, "Won", 1},
                                                      {4, "Canceled", 2},
                                                      {5, "Out-Sold", 2}});
  AddCosellColumns(table, options, false);
  AddOwnColumns(table);
  return table.Build();
}

void AddAddress(TableBuilder& table) {
  table.Text("address1_line1", 250, "Address 1: Street 1")
      .Text("address1_line2", 250, "Address 1: Street 2")
      .Text("address1_line3", 250, "Address 1: Street 3")
      .Text("address1_city", 80, "Address 1: City")
      .Text("address1_stateorprovince", 50, "Address 1: State/Province")
      .Text("address1_postalcode", 20, "Address 1: ZIP/Postal Code")
      .Text("address1_country", 80, "Address 1: Country/Region");
}

Table LeadTable(const DataverseWorldOptions& options, Random& random) {
  TableBuilder table({"lead", "leads", "Lead", "Lead", "leadid", "fullname", true, true, {1}, ""},
                     random);
  table.Text("subject", 300, "Topic")
      .Text("fullname", 160, "Name")
      .ReadOnly()
      .Text("firstname", 50, "First Name")
      .Text("middlename", 50, "Middle Name")
      .Text("lastname", 50, "Last Name")
      .Text("companyname", 100, "Company Name")
      .Text("jobtitle", 100, "Job Title")
      .Text("emailaddress1", 100, "Email")
      .Text("emailaddress2", 100, "Email Address 2")
      .Text("emailaddress3", 100, "Email Address 3")
      .Text("telephone1", 50, "Business Phone")
      .Text("mobilephone", 20, "Mobile Phone")
      .Text("fax", 50, "Fax")
      .Text("pager", 20, "Pager")
      .Text("websiteurl", 200, "Website")
      .Memo("description", 2000, "Description");
  AddAddress(table);
  table.Owned().WithCurrency();
  table.Integer("numberofemployees", 0, 1'000'000, "No. of Employees")
      .Choice("leadsourcecode",
              {{3, "External Referral"}, {4, "Partner"}, {8, "Web"}, {10, "Other"}}, "Lead Source")
      .Choice("leadqualitycode", {{1, "Hot"}, {2, "Warm"}, {3, "Cold"}}, "Rating")
      .Money("estimatedamount", 0, kMoneyLimit, "Est. Value")
      .Decimal("estimatedvalue", 2, "Est. Value (deprecated)")
      .Date("estimatedclosedate", "Est. Close Date")
      .Money("budgetamount", 0, kMoneyLimit, "Budget Amount")
      .Money("revenue", 0, kMoneyLimit, "Annual Revenue")
      .Lookup("parentaccountid", {"account"}, "Parent Account for lead")
      .Lookup("parentcontactid", {"contact"}, "Parent Contact for lead")
      .Customer("customerid", kCustomers, "Customer")
      .Lookup("qualifyingopportunityid", {"opportunity"}, "Qualifying Opportunity")
      .Choice("industrycode", {{1, "Accounting"}, {33, "Wholesale"}}, "Industry")
      .Choice("salesstage", {{0, "Qualify"}}, "Sales Stage")
      .Choice("salesstagecode", {{1, "Default Value"}}, "Process Code")
      .Boolean("donotemail", "Do not allow Emails", "Allow", "Do Not Allow")
      .Initially(false)
      .Boolean("donotphone", "Do not allow Phone Calls", "Allow", "Do Not Allow")
      .Initially(false)
      .Boolean("donotbulkemail", "Do not allow Bulk Emails", "Allow", "Do Not Allow")
      .Initially(false)
      .State({{0, "Open"}, {1, "Qualified"}, {2, "Disqualified"}}, {{1, "New", 0},
                                                                    {2, "Contacted", 0},
                                                                    {3, "Qualified", 1},
                                                                    {4, "Lost", 2},
                                                                    {5, "Cannot Contact", 2},
                                                                    {6, "No Longer Interested", 2},
                                                                    {7, "Canceled", 2}});
  if (options.lead_columns) AddCosellColumns(table, options, true);
  return table.Build();
}

std::vector<std::string> CosellColumnsOfLead(const DataverseWorldOptions& options) {
  std::vector<std::string> names;
  for (const auto& column : CosellColumns()) {
    if (column.name != kProducts) names.push_back(options.prefix + column.name);
  }
  return names;
}

}  // namespace cosell::sandbox::dataverse
