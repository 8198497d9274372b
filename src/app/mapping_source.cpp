#include "app/mapping_source.h"

#include "platform/files.h"

namespace cosell::app {

Result<Mapping> LoadMapping(const ConnectionConfig& config) {
  if (config.mapping_file.empty()) {
    const auto text = BuiltInMapping(ToString(config.crm.kind));
    if (!text) return text.error();
    return ParseMapping(*text, "the built-in mapping");
  }
  const auto text = platform::ReadFile(config.mapping_file);
  if (!text) return text.error();
  auto mapping = ParseMapping(*text, config.mapping_file);
  if (mapping && mapping->crm != ToString(config.crm.kind)) {
    return Error{ErrorKind::invalid_input, config.mapping_file + ": crm: the mapping is for \"" +
                                               mapping->crm + "\" and the connection's CRM is \"" +
                                               std::string(ToString(config.crm.kind)) + "\""};
  }
  return mapping;
}

}  // namespace cosell::app
