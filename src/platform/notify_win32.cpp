#include "platform/notify.h"

namespace cosell::platform {

Notifier::Notifier() = default;

void Notifier::Status(std::string_view) const {}

void Notifier::Send(const std::string&) const {}

}  // namespace cosell::platform
