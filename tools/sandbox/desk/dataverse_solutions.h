#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace cosell::sandbox {

class DataverseWorld;

// The desk's words for solutions over an emulated Dynamics 365 organisation (crm_desk.h); its first
// person acts. `world` must outlive it.
class DataverseSolutions {
 public:
  explicit DataverseSolutions(DataverseWorld& world) : world_(world) {}

  Status Set(const std::string& opportunity, const std::vector<std::string>& solutions);
  std::vector<std::string> Of(const std::string& opportunity) const;

 private:
  Status Add(const std::string& opportunity, const std::string& solution);
  std::string Seller() const;

  DataverseWorld& world_;
};

}  // namespace cosell::sandbox
