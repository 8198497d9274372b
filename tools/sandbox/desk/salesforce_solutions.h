#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace cosell::sandbox {

class SalesforceWorld;

// The desk's words for solutions over an emulated Salesforce organisation (crm_desk.h); its first
// person acts. `world` must outlive it.
class SalesforceSolutions {
 public:
  explicit SalesforceSolutions(SalesforceWorld& world) : world_(world) {}

  Status Set(const std::string& opportunity, const std::vector<std::string>& solutions);
  std::vector<std::string> Of(const std::string& opportunity) const;

 private:
  // Rows of the child object: id, then the solution's identifier.
  std::vector<std::pair<std::string, std::string>> RowsOf(const std::string& opportunity) const;
  Status Add(const std::string& opportunity, const std::string& solution);
  std::string Seller() const;

  SalesforceWorld& world_;
};

}  // namespace cosell::sandbox
