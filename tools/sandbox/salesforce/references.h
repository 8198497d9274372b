#pragma once

#include <map>
#include <optional>
#include <string>

#include "tools/sandbox/salesforce/error.h"

namespace cosell::sandbox::salesforce {

// What "@{ref.field}" stands for in later subrequests of a composite (contract 12.2). Keeps the
// bodies of those that succeeded. A value.
class References {
 public:
  void Add(const std::string& name, Json body) { bodies_[name] = std::move(body); }
  // With every reference replaced. Nothing when one cannot be: its subrequest failed, or has no
  // such field. A text that is nothing but a reference takes the type of what it stands for.
  std::optional<std::string> InText(const std::string& text) const;
  std::optional<Json> InJson(const Json& json) const;

 private:
  // "opp.id", "q.records[0].Id"
  const Json* Find(const std::string& path) const;

  std::map<std::string, Json> bodies_;
};

}  // namespace cosell::sandbox::salesforce
