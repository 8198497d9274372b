#include "app/audit_file.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "plan/plan.h"
#include "platform/files.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

Error Wrong(const std::string& file, std::int64_t line, const std::string& what) {
  return {ErrorKind::invalid_input, "'" + file + "', line " + std::to_string(line) + ": " + what +
                                        "; `cosell-sync audit export` writes such files"};
}

std::string Text(const Json& entry, const char* name) {
  const auto it = entry.find(name);
  return it != entry.end() && it->is_string() ? it->get<std::string>() : "";
}

bool TellsBases(const Json& entry) {
  const std::string outcome = Text(entry, "outcome");
  const std::string kind = Text(entry, "record_kind");
  const std::string operation = Text(entry, "operation");
  const bool record = kind == "referral" || kind == "opportunity" || kind == "lead";
  const bool write = operation == "create" || operation == "update" || operation == "close" ||
                     operation == "qualify";
  return record && write && (outcome == "done" || outcome == "adopted");
}

// A value of one field is itself; of several, a member of an object.
Json ByField(const Json& entry, const char* name, const std::vector<std::string>& fields) {
  const auto it = entry.find(name);
  if (it == entry.end()) return nullptr;
  if (it->is_object()) return *it;
  if (fields.size() == 1) return Json{{fields.front(), *it}};
  return it->is_string() ? Json::parse(it->get<std::string>(), nullptr, false) : Json(nullptr);
}

// The newest word about each field of each record.
class Folding {
 public:
  // Empty, or what is wrong with the entry.
  std::string Add(const Json& entry) {
    if (!entry.is_object()) return "it is not a JSON object";
    const std::string kind = entry.contains("kind") ? Text(entry, "kind") : "entry";
    if (kind == "pair") TakePair(entry);
    if (kind != "entry") return "";
    const auto id = entry.find("id");
    if (id == entry.end() || !id->is_number_integer()) return "it has no whole number as \"id\"";
    ++result_.entries;
    if (id->get<std::int64_t>() > result_.last_id) {
      result_.last_id = id->get<std::int64_t>();
      result_.last_hash = Text(entry, "hash");
    }
    if (TellsBases(entry)) Take(entry, id->get<std::int64_t>());
    return "";
  }

  AuditFile Finish() { return std::move(result_); }

 private:
  void TakePair(const Json& pair) {
    const auto stored = [&](const char* name) {
      const auto it = pair.find(name);
      return it != pair.end() && it->is_object() ? it->dump() : std::string();
    };
    const std::string referral = Text(pair, "referral_id");
    if (referral.empty() || stored("base_partner_center").empty()) return;
    RecoveredBase& base = result_.by_connection[Text(pair, "connection")].by_record[referral];
    base.crm_id = Text(pair, "crm_id");
    base.partner_center = stored("base_partner_center");
    base.crm = stored("base_crm");
    ++result_.pairs;
  }

  void Take(const Json& entry, std::int64_t id) {
    const std::string referral = Text(entry, "referral_id");
    const std::string record = referral.empty() ? Text(entry, "record_id") : referral;
    const std::string connection = Text(entry, "connection");
    if (record.empty()) return;
    const auto fields = Split(Text(entry, "field"), ',');
    const Json after = ByField(entry, "after", fields);
    RecoveredBase& base = result_.by_connection[connection].by_record[record];
    for (const std::string& field : fields) {
      if (field.empty()) continue;
      const std::string value = after.is_object() ? Text(after, field.c_str()) : "";
      if (field == kRuleNews) {
        if (!value.empty()) base.told.insert(value);
        continue;
      }
      std::int64_t& newest = newest_[connection + "\n" + record + "\n" + field];
      if (id < newest) continue;
      newest = id;
      base.fields[field] = value;
    }
  }

  AuditFile result_;
  std::map<std::string, std::int64_t> newest_;
};

}  // namespace

Result<AuditFile> ReadAuditFile(const std::string& file) {
  std::ifstream in(platform::ToPath(file), std::ios::binary);
  if (!in) {
    return Error{ErrorKind::invalid_input,
                 "cannot read '" + file + "'; name the file `cosell-sync audit export` wrote"};
  }
  Folding folding;
  std::string line;
  for (std::int64_t number = 1; std::getline(in, line); ++number) {
    if (Trim(line).empty()) continue;
    const Json entry = Json::parse(line, nullptr, false);
    if (entry.is_discarded()) return Wrong(file, number, "it is not JSON");
    if (const std::string wrong = folding.Add(entry); !wrong.empty())
      return Wrong(file, number, wrong);
  }
  AuditFile read = folding.Finish();
  if (read.entries + read.pairs == 0) return Wrong(file, 1, "there is no audit entry in it");
  return read;
}

}  // namespace cosell::app
