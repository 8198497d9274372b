#include "app/mapping_source.h"

#include <algorithm>

#include "platform/files.h"

namespace cosell::app {
namespace {

constexpr const char* kConfiguration = "the configuration";

struct Source {
  std::string text;
  std::string name;
};

Result<Source> ReadSource(const ConnectionConfig& config) {
  if (config.mapping_file.empty()) {
    const auto text = BuiltInMapping(ToString(config.crm.kind));
    if (!text) return text.error();
    return Source{*text, "the built-in mapping"};
  }
  const auto text = platform::ReadFile(config.mapping_file);
  if (!text) return text.error();
  return Source{*text, config.mapping_file};
}

void Put(std::vector<EffectiveLine>* lines, EffectiveLine line) {
  const auto known = std::find_if(lines->begin(), lines->end(),
                                  [&](const auto& each) { return each.path == line.path; });
  if (known != lines->end()) {
    *known = std::move(line);
  } else {
    lines->push_back(std::move(line));
  }
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

Result<Mapping> LoadMapping(const ConnectionConfig& config) {
  const auto source = ReadSource(config);
  if (!source) return source.error();
  auto mapping = ParseMapping(source->text, source->name);
  if (mapping && mapping->crm != ToString(config.crm.kind)) {
    return Error{ErrorKind::invalid_input, config.mapping_file + ": crm: the mapping is for \"" +
                                               mapping->crm + "\" and the connection's CRM is \"" +
                                               std::string(ToString(config.crm.kind)) + "\""};
  }
  return mapping;
}

Result<std::vector<EffectiveLine>> ShowMapping(const ConnectionConfig& config) {
  if (const auto mapping = LoadMapping(config); !mapping) return mapping.error();
  const auto source = ReadSource(config);
  if (!source) return source.error();
  auto lines = EffectiveLines(source->text, source->name);
  if (!lines) return lines.error();
  for (const auto& [field, policy] : config.conflicts.fields)
    Put(&*lines, {"fields." + field + ".conflict", Quoted(ToString(policy)), kConfiguration});
  for (const auto& [role, column] : config.crm.fields)
    Put(&*lines, {"@" + role, Quoted(column), kConfiguration});
  std::sort(lines->begin(), lines->end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return lines;
}

}  // namespace cosell::app
