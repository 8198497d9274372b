#include "tools/sandbox/dataverse/actions.h"

#include "base/guid.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/render.h"
#include "tools/sandbox/dataverse/request.h"
#include "tools/sandbox/dataverse/schema_sales.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::int64_t kOpen = 0;
constexpr std::int64_t kWon = 1;
constexpr std::int64_t kLost = 2;
constexpr std::int64_t kQualified = 1;

const Json& Parameter(const Json& body, const std::string& name) {
  static const Json missing;
  const bool has = body.is_object() && body.contains(name) && !body[name].is_null();
  return has ? body[name] : missing;
}

std::int64_t Integer(const Json& body, const std::string& name) {
  const Json& value = Parameter(body, name);
  if (!value.is_number_integer()) ThrowBadBody("Parameter '" + name + "' is missing or no number.");
  return value.get<std::int64_t>();
}

bool Flag(const Json& body, const std::string& name) {
  const Json& value = Parameter(body, name);
  if (!value.is_boolean()) ThrowBadBody("Parameter '" + name + "' is missing or no boolean.");
  return value.get<bool>();
}

// The parameters of 6.5. There are no campaigns to name, and a business process is left alone.
void RequireKnownParameters(const Json& body) {
  static const std::set<std::string> known = {
      "CreateAccount",         "CreateContact",         "CreateOpportunity", "Status",
      "OpportunityCurrencyId", "OpportunityCustomerId", "SourceCampaignId",  "ProcessInstanceId"};
  for (const auto& member : body.items()) {
    if (!known.contains(member.key())) {
      ThrowBadBody("The parameter '" + member.key() +
                   "' in the request payload is not a valid parameter for the operation "
                   "'QualifyLead'.");
    }
  }
  if (!Parameter(body, "SourceCampaignId").is_null()) {
    throw ServiceError(404, kNotFound, "The campaign of the request Does Not Exist");
  }
}

void RequireReason(const Table& table, std::int64_t state, std::int64_t reason) {
  const Option* option = table.columns()[table.At("statuscode")].FindOption(reason);
  if (option != nullptr && option->state == state) return;
  throw ServiceError(400, kBadState,
                     std::to_string(reason) + " is not a valid status code for state code " +
                         std::to_string(state) + " on " + table.name() + ".");
}

void RequireOpen(const Table& table, const Row& row) {
  if (std::get<std::int64_t>(table.Cell(row, "statecode")) == kOpen) return;
  throw ServiceError(400, kInvalidArgument, "The " + table.name() + " is already closed.");
}

// What closing writes into the opportunity, taken from the activity (6.2).
Changes ClosingChanges(const WriteContext& context, const Table& table, const Row& before,
                       const Table& closes, const Row& close, bool won, std::int64_t reason) {
  const Value& end = closes.Cell(close, "actualend");
  const std::string day =
      IsNull(end) ? FormatSeconds(context.database.Now()) : std::get<std::string>(end);
  Changes changes;
  changes.cells.emplace_back(table.At("statecode"), won ? kWon : kLost);
  changes.cells.emplace_back(table.At("statuscode"), reason);
  changes.cells.emplace_back(table.At("actualclosedate"), day.substr(0, 10));
  Value revenue = closes.Cell(close, "actualrevenue");
  if (IsNull(revenue) && won) revenue = table.Cell(before, "estimatedvalue");
  if (!IsNull(revenue)) changes.cells.emplace_back(table.At("actualvalue"), revenue);
  return changes;
}

// The id in an entity-typed parameter such as {"accountid":"..","@odata.type":".."}.
std::optional<Reference> EntityParameter(Database& database, const Json& body,
                                         const std::string& name,
                                         const std::set<std::string>& targets) {
  const Json& value = Parameter(body, name);
  if (value.is_null()) return std::nullopt;
  const auto type = value.is_object() ? value.value("@odata.type", "") : "";
  for (const auto& target : targets) {
    const Table& table = database.At(target);
    const std::string& key = table.info().primary_id;
    // A parameter of one possible type needs no type of its own.
    const bool typed = type.ends_with("Microsoft.Dynamics.CRM." + target);
    if (!typed && (targets.size() > 1 || !type.empty())) continue;
    if (!value.contains(key) || !value[key].is_string()) continue;
    const RowKey row{NormalizeGuid(value[key].get<std::string>()), {}};
    if (!row.id || FindByKey(table, row) == nullptr) ThrowMissing(table, row);
    return Reference{target, *row.id};
  }
  ThrowBadBody("Parameter '" + name + "' needs the id of a row and its @odata.type.");
}

class Qualification {
 public:
  Qualification(const WriteContext& context, const Row& lead)
      : context_(context), leads_(context.database.At("lead")), lead_(lead) {}

  std::optional<Reference> customer;
  std::optional<Reference> currency;

  void CreateAccount() {
    Copy copy = Begin("account");
    copy.Take("companyname", "name");
    copy.TakeSame({"telephone1", "websiteurl", "address1_line1", "address1_city",
                   "address1_stateorprovince", "address1_postalcode", "address1_country"});
    account_ = Finish(copy);
  }

  void CreateContact() {
    Copy copy = Begin("contact");
    copy.TakeSame({"firstname", "lastname", "jobtitle", "emailaddress1", "telephone1"});
    if (account_) copy.Set("parentcustomerid", *account_);
    contact_ = Finish(copy);
  }

  void CreateOpportunity() {
    Copy copy = Begin("opportunity");
    copy.Take("subject", "name");
    copy.Take("estimatedamount", "estimatedvalue");
    copy.TakeSame({"description", "estimatedclosedate", "parentaccountid", "parentcontactid",
                   "transactioncurrencyid", "budgetamount"});
    copy.Set("originatingleadid", Reference{"lead", lead_.id});
    if (account_) copy.Set("parentaccountid", *account_);
    if (contact_) copy.Set("parentcontactid", *contact_);
    if (currency) copy.Set("transactioncurrencyid", *currency);
    if (customer) {
      copy.Set("customerid", *customer);
      copy.Set(customer->table == "account" ? "parentaccountid" : "parentcontactid", *customer);
    }
    if (context_.database.switches().qualify_copies_cosell_columns) {
      for (const auto& column : CosellColumnsOfLead(context_.database.options())) {
        if (leads_.Find(column) && copy.to.Find(column)) copy.Take(column, column);
      }
    }
    opportunity_ = Finish(copy);
  }

  void CloseLead(std::int64_t reason) {
    Changes changes;
    changes.cells.emplace_back(leads_.At("statecode"), kQualified);
    changes.cells.emplace_back(leads_.At("statuscode"), reason);
    if (opportunity_ && context_.database.switches().qualify_names_opportunity) {
      changes.cells.emplace_back(leads_.At("qualifyingopportunityid"), *opportunity_);
    }
    UpdateRow(context_, leads_, lead_.id, changes, {"Update", "qualify", std::nullopt, true});
  }

  std::string Answer() const {
    std::string body =
        "{\"@odata.context\":" +
        JsonString(context_.origin + std::string(kApiRoot) + "$metadata#crmbaseentities") +
        ",\"value\":[";
    for (const auto& created : {account_, contact_, opportunity_}) {
      if (!created) continue;
      const Table& table = context_.database.At(created->table);
      body += "{\"@odata.type\":" + JsonString("#Microsoft.Dynamics.CRM." + created->table) + "," +
              JsonString(table.info().primary_id) + ":" + JsonString(created->id) + "},";
    }
    if (body.back() == ',') body.pop_back();
    return body + "]}";
  }

 private:
  struct Copy {
    const Table& from;
    const Row& lead;
    Table& to;
    Changes changes;
    void Set(const std::string& column, Value value) {
      changes.Drop(to.At(column));
      changes.cells.emplace_back(to.At(column), std::move(value));
    }
    void Take(const std::string& source, const std::string& target) {
      const Value& value = from.Cell(lead, source);
      if (!IsNull(value)) Set(target, value);
    }
    void TakeSame(std::initializer_list<const char*> columns) {
      for (const auto* column : columns) Take(column, column);
    }
  };

  Copy Begin(const std::string& table) { return {leads_, lead_, context_.database.At(table), {}}; }
  Reference Finish(Copy& copy) {
    return {copy.to.name(), CreateRow(context_, copy.to, std::nullopt, copy.changes)};
  }

  const WriteContext& context_;
  Table& leads_;
  Row lead_;
  std::optional<Reference> account_;
  std::optional<Reference> contact_;
  std::optional<Reference> opportunity_;
};

}  // namespace

void CloseOpportunity(const WriteContext& context, bool won, const Json& body) {
  Table& table = context.database.At("opportunity");
  Table& closes = context.database.At("opportunityclose");
  const std::int64_t reason = Integer(body, "Status");
  const Json& activity = Parameter(body, "OpportunityClose");
  if (!activity.is_object()) ThrowBadBody("Parameter 'OpportunityClose' is missing.");
  Changes columns = ParseBody(context, closes, activity, Purpose::create);
  const Value* bound = columns.Find(closes.At("opportunityid"));
  if (bound == nullptr || IsNull(*bound)) ThrowBadBody("OpportunityClose names no opportunity.");
  const std::string id = std::get<Reference>(*bound).id;
  const Row before = *table.FindRow(id);
  RequireReason(table, won ? kWon : kLost, reason);
  RequireOpen(table, before);

  const std::size_t currency = closes.At("transactioncurrencyid");
  if (columns.Find(currency) == nullptr) {
    columns.cells.emplace_back(currency, table.Cell(before, "transactioncurrencyid"));
  }
  // The activity is announced with the opportunity, in the action's own context.
  WriteContext quiet = context;
  quiet.silent = true;
  const Row close = *closes.FindRow(CreateRow(quiet, closes, std::nullopt, columns));
  const Changes changes = ClosingChanges(context, table, before, closes, close, won, reason);
  UpdateRow(context, table, id, changes, {won ? "Win" : "Lose", won ? "win" : "lose", close, true});
}

std::string QualifyLead(const WriteContext& context, const std::string& lead_id, const Json& body) {
  Table& leads = context.database.At("lead");
  const Row lead = *leads.FindRow(lead_id);
  if (!body.is_object()) ThrowBadBody("A JSON object is expected as the body of the request.");
  RequireKnownParameters(body);
  const bool account = Flag(body, "CreateAccount");
  const bool contact = Flag(body, "CreateContact");
  const bool opportunity = Flag(body, "CreateOpportunity");
  const std::int64_t reason = Integer(body, "Status");
  RequireReason(leads, kQualified, reason);
  RequireOpen(leads, lead);

  Qualification work(context, lead);
  work.customer =
      EntityParameter(context.database, body, "OpportunityCustomerId", {"account", "contact"});
  work.currency =
      EntityParameter(context.database, body, "OpportunityCurrencyId", {"transactioncurrency"});
  if (account) work.CreateAccount();
  if (contact) work.CreateContact();
  if (opportunity) work.CreateOpportunity();
  work.CloseLead(reason);
  return work.Answer();
}

}  // namespace cosell::sandbox::dataverse
