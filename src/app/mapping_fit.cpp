#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "app/mapping_check.h"
#include "base/nearest.h"
#include "base/text.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;
using Columns = std::map<std::string, CrmColumn>;

std::string DidYouMean(const std::string& wrong, const Columns& columns) {
  std::vector<std::string> names;
  for (const auto& [name, column] : columns) names.push_back(name);
  const auto nearest = Nearest(wrong, names);
  return nearest ? "; did you mean " + *nearest + "?" : "";
}

template <typename T>
bool Has(const FieldRule& rule) {
  return std::any_of(rule.transforms.begin(), rule.transforms.end(),
                     [](const Transform& each) { return std::holds_alternative<T>(each); });
}

// Types of CRM columns that take what the field writes.
std::set<std::string> FittingTypes(const FieldRule& rule) {
  const std::set<std::string> texts = {"text", "memo", "choice"};
  if (Has<TimeOfDay>(rule)) return {"datetime"};
  if (rule.crm_form == CrmForm::number) return {"money", "number"};
  if (rule.crm_form == CrmForm::boolean) return {"boolean"};
  if (rule.crm_form == CrmForm::text) return {"text", "memo", "choice", "lookup"};
  switch (rule.type) {
    case FieldType::money:
      return {"money", "number"};
    case FieldType::boolean:
      return {"boolean", "choice"};
    case FieldType::date:
      return {"date"};
    case FieldType::code:
      return {"text", "choice", "lookup"};
    default:
      return texts;
  }
}

// One part of the mapping (opportunities or leads) against its columns.
class Fit {
 public:
  Fit(const Mapping& part, std::string prefix, std::string create, const Columns& columns,
      std::vector<MappingFinding>* findings)
      : part_(part),
        prefix_(std::move(prefix)),
        create_(std::move(create)),
        columns_(columns),
        findings_(findings) {}

  void Run() {
    for (const FieldRule& rule : part_.fields) CheckField(rule);
    for (const auto& [state, write] : part_.status.write) {
      for (const auto& [name, json] : write.columns)
        CheckWritten(prefix_ + "status.write." + state, name, Json::parse(json));
    }
    const Json constants = Json::parse(part_.create_crm);
    for (const auto& item : constants.items())
      CheckWritten(create_ + "." + item.key(), item.key(), item.value());
    CheckRequired(constants);
  }

 private:
  void Say(bool problem, const std::string& path, const std::string& text) {
    findings_->push_back({problem, path + ": " + text});
  }

  void CheckField(const FieldRule& rule) {
    const std::string path = prefix_ + "fields." + rule.name;
    for (const Condition& condition : rule.when) {
      if (condition.of_crm && !columns_.contains(condition.at))
        Say(true, path + ".when",
            "the CRM has no column " + condition.at + DidYouMean(condition.at, columns_));
    }
    if (rule.crm.empty() || rule.crm.front() == '#') return;
    const auto column = columns_.find(rule.crm);
    if (column == columns_.end()) {
      return Say(true, path + ".crm",
                 "the CRM has no column " + rule.crm + DidYouMean(rule.crm, columns_));
    }
    CheckType(rule, column->second, path);
    CheckWriting(rule, column->second, path);
    if (rule.ReachesCrm() || rule.CreatesInCrm()) {
      CheckLength(rule, column->second, path);
      CheckChoices(rule, column->second, path);
    }
  }

  void CheckType(const FieldRule& rule, const CrmColumn& column, const std::string& path) {
    const auto fitting = FittingTypes(rule);
    if (column.type.empty() || fitting.contains(column.type)) return;
    std::string mend = "name another column or another type";
    if (column.type == "datetime" && rule.type == FieldType::date)
      mend = "add the transform {\"time\": \"09:00\"}";
    if (column.type == "boolean" && rule.type != FieldType::boolean) mend = "say type boolean";
    Say(true, path,
        "column " + rule.crm + " is of type " + column.type + ", the field needs " +
            Join({fitting.begin(), fitting.end()}, " or ") + "; " + mend);
  }

  void CheckWriting(const FieldRule& rule, const CrmColumn& column, const std::string& path) {
    if (rule.ReachesCrm() && !column.updatable) {
      Say(true, path + ".direction",
          "column " + rule.crm + " is read only in the CRM; say to_partner_center, or " +
              (column.creatable ? "\"on\": {\"to_crm\": [\"create\"]}" : "name another column"));
    } else if (rule.CreatesInCrm() && !column.creatable) {
      Say(true, path + ".on",
          "column " + rule.crm + " cannot be set in a new record; say \"on\": [\"update\"]");
    }
  }

  void CheckLength(const FieldRule& rule, const CrmColumn& column, const std::string& path) {
    const bool text =
        rule.type == FieldType::text && (column.type == "text" || column.type == "memo");
    if (!text || !column.length_max || Has<LengthLimit>(rule)) return;
    const std::string length = std::to_string(*column.length_max);
    if (rule.length_max > *column.length_max) {
      Say(true, path + ".length_max",
          "column " + rule.crm + " takes " + length + "; say \"length_max\": " + length);
    }
  }

  void CheckChoices(const FieldRule& rule, const CrmColumn& column, const std::string& path) {
    for (const auto& [word, label] : rule.values)
      CheckLabel(column, path + ".values." + word, label);
    for (const Transform& each : rule.transforms) {
      const auto* map = std::get_if<ValueMap>(&each);
      if (map == nullptr) continue;
      for (const auto& [word, label] : map->to_crm)
        CheckLabel(column, path + ".transforms.map." + word, label);
    }
    if (rule.constant) CheckLabel(column, path + ".constant", *rule.constant);
  }

  void CheckLabel(const CrmColumn& column, const std::string& path, const std::string& label) {
    CheckWritten(path, column.name, Json(label));
  }

  static bool Takes(const CrmColumn& column, const Json& value) {
    for (const auto& [label, option] : column.choices) {
      if (value.is_string() ? EqualsIgnoreCase(label, value.get_ref<const std::string&>())
                            : option == value.dump())
        return true;
    }
    return column.choices.empty();
  }

  // A value the mapping file writes into a choice column must exist in this CRM.
  void CheckWritten(const std::string& path, const std::string& name, const Json& value) {
    const auto column = columns_.find(name);
    if (column == columns_.end())
      return Say(true, path, "the CRM has no column " + name + DidYouMean(name, columns_));
    if (Takes(column->second, value)) return;
    std::vector<std::string> labels;
    for (const auto& [label, option] : column->second.choices) labels.push_back(label);
    Say(true, path,
        "the CRM's " + name + " has no " + value.dump() +
            "; create it there, or name one of yours in the mapping file: " + Join(labels, ", "));
  }

  void CheckRequired(const Json& constants) {
    for (const auto& [name, column] : columns_) {
      if (!column.required || constants.contains(name) || Fills(name)) continue;
      Say(true, create_,
          "a new record needs " + name + " and nothing fills it; add a constant: \"" + name +
              "\": ...");
    }
  }

  bool Fills(const std::string& name) const {
    if (name == part_.account.lookup || name == part_.owner.lookup) return true;
    for (const auto& [state, write] : part_.status.write) {
      for (const auto& [column, json] : write.columns) {
        if (column == name) return true;
      }
    }
    const bool customer = part_.kind == RecordKind::lead &&
                          std::any_of(part_.account.columns.begin(), part_.account.columns.end(),
                                      [&](const auto& each) { return each.column == name; });
    return customer || std::any_of(part_.fields.begin(), part_.fields.end(), [&](const auto& rule) {
             return rule.crm == name && rule.CreatesInCrm();
           });
  }

  const Mapping& part_;
  const std::string prefix_;
  const std::string create_;
  const Columns& columns_;
  std::vector<MappingFinding>* findings_;
};

}  // namespace

std::vector<MappingFinding> FitToCrm(const Mapping& mapping, const CrmSchema& schema,
                                     bool with_leads) {
  std::vector<MappingFinding> findings;
  std::vector<std::string> dropped;
  const bool leads = with_leads && schema.lead.has_value();
  const Mapping bound =
      BindMapping(mapping, schema.roles, {}, &dropped, leads ? &schema.lead->roles : nullptr);
  for (const auto& field : dropped)
    findings.push_back({false, "the field '" + field + "' is off: the CRM has no column for it"});
  Fit(bound, "", "create.opportunity", schema.columns, &findings).Run();
  if (bound.lead) Fit(*bound.lead, "lead.", "lead.create", schema.lead->columns, &findings).Run();
  return findings;
}

}  // namespace cosell::app
