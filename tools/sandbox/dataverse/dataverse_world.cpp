#include "tools/sandbox/dataverse/dataverse_world.h"

#include <stdexcept>

#include "base/text.h"
#include "tools/sandbox/dataverse/actions.h"
#include "tools/sandbox/dataverse/batch.h"
#include "tools/sandbox/dataverse/database.h"
#include "tools/sandbox/dataverse/push.h"
#include "tools/sandbox/dataverse/render.h"
#include "tools/sandbox/dataverse/router.h"
#include "tools/sandbox/dataverse/seed.h"

namespace cosell::sandbox {
namespace {

using dataverse::Json;
using dataverse::Purpose;
using dataverse::ServiceError;
using dataverse::Table;
using dataverse::Transaction;

RowView ViewOf(const Table& table, const dataverse::Row& row, const DataverseSwitches& switches) {
  RowView view{row.id, dataverse::Etag(row), row.version, {}};
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    const auto& column = table.columns()[i];
    if (const auto text = dataverse::CellText(column, row.cells[i], switches)) {
      view.cells[column.property()] = *text;
    }
  }
  return view;
}

Error ToError(const ServiceError& error) {
  Error out;
  out.kind = error.status == 404   ? ErrorKind::not_found
             : error.status == 412 ? ErrorKind::already_exists
                                   : ErrorKind::refused;
  out.message = error.message;
  out.code = error.code;
  out.http_status = error.status;
  return out;
}

Json ParseJson(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) dataverse::ThrowBadBody("The text is not valid JSON.");
  return json;
}

}  // namespace

struct DataverseWorld::Parts {
  Parts(std::string origin, Clock& clock, Random& random, Authorize check,
        const DataverseWorldOptions& options)
      : database(options, clock, random),
        router(database, std::move(origin)),
        pushes(database),
        authorize(std::move(check)) {
    dataverse::SeedOrganization(database);
    people.push_back(dataverse::SeedPerson(
        database, {"", "Avery", "Example", "avery.example@contoso.example", "+44 20 7946 0001"}));
    people.push_back(dataverse::SeedPerson(
        database, {"", "Quinn", "Sample", "quinn.sample@contoso.example", ""}));
    database.OnChange([this](const dataverse::Change& change) { pushes.Take(change); });
  }

  Table& TableOf(const std::string& set) {
    Table* table = database.FindSet(set);
    if (table == nullptr) throw ServiceError(404, dataverse::kBadQuery, "no entity set " + set);
    return *table;
  }

  Table& TableWith(const std::string& set, const std::string& id) {
    Table& table = TableOf(set);
    if (table.FindRow(id) == nullptr) dataverse::ThrowMissing(table, {id, {}});
    return table;
  }

  // Runs a person's action in a transaction of its own.
  template <typename Action>
  Status AsPerson(const std::string& person, Action action) {
    try {
      Transaction transaction(database);
      const dataverse::WriteContext context{database, {person, false}, router.origin()};
      action(context);
      transaction.Commit();
      return Done{};
    } catch (const ServiceError& error) {
      return ToError(error);
    }
  }

  Status Close(const std::string& person, const std::string& id, bool won, const Closing& closing) {
    return AsPerson(person, [&](const dataverse::WriteContext& context) {
      TableWith("opportunities", id);
      Json activity = {{"subject", won ? "Won" : "Lost"},
                       {"opportunityid@odata.bind", "/opportunities(" + id + ")"}};
      if (!closing.description.empty()) activity["description"] = closing.description;
      if (!closing.actual_revenue.empty()) {
        activity["actualrevenue"] = ParseJson(closing.actual_revenue);
      }
      const int status = closing.status != 0 ? closing.status : won ? 3 : 4;
      dataverse::CloseOpportunity(context, won,
                                  {{"Status", status}, {"OpportunityClose", activity}});
    });
  }

  net::HttpResponse Unauthorized() {
    auto response = router.Answer(401);
    response.headers.emplace_back("WWW-Authenticate",
                                  "Bearer authorization_uri=" + router.origin() +
                                      "/oauth2/authorize, resource_id=" + router.origin() + "/");
    return response;
  }

  dataverse::Database database;
  dataverse::Router router;
  dataverse::PushQueue pushes;
  Authorize authorize;
  std::vector<std::string> people;
};

std::optional<std::string> RowView::Cell(const std::string& name) const {
  const auto found = cells.find(name);
  return found == cells.end() ? std::nullopt : std::optional(found->second);
}

DataverseWorld::DataverseWorld(std::string origin, Clock& clock, Random& random,
                               Authorize authorize, DataverseWorldOptions options)
    : parts_(std::make_unique<Parts>(std::move(origin), clock, random, std::move(authorize),
                                     options)) {}

DataverseWorld::~DataverseWorld() = default;

net::HttpResponse DataverseWorld::Handle(const net::HttpRequest& request) {
  auto& router = parts_->router;
  const auto target = dataverse::ParseTarget(request.url, router.origin());
  if (!target) return router.Answer(404);
  const auto authorization = dataverse::Header(request.headers, "Authorization");
  if (!parts_->authorize(authorization.value_or(""))) return parts_->Unauthorized();
  if (switches().application_user_missing) {
    return router.ErrorAnswer(
        ServiceError(403, dataverse::kNotAMember, "The user is not a member of the organization."),
        dataverse::ParsePrefer(request.headers));
  }
  if (dataverse::Header(request.headers, "CallerObjectId")) {
    return router.ErrorAnswer(
        ServiceError(403, dataverse::kNoPrivilege,
                     "Principal user is missing prvActOnBehalfOfAnotherUser privilege."),
        dataverse::ParsePrefer(request.headers));
  }
  if (target->path.size() == 1 && target->path.front().name == "$batch") {
    if (request.method == "POST") {
      return dataverse::HandleBatch(router, parts_->database, request);
    }
    return router.Answer(405);
  }
  return router.Execute({request}).response;
}

const std::string& DataverseWorld::origin() const { return parts_->router.origin(); }

const std::string& DataverseWorld::api_user_id() const { return parts_->database.api_user_id(); }

std::string DataverseWorld::Column(const std::string& name) const {
  return parts_->database.options().prefix + name;
}

DataverseSwitches& DataverseWorld::switches() { return parts_->database.switches(); }

const DataverseSwitches& DataverseWorld::switches() const { return parts_->database.switches(); }

void DataverseWorld::Inject(DataverseFault fault) { parts_->router.Inject(std::move(fault)); }

void DataverseWorld::ClearFaults() { parts_->router.ClearFaults(); }

void DataverseWorld::ExpireChangeTracking() { parts_->database.ExpireTracking(); }

std::string DataverseWorld::AddPerson(const SeedUser& user) {
  parts_->people.push_back(dataverse::SeedPerson(parts_->database, user));
  return parts_->people.back();
}

std::vector<std::string> DataverseWorld::people() const { return parts_->people; }

Result<std::string> DataverseWorld::Create(const std::string& person, const std::string& set,
                                           const std::string& json) {
  std::string id;
  const Status done = parts_->AsPerson(person, [&](const dataverse::WriteContext& context) {
    Table& table = parts_->TableOf(set);
    const auto changes = dataverse::ParseBody(context, table, ParseJson(json), Purpose::create);
    id = dataverse::CreateRow(context, table, std::nullopt, changes);
  });
  if (!done) return done.error();
  return id;
}

Status DataverseWorld::Edit(const std::string& person, const std::string& set,
                            const std::string& id, const std::string& json) {
  return parts_->AsPerson(person, [&](const dataverse::WriteContext& context) {
    Table& table = parts_->TableWith(set, id);
    const auto changes = dataverse::ParseBody(context, table, ParseJson(json), Purpose::update);
    dataverse::UpdateRow(context, table, id, changes);
  });
}

Status DataverseWorld::Delete(const std::string& person, const std::string& set,
                              const std::string& id) {
  return parts_->AsPerson(person, [&](const dataverse::WriteContext& context) {
    dataverse::DeleteRow(context, parts_->TableWith(set, id), id);
  });
}

Status DataverseWorld::Assign(const std::string& person, const std::string& set,
                              const std::string& id, const std::string& owner) {
  return Edit(person, set, id, Json{{"ownerid@odata.bind", "/systemusers(" + owner + ")"}}.dump());
}

Status DataverseWorld::Win(const std::string& person, const std::string& opportunity,
                           const Closing& closing) {
  return parts_->Close(person, opportunity, true, closing);
}

Status DataverseWorld::Lose(const std::string& person, const std::string& opportunity,
                            const Closing& closing) {
  return parts_->Close(person, opportunity, false, closing);
}

Status DataverseWorld::Reopen(const std::string& person, const std::string& opportunity,
                              int status) {
  return Edit(person, "opportunities", opportunity,
              Json{{"statecode", 0}, {"statuscode", status}}.dump());
}

Result<std::string> DataverseWorld::Qualify(const std::string& person, const std::string& lead,
                                            bool opportunity) {
  std::string made;
  const Status done = parts_->AsPerson(person, [&](const dataverse::WriteContext& context) {
    Table& leads = parts_->TableWith("leads", lead);
    const auto lacks = [&](const char* column) {
      return dataverse::IsNull(leads.Cell(*leads.FindRow(lead), column));
    };
    const Json body = {{"CreateAccount", lacks("parentaccountid") && !lacks("companyname")},
                       {"CreateContact", lacks("parentcontactid")},
                       {"CreateOpportunity", opportunity},
                       {"Status", 3}};
    const Json answer = ParseJson(dataverse::QualifyLead(context, lead, body));
    for (const Json& row : answer["value"]) made = row.value("opportunityid", made);
  });
  if (!done) return done.error();
  return made;
}

Status DataverseWorld::Disqualify(const std::string& person, const std::string& lead, int status) {
  return Edit(person, "leads", lead, Json{{"statecode", 2}, {"statuscode", status}}.dump());
}

std::vector<std::string> DataverseWorld::Seed(const std::vector<SeedOpportunity>& seeds) {
  try {
    return dataverse::SeedRows(parts_->database, parts_->people.front(), seeds);
  } catch (const ServiceError& error) {
    throw std::invalid_argument("seed: " + error.message);
  }
}

std::vector<RowView> DataverseWorld::Rows(const std::string& set) const {
  std::vector<RowView> rows;
  const Table* table = parts_->database.FindSet(set);
  if (table == nullptr) return rows;
  for (const auto& [id, row] : table->rows()) rows.push_back(ViewOf(*table, row, switches()));
  return rows;
}

std::optional<RowView> DataverseWorld::Row(const std::string& set, const std::string& id) const {
  const Table* table = parts_->database.FindSet(set);
  const auto* row = table == nullptr ? nullptr : table->FindRow(id);
  if (row == nullptr) return std::nullopt;
  return ViewOf(*table, *row, switches());
}

std::set<std::string> DataverseWorld::unpublished() const { return parts_->database.unpublished(); }

const std::vector<PerformedOperation>& DataverseWorld::journal() const {
  return parts_->database.journal();
}

void DataverseWorld::ClearJournal() { parts_->database.ClearJournal(); }

DataverseCounters DataverseWorld::counters() const { return parts_->router.counters(); }

void DataverseWorld::Subscribe(PushSubscription subscription) {
  const Json endpoint = {
      {"name", "webhook"}, {"url", subscription.url}, {"contract", 8}, {"authtype", 5}};
  parts_->pushes.Subscribe(std::move(subscription));
  const Status filed =
      parts_->AsPerson(parts_->people.front(), [&](dataverse::WriteContext context) {
        context.silent = true;
        Table& table = parts_->TableOf("serviceendpoints");
        const auto changes = dataverse::ParseBody(context, table, endpoint, Purpose::create);
        dataverse::CreateRow(context, table, std::nullopt, changes);
      });
  if (!filed) throw std::invalid_argument(filed.error().message);
}

std::size_t DataverseWorld::pushes_pending() const { return parts_->pushes.pending(); }

std::optional<Instant> DataverseWorld::NextPushDue() const { return parts_->pushes.NextDue(); }

PushReport DataverseWorld::PumpPushes(const PushSender& send) { return parts_->pushes.Pump(send); }

}  // namespace cosell::sandbox
