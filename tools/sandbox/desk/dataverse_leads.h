#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace cosell::sandbox {

class DataverseWorld;

// The desk's lead words over an emulated Dynamics 365 organisation (crm_desk.h says what each verb
// means); its first person acts. `world` must outlive it.
class DataverseLeads {
 public:
  explicit DataverseLeads(DataverseWorld& world) : world_(world) {}

  Result<std::string> Open(const std::string& fields);
  Status Set(const std::string& id, const std::string& fields);
  Result<std::string> Qualify(const std::string& id, bool opportunity);
  Status Disqualify(const std::string& id);
  Status Delete(const std::string& id);
  std::vector<std::string> All() const;
  std::optional<std::string> Value(const std::string& id, const std::string& word) const;

 private:
  // The Web API's body for an object of words.
  Result<std::string> Body(const std::string& fields) const;
  std::string Seller() const;

  DataverseWorld& world_;
};

}  // namespace cosell::sandbox
