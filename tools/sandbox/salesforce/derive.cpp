#include "tools/sandbox/salesforce/derive.h"

#include <algorithm>

#include "tools/sandbox/salesforce/error.h"
#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

// One record being saved, with shorthands for its cells.
class Saving {
 public:
  Saving(const Database& database, const Table& table, const Row* before,
         const std::set<std::size_t>& written, Row& row)
      : database_(database), table_(table), before_(before), written_(written), row_(row) {}

  void Opportunity() {
    if (Changed("StageName")) Stage();
    const auto* amount = std::get_if<double>(&Cell("Amount"));
    const auto* probability = std::get_if<double>(&Cell("Probability"));
    if (amount != nullptr && probability != nullptr) {
      Cell("ExpectedRevenue") = RoundTo(*amount * *probability / 100, 2);
    } else {
      Cell("ExpectedRevenue") = {};
    }
    Fiscal();
  }

  void FullName() {
    const std::string first = Text("FirstName");
    const std::string last = Text("LastName");
    Cell("Name") = first.empty() || last.empty() ? first + last : first + " " + last;
  }

  void Countries() {
    for (const std::string prefix : {"", "Billing", "Shipping", "Mailing", "Other"}) {
      const auto code = table_.type().Find(prefix + "CountryCode");
      if (!code) continue;
      const std::size_t label = table_.type().At(prefix + "Country");
      if (written_.contains(*code)) {
        Country(*code, label, true);
      } else if (written_.contains(label)) {
        Country(label, *code, false);
      }
    }
  }

 private:
  Value& Cell(std::string_view field) { return row_.cells[table_.type().At(field)]; }
  std::string Text(std::string_view field) { return table_.Text(row_, field); }
  bool Changed(std::string_view field) {
    return before_ == nullptr || table_.Cell(*before_, field) != Cell(field);
  }
  bool Written(std::string_view field) { return written_.contains(table_.type().At(field)); }

  void Stage() {
    const StageInfo* stage = database_.schema().FindStage(Text("StageName"));
    Cell("IsClosed") = stage != nullptr && stage->closed;
    Cell("IsWon") = stage != nullptr && stage->won;
    const std::string category = stage == nullptr ? "Pipeline" : stage->forecast;
    Cell("ForecastCategory") = category;
    if (!Written("ForecastCategoryName")) Cell("ForecastCategoryName") = ForecastLabel(category);
    if (Written("Probability")) return;
    if (stage != nullptr) {
      Cell("Probability") = static_cast<double>(stage->probability);
    } else if (before_ == nullptr) {
      Cell("Probability") = 0.0;
    }
  }

  void Fiscal() {
    const std::string date = Text("CloseDate");
    if (date.empty()) return;
    const int year = std::stoi(date.substr(0, 4));
    const int quarter = (std::stoi(date.substr(5, 2)) - 1) / 3 + 1;
    Cell("FiscalYear") = static_cast<double>(year);
    Cell("FiscalQuarter") = static_cast<double>(quarter);
    Cell("Fiscal") = date.substr(0, 4) + " " + std::to_string(quarter);
  }

  // Code and label say the same: the one written decides.
  void Country(std::size_t from, std::size_t to, bool from_code) {
    const auto* text = std::get_if<std::string>(&row_.cells[from]);
    if (text == nullptr) {
      row_.cells[to] = {};
      return;
    }
    for (const auto& country : database_.schema().countries) {
      if ((from_code ? country.value : country.label) != *text) continue;
      row_.cells[to] = from_code ? country.label : country.value;
      return;
    }
    const Field& field = table_.type().fields[from];
    throw ServiceError(400, "FIELD_INTEGRITY_EXCEPTION",
                       "There's a problem with this country, even though it may appear correct. "
                       "Please select a country/territory from the list of valid countries.: " +
                           field.label,
                       {field.name});
  }

  const Database& database_;
  const Table& table_;
  const Row* before_;
  const std::set<std::size_t>& written_;
  Row& row_;
};

}  // namespace

std::string ForecastLabel(const std::string& category) {
  if (category == "BestCase") return "Best Case";
  if (category == "MostLikely") return "Most Likely";
  return category == "Forecast" ? "Commit" : category;
}

void FillDefaults(const Database& database, const Caller& caller, const Table& table, Row& row) {
  const ObjectType& type = table.type();
  row.cells.assign(type.fields.size(), {});
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const Field& field = type.fields[i];
    if (field.type == FieldType::boolean && field.formula.empty()) row.cells[i] = false;
    if (field.name == "OwnerId") row.cells[i] = caller.user_id;
    if (field.name == "CurrencyIsoCode") row.cells[i] = database.options().currency;
    const auto chosen = std::find_if(field.values.begin(), field.values.end(),
                                     [](const auto& value) { return value.is_default; });
    if (chosen != field.values.end()) row.cells[i] = chosen->value;
  }
  if (const auto active = type.Find("IsActive"); active && type.name == "User") {
    row.cells[*active] = true;
    row.cells[type.At("UserType")] = "Standard";
  }
  if (type.name == "Lead") row.cells[type.At("IsUnreadByOwner")] = true;
}

void Derive(const Database& database, const Table& table, const Row* before,
            const std::set<std::size_t>& written, Row& row) {
  Saving saving(database, table, before, written, row);
  const ObjectType& type = table.type();
  if (type.name == "Opportunity") saving.Opportunity();
  if (type.Find("LastName") && type.Find("Name")) saving.FullName();
  saving.Countries();
}

}  // namespace cosell::sandbox::salesforce
