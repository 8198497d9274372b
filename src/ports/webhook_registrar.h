#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace cosell {

// The one webhook registration of a Partner Center tenant. A value.
struct WebhookRegistration {
  std::string url;
  std::vector<std::string> events;
  bool ms_signature_header = false;  // signatureTokenToMsSignatureHeader
  std::string last_modified;
};

struct WebhookDelivery {
  std::string response_code;  // a status name such as "OK"
  std::string message;
  bool system_error = false;
};

struct WebhookReport {
  std::string status;  // "completed" when done
  std::string callback_url;
  std::vector<WebhookDelivery> deliveries;
};

// The webhook registration API (contract partner-center.md section 4.1). Safe from any thread;
// blocks. Errors as in PartnerCenter.
class WebhookRegistrar {
 public:
  virtual ~WebhookRegistrar() = default;
  // Nothing when the tenant has no registration.
  virtual Result<std::optional<WebhookRegistration>> Get() = 0;
  // Event names the service can subscribe to.
  virtual Result<std::vector<std::string>> Events() = 0;
  // POST; already_exists when somebody registered meanwhile (409).
  virtual Result<WebhookRegistration> Create(const WebhookRegistration& registration) = 0;
  // PUT: replaces whatever is registered. Call only after Get and with the operator's consent.
  virtual Result<WebhookRegistration> Replace(const WebhookRegistration& registration) = 0;
  // Asks for a validation event; returns its correlation id. throttled when asked more than twice a
  // minute.
  virtual Result<std::string> SendValidationEvent() = 0;
  virtual Result<WebhookReport> ValidationReport(const std::string& correlation_id) = 0;
};

}  // namespace cosell
