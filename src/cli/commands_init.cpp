#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/starter_config.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/questions.h"
#include "mapping/mapping.h"
#include "platform/files.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Written {
  std::string config;
  std::string mapping;
  std::string description;  // empty but for a described CRM
};

std::optional<app::CrmKind> KindOf(const std::string& name) {
  for (const app::CrmKind kind :
       {app::CrmKind::dynamics365, app::CrmKind::salesforce, app::CrmKind::rest}) {
    if (ToString(kind) == name) return kind;
  }
  return std::nullopt;
}

const char* AddressQuestion(app::CrmKind kind) {
  switch (kind) {
    case app::CrmKind::dynamics365:
      return "Its address (https://contoso.crm.dynamics.com)";
    case app::CrmKind::salesforce:
      return "Its My Domain address (https://contoso.my.salesforce.com)";
    case app::CrmKind::rest:
      return "The address of its API, without a path (https://api.contoso.example)";
  }
  return "Its address";
}

void RefuseExisting(const std::string& file) {
  std::error_code failed;
  if (!std::filesystem::exists(platform::ToPath(file), failed)) return;
  throw Failure{kUsage,
                file + " exists already; it is left as it is. Remove it or choose another folder"};
}

void WriteNew(const std::string& file, std::string_view text) {
  RefuseExisting(file);
  const auto written = platform::WriteFileAtomically(file, text, platform::FileAccess::everyone);
  if (!written) throw Failure{kUsage, written.error().message};
}

bool Any(const InitChoice& choice) {
  return !(choice.name.empty() && choice.crm_url.empty() && choice.tenant_id.empty() &&
           choice.client_id.empty() && choice.crm_client_id.empty() && choice.public_url.empty() &&
           choice.secrets_folder.empty() && !choice.without_leads);
}

// What was given on the command line stands; the rest is asked.
app::StarterAnswers Ask(const InitChoice& choice, std::istream& in) {
  Questions questions(in, std::cerr);
  const auto answer = [&](const std::string& given, const std::string& question,
                          const std::string& otherwise, const Objection& objection) {
    return given.empty() ? questions.Ask(question, otherwise, objection) : given;
  };
  app::StarterAnswers answers;
  const std::string crm =
      answer(choice.crm_kind, "Which CRM (dynamics365, salesforce, rest for any other)",
             "dynamics365", [](const std::string& text) {
               return KindOf(text) ? std::nullopt
                                   : std::optional<std::string>("dynamics365, salesforce or rest");
             });
  answers.crm = *KindOf(crm);
  const bool salesforce = answers.crm == app::CrmKind::salesforce;
  const bool described = answers.crm == app::CrmKind::rest;
  answers.crm_url = answer(choice.crm_url, AddressQuestion(answers.crm), "", HttpsAddress);
  answers.name =
      answer(choice.name, "A short name for this connection", "contoso", ConnectionNameForm);
  answers.tenant_id =
      answer(choice.tenant_id, "Entra tenant of Partner Center (GUID or domain)", "", TenantForm);
  answers.client_id = answer(choice.client_id,
                             "Client id of the app that signs in to Partner Center", "", GuidForm);
  if (!described) {
    answers.crm_client_id = answer(choice.crm_client_id,
                                   salesforce ? "Consumer key of the Salesforce app"
                                              : "Client id of the app that signs in to "
                                                "Dynamics 365",
                                   salesforce ? "" : answers.client_id,
                                   salesforce ? Objection(NotEmpty) : Objection(GuidForm));
  }
  answers.secrets_folder =
      answer(choice.secrets_folder, "Folder for the secrets, relative to the configuration",
             "secrets", NotEmpty);
  answers.public_url =
      answer(choice.public_url, "Public https address of this service for events (empty: polling)",
             "", HttpsAddressOrNone);
  answers.leads = !choice.without_leads && !described &&
                  questions.AskYesNo("Synchronise leads too, besides opportunities", true);
  return answers;
}

app::StarterAnswers FromOptions(const InitChoice& choice) {
  app::StarterAnswers answers;
  answers.crm = KindOf(choice.crm_kind).value_or(app::CrmKind::dynamics365);
  std::vector<std::string> missing;
  const auto take = [&](const std::string& given, const char* option, std::string& into) {
    if (given.empty()) missing.emplace_back(option);
    into = given;
  };
  take(choice.crm_url, "--crm-url", answers.crm_url);
  take(choice.tenant_id, "--tenant", answers.tenant_id);
  take(choice.client_id, "--client-id", answers.client_id);
  if (answers.crm != app::CrmKind::rest) {
    take(choice.crm_client_id, "--crm-client-id", answers.crm_client_id);
  }
  if (!missing.empty()) {
    throw Failure{kUsage, "without a terminal to ask at, " + Join(missing, ", ") +
                              " must be given too; nothing was written"};
  }
  if (!choice.name.empty()) answers.name = choice.name;
  if (!choice.secrets_folder.empty()) answers.secrets_folder = choice.secrets_folder;
  answers.public_url = choice.public_url;
  answers.leads = !choice.without_leads;
  return answers;
}

// For somebody who fills in the file: what the commented example has for the other kinds.
app::StarterAnswers Invented() {
  app::StarterAnswers answers;
  answers.crm = app::CrmKind::rest;
  answers.crm_url = "https://sales.contoso.example";
  answers.tenant_id = answers.client_id = "00000000-0000-0000-0000-000000000000";
  return answers;
}

// A text that the program itself would read without a complaint.
std::string ConfigFor(const app::StarterAnswers& answers, const std::string& folder) {
  std::string text = app::MakeStarterConfig(answers);
  const auto loaded = app::ParseConfig(text, folder);
  if (loaded.ok()) return text;
  std::string problems = "the answers make no configuration; nothing was written:";
  for (const auto& problem : loaded.problems) problems += "\n  " + Describe(problem);
  throw Failure{kUsage, problems};
}

Written Write(const std::string& folder, const std::string& config, const std::string& crm_kind) {
  std::error_code failed;
  std::filesystem::create_directories(platform::ToPath(folder), failed);
  Written files{platform::ResolvePath(folder, "cosell-sync.json"),
                platform::ResolvePath(folder, "mapping.json"), ""};
  if (crm_kind == ToString(app::CrmKind::rest)) {
    files.description = platform::ResolvePath(folder, "rest-crm.json");
    RefuseExisting(files.description);
  }
  RefuseExisting(files.mapping);
  WriteNew(files.config, config);
  WriteNew(files.mapping, *BuiltInMapping(crm_kind));
  if (!files.description.empty()) WriteNew(files.description, app::StarterDescription());
  return files;
}

// The folder of the secrets, for its owner alone.
void MakeSecretsFolder(const std::string& folder) {
  std::error_code failed;
  const auto path = platform::ToPath(folder);
  if (!std::filesystem::create_directories(path, failed) || failed) return;
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
}

// What the CRM tells, where its secret is there already.
void Discover(const std::string& file, const std::string& name) {
  Session session({file, false});
  const auto& config = session.Find(name);
  const bool described = config.crm.kind == app::CrmKind::rest;
  if (described || !session.secrets().Read(config.crm.auth.client_secret)) return;
  const auto schema = session.ConnectClients(config).crm().Describe(true);
  if (!schema) {
    std::cout << "The CRM was asked and does not let us in yet: " << Describe(schema.error())
              << "\n";
    return;
  }
  std::cout << "The CRM lets us in: " << schema->columns.size() << " columns, currencies "
            << Join(schema->currencies, ", ") << ".\n";
  if (!schema->problems.empty()) {
    std::cout << "It lacks things: `check` lists them, `cosell-sync crm prepare " << name
              << "` creates the columns.\n";
  }
}

void TellNextOfDescribed(const Written& files, const app::StarterAnswers& answers) {
  const std::string program = "cosell-sync --config " + files.config + " ";
  std::cout << "What is left to do:\n"
            << "  1. describe your CRM in " << files.description
            << " (docs/REST-CRM.md), and name its attributes in " << files.mapping << "\n"
            << "  2. put the secrets into " << answers.secrets_folder
            << "/partner-client-secret and " << answers.secrets_folder << "/crm-token\n"
            << "  3. " << program << "auth login " << answers.name << "\n"
            << "  4. " << program << "check, until it is content\n"
            << "  5. " << program << "plan, and when that is right set \"mode\" to \"live\"\n";
}

void TellNext(const Written& files, const app::StarterAnswers& answers) {
  if (answers.crm == app::CrmKind::rest) return TellNextOfDescribed(files, answers);
  const std::string program = "cosell-sync --config " + files.config + " ";
  std::cout << "What is left to do:\n"
            << "  1. put the client secrets into " << answers.secrets_folder
            << "/partner-client-secret and " << answers.secrets_folder
            << "/crm-client-secret (an app without a secret: remove the entry)\n"
            << "  2. " << program << "auth login " << answers.name << "\n"
            << "  3. " << program << "check\n"
            << "  4. " << program << "crm prepare " << answers.name << "\n"
            << "  5. " << program << "plan, and when that is right set \"mode\" to \"live\"\n";
}

void TellFiles(const Written& files, const std::string& crm_kind) {
  if (!files.description.empty()) {
    std::cout << "Wrote " << files.config << "\nWrote " << files.mapping << "\nWrote "
              << files.description
              << "\n  The description of an invented CRM, and the mapping that fits it.\n";
    return;
  }
  std::cout << "Wrote " << files.config << "\nWrote " << files.mapping
            << "\n  The built-in mapping of " << crm_kind
            << "; it is used once mapping_file names it.\n";
}

}  // namespace

int Init(const InitChoice& choice, std::istream* person, bool json) {
  const std::string folder =
      platform::ResolvePath(platform::ToUtf8(std::filesystem::current_path()), choice.folder);
  RefuseExisting(platform::ResolvePath(folder, "cosell-sync.json"));
  const bool told = person != nullptr || Any(choice);
  const bool generated = told || choice.crm_kind == ToString(app::CrmKind::rest);
  app::StarterAnswers answers;
  if (generated) answers = Invented();
  if (told) answers = person != nullptr ? Ask(choice, *person) : FromOptions(choice);
  const std::string crm_kind = generated                 ? std::string(ToString(answers.crm))
                               : choice.crm_kind.empty() ? "dynamics365"
                                                         : choice.crm_kind;
  const Written files = Write(
      folder, generated ? ConfigFor(answers, folder) : std::string(app::StarterConfig()), crm_kind);
  if (generated) MakeSecretsFolder(platform::ResolvePath(folder, answers.secrets_folder));
  if (json) {
    Json written = {{"config", files.config}, {"mapping", files.mapping}};
    if (!files.description.empty()) written["description"] = files.description;
    std::cout << written.dump(2) << "\n";
    return kDone;
  }
  TellFiles(files, crm_kind);
  if (!told) {
    std::cout << "Fill in the tenant, the client and the CRM's address, then run\n"
              << "  cosell-sync --config " << files.config << " check\n";
    return kDone;
  }
  Discover(files.config, answers.name);
  TellNext(files, answers);
  return kDone;
}

}  // namespace cosell::cli
