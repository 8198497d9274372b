#include "tools/sandbox/dataverse/router.h"

#include "base/text.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/actions.h"
#include "tools/sandbox/dataverse/customize.h"
#include "tools/sandbox/dataverse/metadata.h"
#include "tools/sandbox/dataverse/reads.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::size_t kUrlMax = 32'768;
constexpr std::size_t kBatchUrlMax = 65'536;
constexpr std::string_view kActions = "Microsoft.Dynamics.CRM.";

[[noreturn]] void ThrowMethod(const std::string& method) {
  throw ServiceError(405, "0x80060888",
                     "The requested resource does not support http method '" + method + "'.");
}

[[noreturn]] void ThrowSegment(const std::string& name) {
  throw ServiceError(404, kBadQuery, "Resource not found for the segment '" + name + "'.");
}

// The value of a conditional header; "null" only switches a cache off (2).
std::optional<std::string> ConditionalHeader(const net::Headers& headers, std::string_view name) {
  auto value = Header(headers, name);
  if (value && *value == "null") return std::nullopt;
  return value;
}

void RequireMatch(const Table& table, const Row& row, const net::Headers& headers) {
  const auto wanted = ConditionalHeader(headers, "If-Match");
  if (!wanted || *wanted == "*") return;
  if (!table.info().optimistic_concurrency) {
    throw ServiceError(400, kNoConcurrency,
                       "Optimistic concurrency isn't enabled for entity type " + table.name() +
                           ". The IfVersionMatches behavior can only be used if optimistic "
                           "concurrency is enabled for the entity type.");
  }
  if (*wanted == Etag(row)) return;
  throw ServiceError(
      412, kVersionMismatch,
      "The version of the existing record doesn't match the RowVersion property provided.");
}

bool IsUnchanged(const Table& table, const Row& row, const net::Headers& headers,
                 const Preferences& prefer, const Target& target) {
  const auto known = ConditionalHeader(headers, "If-None-Match");
  const bool plain = !prefer.any_annotation() && !target.Option("$expand");
  return known == Etag(row) && plain && table.info().optimistic_concurrency;
}

void NoteApplied(net::HttpResponse& response, const Preferences& prefer) {
  if (!prefer.applied.empty()) response.headers.emplace_back("Preference-Applied", prefer.applied);
}

bool Hits(const DataverseFault& fault, const net::HttpRequest& request) {
  const bool method = fault.method.empty() || fault.method == request.method;
  return method && request.url.find(fault.path_contains) != std::string::npos;
}

}  // namespace

net::HttpResponse Router::Answer(int status, std::string body, std::string_view type) {
  net::HttpResponse response{status, {}, std::move(body)};
  response.headers = {{"OData-Version", "4.0"},
                      {"REQ_ID", database_.NewId()},
                      {"Date", FormatHttpDate(database_.Now())}};
  if (!response.body.empty()) response.headers.emplace_back("Content-Type", type);
  return response;
}

net::HttpResponse Router::ErrorAnswer(const ServiceError& error, const Preferences& prefer) {
  const std::string code = database_.switches().empty_error_codes ? "" : error.code;
  Json members = {{"code", code}, {"message", error.message}};
  constexpr std::string_view kDetails = "Microsoft.PowerApps.CDS.";
  const std::string prefix = "@" + std::string(kDetails);
  if (prefer.Wants(std::string(kDetails) + "ErrorDetails.OperationStatus")) {
    members[prefix + "ErrorDetails.OperationStatus"] = "0";
    members[prefix + "ErrorDetails.SubErrorCode"] = "0";
    members[prefix + "HelpLink"] = "https://help.example/" + code;
    members[prefix + "TraceText"] = "";
    members[prefix + "InnerError.Message"] = error.message;
  }
  auto response = Answer(
      error.status, Json{{"error", members}}.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (error.retry_after_s) {
    response.headers.emplace_back("Retry-After", std::to_string(*error.retry_after_s));
  }
  return response;
}

std::optional<DataverseFault> Router::TakeFault(const Operation& operation) {
  for (auto at = faults_.begin(); at != faults_.end(); ++at) {
    if (!Hits(*at, operation.request)) continue;
    const DataverseFault fault = *at;
    if (--at->count <= 0) faults_.erase(at);
    return fault;
  }
  return std::nullopt;
}

Outcome Router::Execute(const Operation& operation) {
  ++(operation.request.method == "GET" ? counters_.reads : counters_.writes);
  const Preferences prefer = ParsePrefer(operation.request.headers);
  const auto fault = TakeFault(operation);
  Outcome outcome;
  if (!fault || fault->after_commit) outcome = Perform(operation, prefer);
  if (fault) {
    ServiceError error(fault->status, fault->code, fault->message);
    error.retry_after_s = fault->retry_after_s;
    outcome = {ErrorAnswer(error, prefer), ""};
  }
  if (outcome.failed()) ++counters_.refused;
  return outcome;
}

Outcome Router::Perform(const Operation& operation, const Preferences& prefer) {
  try {
    const auto& url = operation.request.url;
    if (url.size() > (operation.in_batch ? kBatchUrlMax : kUrlMax)) {
      throw ServiceError(operation.in_batch ? 400 : 414, kBadQuery, "The URL is too long.");
    }
    const auto target = ParseTarget(url, origin_);
    if (!target || target->path.front().name.empty()) ThrowSegment("");
    Transaction transaction(database_);
    auto outcome = Dispatch({operation, *target, prefer, operation.request.method});
    transaction.Commit();
    return outcome;
  } catch (const ServiceError& error) {
    return {ErrorAnswer(error, prefer), ""};
  }
}

Outcome Router::Dispatch(const Call& call) {
  const std::string& name = call.target.path.front().name;
  const bool alone = call.target.path.size() == 1;
  if (name == "WhoAmI" && alone) {
    if (call.method != "GET") ThrowMethod(call.method);
    return WhoAmI();
  }
  if (name == "EntityDefinitions" && call.method == "POST") return Customize(call);
  if ((name == "RelationshipDefinitions" || name == "PublishXml") && alone) return Customize(call);
  if (name == "EntityDefinitions") {
    if (call.method != "GET") ThrowMethod(call.method);
    return Json200(ReadMetadata({database_, origin_, call.target, call.prefer}), call.prefer);
  }
  if ((name == "WinOpportunity" || name == "LoseOpportunity") && alone) {
    if (call.method != "POST") ThrowMethod(call.method);
    return CloseAction(call, name == "WinOpportunity");
  }
  if (name == "$batch") ThrowBadQuery("A batch cannot stand inside a batch.");
  Table* table = database_.FindSet(name);
  if (table == nullptr) ThrowSegment(name);
  return DispatchTable(call, *table);
}

Outcome Router::DispatchTable(const Call& call, Table& table) {
  const auto& path = call.target.path;
  if (path.front().key) {
    return DispatchRow(call, table, ParseRowKey(database_, table, *path.front().key));
  }
  if (path.size() == 1 && call.method == "GET") return Collection(call, table);
  if (path.size() == 1 && call.method == "POST") {
    if (table.name() == "publisher" || table.name() == "solution") {
      CheckCustomizationRow(database_, table, Body(call));
    }
    return PostRow(call, table);
  }
  if (path.size() == 2 && path[1].name == "$count") {
    if (call.method != "GET") ThrowMethod(call.method);
    return {
        Answer(200, ReadCount({database_, origin_, call.target, call.prefer}, table), "text/plain"),
        ""};
  }
  if (path.size() > 1) ThrowSegment(path[1].name);
  ThrowMethod(call.method);
}

Outcome Router::DispatchRow(const Call& call, Table& table, const RowKey& key) {
  const auto& path = call.target.path;
  if (path.size() == 1) {
    if (call.method == "GET") return GetRow(call, table, key);
    if (call.method == "PATCH") return PatchRow(call, table, key);
    if (call.method == "DELETE") return RemoveRow(call, table, key);
    ThrowMethod(call.method);
  }
  const std::string& name = path[1].name;
  if (path.size() == 3 && path[2].name == "$ref") return LookupLink(call, table, key, name);
  if (path.size() > 2) ThrowSegment(path[2].name);
  if (name == "QualifyLead") ThrowBadBody("Request message has unresolved parameters.");
  if (name == std::string(kActions) + "QualifyLead" && table.name() == "lead") {
    if (call.method != "POST") ThrowMethod(call.method);
    return QualifyAction(call, table, key);
  }
  if (name.starts_with(std::string(kActions) + "RetrieveUserPrivileges") &&
      table.name() == "systemuser") {
    if (call.method != "GET") ThrowMethod(call.method);
    return Json200(UserPrivileges(database_).dump(), call.prefer);
  }
  return Property(call, table, key, name);
}

// Changes of the organisation's own definition.
Outcome Router::Customize(const Call& call) {
  if (call.method != "POST") ThrowMethod(call.method);
  const auto& path = call.target.path;
  const Json body = Body(call);
  const std::string solution =
      Header(call.operation.request.headers, "MSCRM.SolutionUniqueName").value_or("");
  if (path.front().name == "PublishXml") {
    Publish(database_, body);
    return {Answer(204), ""};
  }
  std::string entity = path.front().name + "(";
  if (path.front().name == "RelationshipDefinitions") {
    entity += CreateRelationship(database_, body, solution);
  } else if (!path.front().key && path.size() == 1) {
    entity += CreateTable(database_, body, solution);
  } else {
    const auto parts = path.front().key ? ParseKey(*path.front().key) : std::nullopt;
    const auto name = parts && parts->size() == 1 ? Unquote(parts->front().second) : std::nullopt;
    if (!name || path.size() != 2 || path[1].name != "Attributes") ThrowMethod(call.method);
    entity += CreateColumn(database_, *name, body, solution);
  }
  Outcome outcome{Answer(204), ""};
  outcome.response.headers.emplace_back("OData-EntityId",
                                        origin_ + std::string(kApiRoot) + entity + ")");
  return outcome;
}

Outcome Router::Collection(const Call& call, Table& table) {
  return Json200(ReadCollection({database_, origin_, call.target, call.prefer}, table),
                 call.prefer);
}

Outcome Router::GetRow(const Call& call, const Table& table, const RowKey& key) {
  const Row* row = FindByKey(table, key);
  if (row == nullptr) ThrowMissing(table, key);
  const auto& headers = call.operation.request.headers;
  Outcome outcome;
  if (IsUnchanged(table, *row, headers, call.prefer, call.target)) {
    outcome.response = Answer(304);
  } else {
    outcome =
        Json200(ReadRow({database_, origin_, call.target, call.prefer}, table, *row), call.prefer);
  }
  outcome.response.headers.emplace_back("ETag", Etag(*row));
  return outcome;
}

Outcome Router::PostRow(const Call& call, Table& table) {
  const WriteContext context = Writing(call);
  const Changes changes = ParseBody(context, table, Body(call), Purpose::create);
  const std::string id = CreateRow(context, table, std::nullopt, changes);
  return WrittenAnswer(call, table, id, true);
}

Outcome Router::PatchRow(const Call& call, Table& table, const RowKey& key) {
  const auto& headers = call.operation.request.headers;
  const Row* row = FindByKey(table, key);
  if (row == nullptr && ConditionalHeader(headers, "If-Match")) ThrowMissing(table, key);
  if (row != nullptr && ConditionalHeader(headers, "If-None-Match") == "*") {
    throw ServiceError(412, kDuplicateKey, "A record with matching key values already exists.");
  }
  const WriteContext context = Writing(call);
  const Purpose purpose = row == nullptr ? Purpose::create : Purpose::update;
  Changes changes = ParseBody(context, table, Body(call), purpose);
  if (row != nullptr) {
    const std::string id = row->id;
    RequireMatch(table, *row, headers);
    // 5.3: key columns are dropped from the body of an update by key.
    for (const auto& [column, value] : key.columns) changes.Drop(column);
    UpdateRow(context, table, id, changes);
    return WrittenAnswer(call, table, id, false);
  }
  // 5.3: in a create the body wins over the URL.
  for (const auto& [column, value] : key.columns) {
    if (changes.Find(column) == nullptr) changes.cells.emplace_back(column, value);
  }
  return WrittenAnswer(call, table, CreateRow(context, table, key.id, changes), true);
}

Outcome Router::RemoveRow(const Call& call, Table& table, const RowKey& key) {
  const Row* row = FindByKey(table, key);
  if (row == nullptr) ThrowMissing(table, key);
  RequireMatch(table, *row, call.operation.request.headers);
  DeleteRow(Writing(call), table, std::string(row->id));
  return {Answer(204), ""};
}

Outcome Router::Property(const Call& call, Table& table, const RowKey& key,
                         const std::string& name) {
  const auto column = table.FindProperty(name);
  if (!column) ThrowSegment(name);
  const Row* row = FindByKey(table, key);
  if (row == nullptr) ThrowMissing(table, key);
  const std::string id = row->id;
  if (call.method == "GET") {
    const ReadContext context{database_, origin_, call.target, call.prefer};
    const Value& value = row->cells[*column];
    if (IsNull(value)) return {Answer(204), ""};
    return Json200("{\"@odata.context\":" + context.Context(call.target.raw_path) + ",\"value\":" +
                       CellJson(table.columns()[*column], value, database_.switches()) + "}",
                   call.prefer);
  }
  Json body = {{name, nullptr}};
  if (call.method == "PUT") {
    const Json sent = Body(call);
    if (!sent.contains("value")) ThrowBadBody("The body needs the member 'value'.");
    body[name] = sent["value"];
  } else if (call.method != "DELETE") {
    ThrowMethod(call.method);
  }
  RequireMatch(table, *row, call.operation.request.headers);
  const WriteContext context = Writing(call);
  UpdateRow(context, table, id, ParseBody(context, table, body, Purpose::update));
  return {Answer(204), table.info().set_name + "(" + id + ")"};
}

Outcome Router::LookupLink(const Call& call, Table& table, const RowKey& key,
                           const std::string& name) {
  if (!table.FindNavigation(name)) ThrowSegment(name);
  const Row* row = FindByKey(table, key);
  if (row == nullptr) ThrowMissing(table, key);
  const std::string id = row->id;
  Json body = {{name + "@odata.bind", nullptr}};
  if (call.method == "PUT") {
    const Json sent = Body(call);
    if (!sent.contains("@odata.id")) ThrowBadBody("The body needs the member '@odata.id'.");
    body[name + "@odata.bind"] = sent["@odata.id"];
  } else if (call.method != "DELETE") {
    ThrowMethod(call.method);
  }
  const WriteContext context = Writing(call);
  UpdateRow(context, table, id, ParseBody(context, table, body, Purpose::update));
  return {Answer(204), table.info().set_name + "(" + id + ")"};
}

Outcome Router::CloseAction(const Call& call, bool won) {
  CloseOpportunity(Writing(call), won, Body(call));
  return {Answer(204), ""};
}

Outcome Router::QualifyAction(const Call& call, const Table& table, const RowKey& key) {
  const Row* row = FindByKey(table, key);
  if (row == nullptr) ThrowMissing(table, key);
  return Json200(QualifyLead(Writing(call), row->id, Body(call)), call.prefer);
}

Outcome Router::WhoAmI() {
  const Json body = {{"@odata.context", origin_ + std::string(kApiRoot) +
                                            "$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse"},
                     {"BusinessUnitId", database_.business_unit_id()},
                     {"UserId", database_.api_user_id()},
                     {"OrganizationId", database_.organization_id()}};
  return {Answer(200, body.dump()), ""};
}

Outcome Router::Json200(std::string body, const Preferences& prefer) {
  Outcome outcome{Answer(200, std::move(body)), ""};
  NoteApplied(outcome.response, prefer);
  return outcome;
}

Outcome Router::WrittenAnswer(const Call& call, const Table& table, const std::string& id,
                              bool created) {
  Outcome outcome;
  outcome.entity = table.info().set_name + "(" + id + ")";
  if (call.prefer.representation) {
    // $select is honoured, $expand is not (5.2).
    Target target = call.target;
    std::erase_if(target.query, [](const auto& option) { return option.first != "$select"; });
    const Row& row = *table.FindRow(id);
    outcome.response =
        Answer(created ? 201 : 200, ReadRow({database_, origin_, target, call.prefer}, table, row));
    outcome.response.headers.emplace_back("ETag", Etag(row));
    NoteApplied(outcome.response, call.prefer);
    return outcome;
  }
  const std::string url = origin_ + std::string(kApiRoot) + outcome.entity;
  outcome.response = Answer(204);
  if (call.operation.in_batch && created) outcome.response.headers.emplace_back("Location", url);
  outcome.response.headers.emplace_back("OData-EntityId", url);
  return outcome;
}

WriteContext Router::Writing(const Call& call) {
  const auto suppress = Header(call.operation.request.headers, "MSCRM.SuppressDuplicateDetection");
  WriteContext context{database_, {database_.api_user_id(), true}, origin_};
  context.references = call.operation.references;
  context.detect_duplicates = suppress && EqualsIgnoreCase(*suppress, "false");
  return context;
}

Json Router::Body(const Call& call) const {
  const auto& request = call.operation.request;
  const auto type = Header(request.headers, "Content-Type");
  if (!type || !StartsWithIgnoreCase(*type, "application/json")) {
    ThrowBadBody("The request needs the header Content-Type: application/json.");
  }
  Json body = Json::parse(request.body, nullptr, false);
  if (body.is_discarded()) ThrowBadBody("The body of the request is not valid JSON.");
  return body;
}

}  // namespace cosell::sandbox::dataverse
