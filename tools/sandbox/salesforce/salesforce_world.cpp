#include "tools/sandbox/salesforce/salesforce_world.h"

#include <stdexcept>

#include "base/text.h"
#include "tools/sandbox/salesforce/actions.h"
#include "tools/sandbox/salesforce/seed.h"
#include "tools/sandbox/salesforce/service.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox {
namespace {

using salesforce::Json;
using salesforce::Purpose;
using salesforce::ServiceError;
using salesforce::Table;
using salesforce::Transaction;
using salesforce::WriteContext;

Error ToError(const ServiceError& error) {
  Error out;
  out.kind = error.status == 404               ? ErrorKind::not_found
             : error.code == "DUPLICATE_VALUE" ? ErrorKind::already_exists
                                               : ErrorKind::refused;
  out.message = error.message;
  out.code = error.code;
  out.http_status = error.status;
  return out;
}

Json ParseJson(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) salesforce::ThrowBadJson("The text is not valid JSON.");
  return json;
}

SalesforceRow ViewOf(const salesforce::Database& database, const Table& table,
                     const salesforce::Row& row) {
  SalesforceRow view{row.id, {}};
  for (std::size_t i = 0; i < table.type().fields.size(); ++i) {
    const auto& field = table.type().fields[i];
    const auto value = database.Read(table, row, i);
    if (salesforce::IsNull(value)) continue;
    view.fields[field.name] = *salesforce::PlainText(field, value);
  }
  return view;
}

}  // namespace

std::optional<std::string> SalesforceRow::Field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::nullopt : std::optional(found->second);
}

struct SalesforceWorld::Parts {
  Parts(std::string origin, Clock& clock, Random& random, Authorize authorize,
        SalesforceWorldOptions options)
      : database(std::move(options), clock, random),
        service(database, std::move(origin), std::move(authorize)) {
    salesforce::SeedOrganization(database);
    salesforce::SeedPerson(
        database, {"", "Avery", "Example", "avery.example@contoso.example", "+44 20 7946 0001"});
    salesforce::SeedPerson(database, {"", "Quinn", "Sample", "quinn.sample@contoso.example", ""});
  }

  Table& TableOf(const std::string& object) {
    Table* table = database.Find(object);
    if (table == nullptr) {
      throw ServiceError(404, "NOT_FOUND", "there is no object " + object);
    }
    return *table;
  }

  // The 18-character id; one that is none is not found.
  static std::string Id(const std::string& text) { return salesforce::FullId(text).value_or(text); }

  // Runs an action in a transaction of its own.
  template <typename Action>
  Status AsPerson(const std::string& person, Action action) {
    database.Settle();
    try {
      Transaction transaction(database);
      const WriteContext context{database, {Id(person), false}, {true, ""}};
      action(context);
      transaction.Commit();
      return Done{};
    } catch (const ServiceError& error) {
      return ToError(error);
    }
  }

  salesforce::Database database;
  salesforce::Service service;
};

SalesforceWorld::SalesforceWorld(std::string origin, Clock& clock, Random& random,
                                 Authorize authorize, SalesforceWorldOptions options)
    : parts_(std::make_unique<Parts>(std::move(origin), clock, random, std::move(authorize),
                                     std::move(options))) {}

SalesforceWorld::~SalesforceWorld() = default;

net::HttpResponse SalesforceWorld::Handle(const net::HttpRequest& request) {
  return parts_->service.Handle(request);
}

const std::string& SalesforceWorld::origin() const { return parts_->service.origin(); }

const SalesforceWorldOptions& SalesforceWorld::options() const {
  return parts_->database.options();
}

std::string SalesforceWorld::Column(const std::string& name) const {
  return salesforce::FullName(options(), name);
}

SalesforceSwitches& SalesforceWorld::switches() { return parts_->database.switches(); }

const SalesforceSwitches& SalesforceWorld::switches() const { return parts_->database.switches(); }

void SalesforceWorld::Inject(SalesforceFault fault) { parts_->service.Inject(std::move(fault)); }

void SalesforceWorld::ClearFaults() { parts_->service.ClearFaults(); }

void SalesforceWorld::OnChange(std::function<void(const SalesforceChange&)> listener) {
  parts_->database.OnChange(std::move(listener));
}

void SalesforceWorld::Settle() { parts_->database.Settle(); }

std::optional<Instant> SalesforceWorld::NextCommitDue() const {
  return parts_->database.NextCommitDue();
}

std::optional<std::vector<std::pair<std::string, std::string>>> SalesforceWorld::MessageFields(
    const std::string& object, const std::string& id,
    const std::vector<std::string>& fields) const {
  const Table* table = parts_->database.Find(object);
  const auto* row = table == nullptr ? nullptr : table->Live(Parts::Id(id));
  if (row == nullptr) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& name : fields) {
    const auto at = table->type().Find(name);
    if (!at) continue;
    const auto& field = table->type().fields[*at];
    const auto value = parts_->database.Read(*table, *row, *at);
    if (salesforce::IsNull(value)) continue;
    std::string text = *salesforce::PlainText(field, value);
    if (field.type == salesforce::FieldType::datetime) text = ReplaceAll(text, "+0000", "Z");
    texts.emplace_back(field.name, std::move(text));
  }
  return texts;
}

std::string SalesforceWorld::AddPerson(const SeedSalesforcePerson& person) {
  return salesforce::SeedPerson(parts_->database, person);
}

std::vector<std::string> SalesforceWorld::people() const { return parts_->database.people(); }

Result<std::string> SalesforceWorld::Create(const std::string& person, const std::string& object,
                                            const std::string& json) {
  std::string id;
  const Status done = parts_->AsPerson(person, [&](const WriteContext& context) {
    Table& table = parts_->TableOf(object);
    const auto changes = ParseBody(context, table, ParseJson(json), Purpose::create);
    id = CreateRow(context, table, changes);
  });
  if (!done) return done.error();
  return id;
}

Status SalesforceWorld::Edit(const std::string& person, const std::string& object,
                             const std::string& id, const std::string& json) {
  return parts_->AsPerson(person, [&](const WriteContext& context) {
    Table& table = parts_->TableOf(object);
    RequireLive(context.database, table, Parts::Id(id));
    const auto changes = ParseBody(context, table, ParseJson(json), Purpose::update);
    UpdateRow(context, table, Parts::Id(id), changes);
  });
}

Status SalesforceWorld::Delete(const std::string& person, const std::string& object,
                               const std::string& id) {
  return parts_->AsPerson(person, [&](const WriteContext& context) {
    Table& table = parts_->TableOf(object);
    RequireLive(context.database, table, Parts::Id(id));
    DeleteRow(context, table, Parts::Id(id));
  });
}

Status SalesforceWorld::Undelete(const std::string& person, const std::string& object,
                                 const std::string& id) {
  return parts_->AsPerson(person, [&](const WriteContext& context) {
    Table& table = parts_->TableOf(object);
    if (table.Find(Parts::Id(id)) == nullptr) salesforce::ThrowNotFound();
    UndeleteRow(context, table, Parts::Id(id));
  });
}

Status SalesforceWorld::Merge(const std::string& person, const std::string& object,
                              const std::string& winner, const std::string& loser) {
  return parts_->AsPerson(person, [&](const WriteContext& context) {
    MergeRows(context, parts_->TableOf(object), Parts::Id(winner), Parts::Id(loser));
  });
}

Result<SalesforceWorld::Conversion> SalesforceWorld::ConvertLead(
    const std::string& person, const std::string& lead, const std::string& opportunity_name) {
  salesforce::ConvertedIds ids;
  const Status done = parts_->AsPerson(person, [&](const WriteContext& context) {
    ids = ConvertLeadRow(context, Parts::Id(lead), opportunity_name);
  });
  if (!done) return done.error();
  return Conversion{ids.account, ids.contact, ids.opportunity};
}

Status SalesforceWorld::AddLineItem(const std::string& person, const std::string& opportunity,
                                    const std::string& price) {
  return parts_->AsPerson(person, [&](const WriteContext& context) {
    AddLineItemTo(context, Parts::Id(opportunity), price);
  });
}

Status SalesforceWorld::BackgroundBump(const std::string& object, const std::string& id) {
  return parts_->AsPerson(options().api_user_id, [&](const WriteContext& context) {
    BumpRow(context.database, parts_->TableOf(object), Parts::Id(id));
  });
}

void SalesforceWorld::AddFormula(const std::string& object, const std::string& name,
                                 const std::string& label, const std::string& path) {
  Table* table = parts_->database.Find(object);
  const salesforce::ReadContext context{parts_->database, {true, ""}, 0};
  if (table == nullptr || !FindPath(context, *table, Split(path, '.'))) {
    throw std::invalid_argument(object + "." + path + " leads nowhere");
  }
  salesforce::Field field;
  field.name = name;
  field.label = label;
  field.length = 1300;
  field.createable = field.updateable = false;
  field.formula = path;
  parts_->database.AddFormula(*table, std::move(field));
}

void SalesforceWorld::AddRule(SalesforceRule rule) {
  parts_->database.rules().push_back(std::move(rule));
}

void SalesforceWorld::ClearRules() { parts_->database.rules().clear(); }

Status SalesforceWorld::Hide(const std::string& object, const std::string& id, bool hidden) {
  return parts_->AsPerson(options().api_user_id, [&](const WriteContext& context) {
    Table& table = parts_->TableOf(object);
    if (table.Find(Parts::Id(id)) == nullptr) salesforce::ThrowNotFound();
    context.database.SetHidden(table, Parts::Id(id), hidden);
  });
}

std::vector<std::string> SalesforceWorld::Seed(
    const std::vector<SeedSalesforceOpportunity>& seeds) {
  try {
    return salesforce::SeedRows(parts_->database, seeds);
  } catch (const ServiceError& error) {
    throw std::invalid_argument("seed: " + error.message);
  }
}

std::vector<SalesforceRow> SalesforceWorld::Rows(const std::string& object) const {
  std::vector<SalesforceRow> rows;
  const Table* table = parts_->database.Find(object);
  if (table == nullptr) return rows;
  for (const auto& [id, record] : table->records()) {
    rows.push_back(ViewOf(parts_->database, *table, record.row));
  }
  return rows;
}

std::optional<SalesforceRow> SalesforceWorld::Row(const std::string& object,
                                                  const std::string& id) const {
  const Table* table = parts_->database.Find(object);
  const auto* record = table == nullptr ? nullptr : table->Find(Parts::Id(id));
  if (record == nullptr) return std::nullopt;
  return ViewOf(parts_->database, *table, record->row);
}

const std::vector<SalesforceWrite>& SalesforceWorld::journal() const {
  return parts_->database.journal();
}

void SalesforceWorld::ClearJournal() { parts_->database.ClearJournal(); }

SalesforceCounters SalesforceWorld::counters() const { return parts_->service.counters(); }

}  // namespace cosell::sandbox
