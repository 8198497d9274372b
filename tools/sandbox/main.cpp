// cosell-sandbox: Entra, Partner Center, a Dynamics 365 and a Salesforce organisation, emulated on
// loopback.

#include <Poco/Net/NetSSL.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/program/callback_client.h"
#include "tools/sandbox/program/https_front.h"
#include "tools/sandbox/program/offset_clock.h"
#include "tools/sandbox/program/settings_files.h"
#include "tools/sandbox/seed.h"
#include "tools/sandbox/world/control.h"
#include "tools/sandbox/world/salesforce_side.h"
#include "tools/sandbox/world/world.h"

namespace cosell::sandbox {
namespace {

volatile std::sig_atomic_t stop_asked = 0;
void AskToStop(int) { stop_asked = 1; }

struct Arguments {
  std::string folder;
  std::uint16_t port_base = 0;
  SeedOptions seed;
  bool empty = false;
  bool bare = false;
  bool simulated_clock = false;
  std::string connection = "contoso";
};

// The port with this number in the row that starts at --port-base; any free one without it.
std::uint16_t PortOf(const Arguments& arguments, int number) {
  if (arguments.port_base == 0) return 0;
  return static_cast<std::uint16_t>(arguments.port_base + number);
}

Origins BindAll(HttpsFront& front, const Arguments& arguments) {
  Origins at;
  at.login = front.Bind(PortOf(arguments, 0));
  at.referrals = front.Bind(PortOf(arguments, 1));
  at.webhooks = front.Bind(PortOf(arguments, 2));
  at.certificates = front.Bind(PortOf(arguments, 3));
  at.dataverse = front.Bind(PortOf(arguments, 4));
  at.control = front.Bind(PortOf(arguments, 5));
  at.aia = front.BindPlain(PortOf(arguments, 6));
  at.salesforce_login = front.Bind(PortOf(arguments, 8));
  at.salesforce = front.Bind(PortOf(arguments, 9));
  return at;
}

// Organisations as they are before anybody has installed or created a co-sell column.
void MakeBare(World::Options& options) {
  options.dataverse.without_columns = {"syncwithpartnercenter",
                                       "referralidentifier",
                                       "referrallink",
                                       "referralprogram",
                                       "referralvisibility",
                                       "microsoftcrmidentifier",
                                       "products",
                                       "howcanmicrosofthelp",
                                       "audit"};
  options.dataverse.lead_columns = false;
  options.salesforce.without_fields = {"Sync_with_Partner_Center__c",
                                       "Referral_Identifier__c",
                                       "Referral_Link__c",
                                       "Referral_Program__c",
                                       "Referral_Visibility__c",
                                       "Microsoft_CRM_Identifier__c",
                                       "Products__c",
                                       "How_can_Microsoft_help__c",
                                       "Audit__c"};
}

// The CRM's own notification steps, as an administrator registers them.
void SubscribePush(World& world, const Settings& settings) {
  const auto lock = world.Lock();
  const std::string webhooks = settings.product_url() + "/webhooks/" + settings.connection + "/";
  if (settings.crm == CrmProduct::salesforce) {
    world.salesforce().Subscribe(webhooks + "salesforce?key=" + settings.push_key);
    return;
  }
  PushSubscription subscription;
  subscription.url = webhooks + "dynamics365";
  subscription.key = settings.push_key;
  world.dataverse().Subscribe(subscription);
}

std::string SeedAgain(World& world, const Settings& settings, const SeedOptions& defaults,
                      const std::string& body) {
  SeedOptions options = defaults;
  const auto members = nlohmann::json::parse(body.empty() ? "{}" : body, nullptr, false);
  options.seed = members.value("seed", options.seed);
  options.pairs = members.value("pairs", options.pairs);
  world.Reset();
  SubscribePush(world, settings);
  const SeedSummary summary = SeedWorld(world, options);
  return nlohmann::json{{"referrals", summary.referrals},
                        {"pairs", summary.pairs},
                        {"opportunities", summary.opportunities},
                        {"shareable", summary.shareable}}
      .dump();
}

void Run(const Arguments& arguments) {
  std::filesystem::create_directories(arguments.folder);
  Settings settings;
  settings.folder = std::filesystem::absolute(arguments.folder).lexically_normal().string();
  settings.tls = MakeTlsFiles(settings.folder);
  OffsetClock clock;
  SystemRandom random;
  settings.push_key = NewGuid(random);
  settings.crm = arguments.seed.crm;
  settings.connection = arguments.connection;
  HttpsFront front(settings.tls.certificate_file, settings.tls.key_file);
  World::Options options{BindAll(front, arguments), Identities{}, {}};
  if (arguments.bare) MakeBare(options);
  World world(clock, random, std::move(options));
  settings.product_port = PortOf(arguments, 7) != 0 ? PortOf(arguments, 7) : FreePort();
  Control::Hooks hooks;
  hooks.crm = settings.crm;
  hooks.seed = [&](const std::string& body) {
    return SeedAgain(world, settings, arguments.seed, body);
  };
  if (arguments.simulated_clock)
    hooks.advance_clock = [&clock](std::chrono::seconds by) { clock.Advance(by); };
  Control control(world, hooks);
  world.MountControl(control);
  SubscribePush(world, settings);
  const SeedSummary seeded =
      arguments.empty || arguments.bare ? SeedSummary{} : SeedWorld(world, arguments.seed);
  const std::string path = WriteSettings(world, settings, seeded);
  const Outgoing outgoing = MakeCallbackClient(settings.tls.ca_file);
  front.Start(world);
  std::cout << "ready " << path << std::endl;
  while (stop_asked == 0) {
    world.Deliver(outgoing);
    clock.SleepFor(std::chrono::milliseconds(50));
  }
  front.Stop();
}

}  // namespace
}  // namespace cosell::sandbox

int main(int argc, char** argv) {
  using namespace cosell::sandbox;
  std::signal(SIGTERM, AskToStop);
  std::signal(SIGINT, AskToStop);
#ifdef SIGPIPE
  std::signal(SIGPIPE, SIG_IGN);
#endif
  Arguments arguments;
  CLI::App app(
      "Entra, Partner Center, Dynamics 365 and Salesforce, emulated on loopback for cosell-sync");
  app.add_option("--dir", arguments.folder, "folder for certificates, settings and secrets")
      ->required();
  app.add_option("--port-base", arguments.port_base, "first of ten ports in a row; 0: any free");
  const std::map<std::string, CrmProduct> products = {{"dynamics365", CrmProduct::dynamics365},
                                                      {"salesforce", CrmProduct::salesforce}};
  app.add_option("--crm", arguments.seed.crm, "which CRM is filled and configured")
      ->transform(CLI::CheckedTransformer(products));
  app.add_option("--connection", arguments.connection, "name of the connection it configures");
  app.add_option("--seed", arguments.seed.seed, "number of the fictitious data");
  app.add_option("--pairs", arguments.seed.pairs, "deals that exist and agree on both sides");
  app.add_flag("--empty", arguments.empty, "start without data");
  app.add_flag("--bare", arguments.bare, "start without data and without co-sell columns");
  app.add_flag("--simulated-clock", arguments.simulated_clock,
               "let the control API move the clock forward");
  CLI11_PARSE(app, argc, argv);
  Poco::Net::initializeSSL();
  try {
    Run(arguments);
  } catch (const std::exception& error) {
    std::cerr << "cosell-sandbox: " << error.what() << "\n";
    return 1;
  }
  Poco::Net::uninitializeSSL();
  return 0;
}
