#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace cosell::sandbox {

class SalesforceWorld;
struct SalesforceRow;

// The desk's lead words over an emulated Salesforce organisation (crm_desk.h says what each verb
// means); its first person acts. A lead's Name is made by Salesforce, so `name` is the Title.
// `world` must outlive it.
class SalesforceLeads {
 public:
  explicit SalesforceLeads(SalesforceWorld& world);

  Result<std::string> Open(const std::string& fields);
  Status Set(const std::string& id, const std::string& fields);
  // The opportunity gets the lead's title, or its company, for a name.
  Result<std::string> Convert(const std::string& id, bool opportunity);
  // The status that stands last among those that are neither the default nor for converted leads.
  Status Disqualify(const std::string& id);
  Status Delete(const std::string& id);
  std::vector<std::string> All() const;
  std::optional<std::string> Value(const std::string& id, const std::string& word) const;

 private:
  std::optional<SalesforceRow> Existing(const std::string& id) const;
  std::string UnqualifiedStatus() const;
  std::string StateOf(const SalesforceRow& row) const;
  std::string Seller() const;

  SalesforceWorld& world_;
  std::map<std::string, std::string> fields_;  // by word
};

}  // namespace cosell::sandbox
