#include "app/rest_description.h"

#include <nlohmann/json.hpp>

#include "app/config_document.h"
#include "app/config_schema.h"
#include "platform/files.h"

namespace cosell::app {
namespace {

using Scheme = RestAuth::Scheme;

Grant GrantFor(Scheme scheme) {
  switch (scheme) {
    case Scheme::bearer:
    case Scheme::header:
      return Grant::token;
    case Scheme::basic:
      return Grant::password;
    case Scheme::client_credentials:
      return Grant::client_credentials;
  }
  return Grant::token;
}

void AddNew(std::vector<ConfigProblem>& problems, ConfigProblem problem) {
  for (const ConfigProblem& each : problems) {
    if (each.path == problem.path) return;
  }
  problems.push_back(std::move(problem));
}

Error Failure(const std::string& source, const std::vector<ConfigProblem>& problems) {
  Error error;
  error.kind = ErrorKind::invalid_input;
  error.message = source + ":";
  for (const ConfigProblem& each : problems) error.message += "\n  " + Describe(each);
  return error;
}

}  // namespace

Result<RestDescription> ParseRestDescription(std::string_view text, const std::string& source,
                                             const CrmConfig& config) {
  std::vector<ConfigProblem> problems;
  const nlohmann::json document = ParseDocument(text, problems);
  if (document.is_null() && !problems.empty()) return Failure(source, problems);
  for (ConfigProblem& each : CheckAgainstSchema(document, kRestCrmSchema)) {
    AddNew(problems, std::move(each));
  }
  std::vector<RestDescription::Problem> more;
  RestDescription description = RestDescription::Parse(text, config.fields, more);
  for (RestDescription::Problem& each : more) {
    AddNew(problems, {std::move(each.path), std::move(each.message)});
  }
  const Grant wanted = GrantFor(description.auth().scheme);
  if (problems.empty() && wanted != config.auth.grant) {
    problems.push_back({"auth.scheme", "goes with the grant \"" + std::string(ToString(wanted)) +
                                           "\", and crm.auth.grant of the configuration is \"" +
                                           std::string(ToString(config.auth.grant)) +
                                           "\": correct one of them"});
  }
  if (!problems.empty()) return Failure(source, problems);
  return description;
}

Result<RestDescription> LoadRestDescription(const CrmConfig& config) {
  const auto text = platform::ReadFile(config.description_file);
  if (!text) return text.error();
  return ParseRestDescription(*text, config.description_file, config);
}

}  // namespace cosell::app
