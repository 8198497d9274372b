#include "crm/dataverse/table.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cosell::dataverse {
namespace {

struct TableName {
  std::string_view logical_name;
  std::string_view entity_set;
};

constexpr std::array<TableName, 5> kTables = {{{"opportunity", "opportunities"},
                                               {"lead", "leads"},
                                               {"account", "accounts"},
                                               {"contact", "contacts"},
                                               {"systemuser", "systemusers"}}};

struct DocumentedColumn {
  std::string_view table;
  std::string_view name;
  ColumnType type;
  std::size_t length_max = 0;  // 0: no limit known
};

using enum ColumnType;

constexpr DocumentedColumn kDocumented[] = {
    {"opportunity", "opportunityid", guid},
    {"opportunity", "name", text, 300},
    {"opportunity", "description", memo, 2000},
    {"opportunity", "estimatedvalue", money},
    {"opportunity", "estimatedclosedate", date},
    {"opportunity", "actualvalue", money},
    {"opportunity", "actualclosedate", date},
    {"opportunity", "closeprobability", number},
    {"opportunity", "salesstage", choice},
    {"opportunity", "isrevenuesystemcalculated", boolean},
    {"opportunity", "customerid", lookup},
    {"opportunity", "parentaccountid", lookup},
    {"opportunity", "parentcontactid", lookup},
    {"opportunity", "originatingleadid", lookup},
    {"opportunity", "transactioncurrencyid", lookup},
    {"opportunity", "ownerid", lookup},
    {"opportunity", "statecode", status},
    {"opportunity", "statuscode", status},
    {"opportunity", "createdon", datetime},
    {"opportunity", "modifiedon", datetime},
    {"opportunity", "modifiedby", lookup},
    {"lead", "leadid", guid},
    {"lead", "subject", text, 300},
    {"lead", "firstname", text, 50},
    {"lead", "lastname", text, 50},
    {"lead", "fullname", text},
    {"lead", "companyname", text, 100},
    {"lead", "jobtitle", text, 100},
    {"lead", "emailaddress1", text, 100},
    {"lead", "telephone1", text},
    {"lead", "mobilephone", text, 20},
    {"lead", "websiteurl", text},
    {"lead", "description", memo, 2000},
    {"lead", "address1_line1", text, 250},
    {"lead", "address1_line2", text, 250},
    {"lead", "address1_city", text, 80},
    {"lead", "address1_stateorprovince", text},
    {"lead", "address1_postalcode", text, 20},
    {"lead", "address1_country", text, 80},
    {"lead", "numberofemployees", number},
    {"lead", "estimatedamount", money},
    {"lead", "estimatedvalue", number},
    {"lead", "estimatedclosedate", date},
    {"lead", "budgetamount", money},
    {"lead", "customerid", lookup},
    {"lead", "parentaccountid", lookup},
    {"lead", "parentcontactid", lookup},
    {"lead", "qualifyingopportunityid", lookup},
    {"lead", "transactioncurrencyid", lookup},
    {"lead", "ownerid", lookup},
    {"lead", "statecode", status},
    {"lead", "statuscode", status},
    {"lead", "createdon", datetime},
    {"lead", "modifiedon", datetime},
    {"lead", "modifiedby", lookup},
    {"account", "accountid", guid},
    {"account", "name", text, 160},
    {"account", "accountnumber", text, 20},
    {"account", "address1_line1", text},
    {"account", "address1_line2", text},
    {"account", "address1_city", text},
    {"account", "address1_stateorprovince", text},
    {"account", "address1_postalcode", text},
    {"account", "address1_country", text},
    {"account", "telephone1", text},
    {"account", "emailaddress1", text},
    {"account", "websiteurl", text},
    {"account", "numberofemployees", number},
    {"account", "transactioncurrencyid", lookup},
    {"account", "statecode", status},
    {"contact", "contactid", guid},
    {"contact", "firstname", text},
    {"contact", "lastname", text},
    {"contact", "fullname", text},
    {"contact", "emailaddress1", text},
    {"contact", "telephone1", text},
    {"contact", "mobilephone", text},
    {"contact", "jobtitle", text},
    {"contact", "parentcustomerid", lookup},
    {"contact", "statecode", status},
    {"systemuser", "systemuserid", guid},
    {"systemuser", "fullname", text},
    {"systemuser", "internalemailaddress", text},
    {"systemuser", "azureactivedirectoryobjectid", guid},
    {"systemuser", "isdisabled", boolean},
};

struct TargetRow {
  std::string_view table;
  LookupTarget target;
};

constexpr TargetRow kTargets[] = {
    {"opportunity", {"customerid", "customerid_account", "accounts"}},
    {"opportunity", {"parentaccountid", "parentaccountid", "accounts"}},
    {"opportunity", {"parentcontactid", "parentcontactid", "contacts"}},
    {"opportunity", {"originatingleadid", "originatingleadid", "leads"}},
    {"opportunity", {"pricelevelid", "pricelevelid", "pricelevels"}},
    {"opportunity", {"campaignid", "campaignid", "campaigns"}},
    {"lead", {"customerid", "customerid_account", "accounts"}},
    {"lead", {"parentaccountid", "parentaccountid", "accounts"}},
    {"lead", {"parentcontactid", "parentcontactid", "contacts"}},
    {"lead", {"campaignid", "campaignid", "campaigns"}},
    {"contact", {"parentcustomerid", "parentcustomerid_account", "accounts"}},
    {"account", {"primarycontactid", "primarycontactid", "contacts"}},
    {"", {"ownerid", "ownerid", "systemusers"}},
    {"", {"transactioncurrencyid", "transactioncurrencyid", "transactioncurrencies"}},
};

std::string ToUpper(std::string_view code) {
  std::string out(code);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

}  // namespace

const Column* Table::Find(std::string_view name) const {
  const auto found = columns.find(std::string(name));
  return found == columns.end() ? nullptr : &found->second;
}

Table EmptyTable(std::string_view logical_name) {
  Table table;
  table.logical_name = logical_name;
  table.id_column = table.logical_name + "id";
  for (const TableName& known : kTables) {
    if (known.logical_name == logical_name) table.entity_set = known.entity_set;
  }
  return table;
}

Table DocumentedTable(std::string_view logical_name) {
  Table table = EmptyTable(logical_name);
  table.from_metadata = false;
  for (const DocumentedColumn& known : kDocumented) {
    if (known.table != logical_name) continue;
    Column column;
    column.name = known.name;
    column.type = known.type;
    if (known.length_max > 0) column.length_max = known.length_max;
    table.columns.emplace(column.name, std::move(column));
  }
  if (logical_name == "opportunity") {
    table.columns["salesstage"].labels = {
        {0, "Qualify"}, {1, "Develop"}, {2, "Propose"}, {3, "Close"}};
    table.columns["statuscode"].labels = {
        {1, "In Progress"}, {2, "On Hold"}, {3, "Won"}, {4, "Canceled"}, {5, "Out-Sold"}};
    table.columns["statuscode"].states = {{1, 0}, {2, 0}, {3, 1}, {4, 2}, {5, 2}};
  } else if (logical_name == "lead") {
    table.columns["statuscode"].labels = {
        {1, "New"},     {2, "Contacted"},      {3, "Qualified"},
        {4, "Lost"},    {5, "Cannot Contact"}, {6, "No Longer Interested"},
        {7, "Canceled"}};
    table.columns["statuscode"].states = {{1, 0}, {2, 0}, {3, 1}, {4, 2}, {5, 2}, {6, 2}, {7, 2}};
  }
  return table;
}

std::optional<LookupTarget> FindLookupTarget(std::string_view table, std::string_view column) {
  for (const TargetRow& row : kTargets) {
    if ((row.table.empty() || row.table == table) && row.target.column == column) return row.target;
  }
  return std::nullopt;
}

void Currencies::Add(const std::string& id, const std::string& code) {
  codes_[id] = ToUpper(code);
  if (!code.empty()) ids_.emplace(ToUpper(code), id);
}

std::optional<std::string> Currencies::CodeOf(const std::string& id) const {
  const auto found = codes_.find(id);
  if (found == codes_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Currencies::IdOf(std::string_view code) const {
  const auto found = ids_.find(ToUpper(code));
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Currencies::Codes() const {
  std::vector<std::string> codes;
  for (const auto& [code, id] : ids_) codes.push_back(code);
  return codes;
}

}  // namespace cosell::dataverse
