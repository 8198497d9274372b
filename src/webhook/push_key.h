#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webhook/receiver.h"

namespace cosell::webhook {

// The shared secret of a CRM's push (contract dynamics365.md section 12.1: there is no signature,
// the secret is everything). Immutable; safe from any thread.
class PushKey {
 public:
  // `query_names`: the query parameters that may carry the key. Throws std::invalid_argument for
  // an empty key, which everybody would know.
  PushKey(std::string_view key, std::vector<std::string> query_names);

  // Whether the request carries the key: in the header x-cosell-key, in one of the query
  // parameters, or as the password of basic authentication. Takes the same time for every wrong
  // key.
  bool Opens(const InboundRequest& request) const;

 private:
  bool Equals(std::string_view offered) const;

  const std::string digest_;  // the key itself is not kept
  const std::vector<std::string> query_names_;
};

}  // namespace cosell::webhook
