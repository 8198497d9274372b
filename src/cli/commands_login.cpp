#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "net/interactive_sign_in.h"
#include "net/loopback_listener.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::seconds;

constexpr seconds kPatience{600};
// An app of Salesforce registers its callback address to the letter, so it is always the same.
constexpr std::uint16_t kSalesforcePort = 8400;
constexpr const char* kSalesforcePath = "/callback";

// Whose sign-in, and how the configuration describes it.
struct Target {
  std::string side;  // "partner-center", "crm"
  const app::AuthConfig* auth = nullptr;
  bool salesforce = false;
  std::string audience;
};

int CodeOf(const Error& error) {
  const bool answered = error.kind == ErrorKind::unauthorized ||
                        error.kind == ErrorKind::forbidden || error.kind == ErrorKind::refused;
  if (error.kind == ErrorKind::invalid_input) return kUsage;
  return answered ? kNeedsPerson : kUnreachable;
}

Target TargetOf(const app::ConnectionConfig& config, const std::string& side) {
  const Target partner{"partner-center", &config.partner_center.auth, false,
                       config.partner_center.referrals_url};
  const Target crm{"crm", &config.crm.auth, config.crm.kind == app::CrmKind::salesforce,
                   config.crm.url};
  const auto wants = [](const Target& target) {
    return target.auth->grant == app::Grant::refresh_token;
  };
  const Target& chosen = side == "crm" || (side.empty() && !wants(partner)) ? crm : partner;
  if (wants(chosen)) return chosen;
  const std::string key = chosen.side == "crm" ? "crm" : "partner_center";
  throw Failure{kUsage, key + ".auth.grant of '" + config.name.text + "' is \"" +
                            std::string(ToString(chosen.auth->grant)) +
                            "\", which needs no interactive sign-in; set it to \"refresh_token\" "
                            "and say in " +
                            key + ".auth.refresh_token where the token is kept"};
}

// Before anybody signs in in vain.
void CheckKeeping(const Target& target, bool print) {
  const SecretSource& source = target.auth->refresh_token;
  if (!source.file.empty() || print) return;
  throw Failure{
      kUsage,
      (source.env.empty() ? std::string("refresh_token stands in the configuration itself")
                          : "refresh_token comes from the environment variable " + source.env) +
          ", where this command cannot store it. Either configure {\"file\": \"PATH\"}, "
          "or sign in with --print and put the printed token there yourself"};
}

std::string RedirectOf(const Target& target, std::uint16_t port) {
  return "http://localhost:" + std::to_string(port) + (target.salesforce ? kSalesforcePath : "");
}

net::SignedIn AtBrowser(net::InteractiveSignIn& login, const Target& target, int wanted_port) {
  const int by_default = target.salesforce ? kSalesforcePort : 0;
  const auto port = static_cast<std::uint16_t>(wanted_port < 0 ? by_default : wanted_port);
  auto listener = net::ListenOnLoopback(port);
  if (!listener) throw Failure{CodeOf(listener.error()), Describe(listener.error())};
  const std::string redirect = RedirectOf(target, (*listener)->port());
  std::cerr << "Open this address in a browser on this machine and sign in"
            << (target.salesforce ? " as the integration user" : " as the Referrals admin")
            << ":\n\n"
            << login.BrowserUrl(redirect) << "\n\nThe answer is awaited at " << redirect
            << (target.salesforce ? "; the app must have exactly this callback URL.\n"
                                  : "; the app needs the redirect address http://localhost.\n");
  const auto query = (*listener)->Await(
      target.salesforce ? kSalesforcePath : "/",
      [&](std::string_view answer) { return login.IsAnswer(answer); }, kPatience);
  if (!query) throw Failure{CodeOf(query.error()), Describe(query.error())};
  auto signed_in = login.Redeem(*query);
  if (!signed_in) throw Failure{CodeOf(signed_in.error()), Describe(signed_in.error())};
  return *std::move(signed_in);
}

net::SignedIn OnDevice(net::InteractiveSignIn& login, Clock& clock) {
  const auto prompt = login.BeginDevice();
  if (!prompt) throw Failure{CodeOf(prompt.error()), Describe(prompt.error())};
  std::cerr << "On any device, open " << prompt->verification_url << " and enter the code "
            << prompt->user_code << "\nIt is good for " << prompt->lifetime.count() / 60
            << " minutes.\n";
  const auto end = clock.Monotonic() + prompt->lifetime;
  while (clock.Monotonic() < end) {
    clock.SleepFor(login.interval());
    auto signed_in = login.PollDevice();
    if (!signed_in) throw Failure{CodeOf(signed_in.error()), Describe(signed_in.error())};
    if (signed_in->has_value()) return **std::move(signed_in);
  }
  throw Failure{kNeedsPerson, "nobody signed in in time; begin again"};
}

// Where the token is now, in words.
std::string Keep(Session& session, const Target& target, const std::string& token) {
  const SecretSource& source = target.auth->refresh_token;
  if (source.file.empty()) return "";
  const Status kept = session.secrets().Replace(source, token);
  if (!kept) {
    throw Failure{kUsage, "the sign-in has worked, but its refresh token could not be stored: " +
                              kept.error().message};
  }
  return source.file;
}

// Whether what was stored opens the door.
std::string Trial(Session& session, const app::ConnectionConfig& config, const Target& target) {
  app::Clients& clients = session.ConnectClients(config);
  if (target.side == "crm") {
    const auto schema = clients.crm().Describe(true);
    return schema ? "" : Describe(schema.error());
  }
  const auto listed =
      clients.partner_center().List(session.clock().Now() + std::chrono::hours(1), "");
  return listed ? "" : Describe(listed.error());
}

void PrintText(const Target& target, const net::SignedIn& signed_in, const std::string& file,
               const std::string& trouble, bool print) {
  if (!file.empty()) {
    std::cout << "The refresh token is in " << file
              << ", readable by its owner alone. A running daemon reads it at its next attempt.\n";
  } else {
    std::cout << "Put the refresh token where the configuration reads it"
              << (target.auth->refresh_token.env.empty()
                      ? ""
                      : " (the environment variable " + target.auth->refresh_token.env +
                            " of the service's account)")
              << ", and restart the daemon.\n";
  }
  if (print) std::cout << signed_in.refresh_token << "\n";
  if (signed_in.mfa == false) {
    std::cout << "No second factor was asked for: Partner Center refuses such a sign-in. Require "
                 "multi-factor authentication for this account and sign in again.\n";
  }
  if (file.empty()) return;
  if (trouble.empty()) {
    std::cout << (target.side == "crm" ? "The CRM" : "Partner Center") << " lets us in.\n";
  } else {
    std::cerr << "The token is stored, but: " << trouble << "\n";
  }
}

}  // namespace

int Login(Session& session, const std::string& connection, const LoginChoice& choice) {
  const auto& config = session.Find(connection);
  const Target target = TargetOf(config, choice.side);
  CheckKeeping(target, choice.print);
  const auto transport = net::MakeHttpsTransport(app::TransportOptions(session.config()));
  const auto login =
      target.salesforce
          ? net::MakeSalesforceLogin(app::SalesforceIdentityOf(*target.auth), *transport,
                                     session.secrets(), session.clock())
          : net::MakeEntraLogin(app::EntraIdentityOf(*target.auth), target.audience, *transport,
                                session.secrets(), session.clock(), session.random());
  const net::SignedIn signed_in = choice.device_code ? OnDevice(*login, session.clock())
                                                     : AtBrowser(*login, target, choice.port);
  const std::string file = Keep(session, target, signed_in.refresh_token);
  const std::string trouble = file.empty() ? "" : Trial(session, config, target);
  if (session.json()) {
    Json document = {{"connection", config.name.text},
                     {"side", target.side},
                     {"file", file.empty() ? Json(nullptr) : Json(file)},
                     {"mfa", signed_in.mfa ? Json(*signed_in.mfa) : Json(nullptr)},
                     {"trouble", trouble}};
    if (choice.print) document["refresh_token"] = signed_in.refresh_token;
    std::cout << document.dump(2) << "\n";
  } else {
    PrintText(target, signed_in, file, trouble, choice.print);
  }
  return trouble.empty() && signed_in.mfa != false ? kDone : kNeedsPerson;
}

}  // namespace cosell::cli
