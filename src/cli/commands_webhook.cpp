#include <iostream>
#include <nlohmann/json.hpp>

#include "app/registration.h"
#include "base/text.h"
#include "cli/commands.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

// A validation event is delivered within seconds; its report takes a little longer.
constexpr int kReportLooks = 30;
constexpr std::chrono::seconds kReportPause{2};

Failure FailureOf(const Error& error) {
  const bool access = error.kind == ErrorKind::forbidden || error.kind == ErrorKind::unauthorized;
  return {access ? kNeedsPerson : kUnreachable, Describe(error)};
}

Json AsJson(const WebhookRegistration& registration) {
  return {{"url", registration.url},
          {"events", registration.events},
          {"last_modified", registration.last_modified}};
}

std::string OwnUrl(Session& session, const app::ConnectionConfig& config) {
  const std::string& public_url = session.config().server.public_url;
  if (public_url.empty())
    throw Failure{kUsage,
                  "server.public_url is not set; Partner Center needs an address it can reach"};
  return app::CallbackUrl(public_url, config.name.text);
}

}  // namespace

int WebhookShow(Session& session, const std::string& connection) {
  const auto& config = session.Find(connection);
  const auto registration = session.ConnectClients(config).registrar().Get();
  if (!registration) throw FailureOf(registration.error());
  const bool any = registration->has_value();
  if (session.json()) {
    std::cout << (any ? AsJson(**registration) : Json(nullptr)).dump(2) << "\n";
  } else if (any) {
    std::cout << (*registration)->url << "\n  " << Join((*registration)->events, ", ")
              << "\n  last changed " << (*registration)->last_modified << "\n";
  } else {
    std::cout << "Nothing is registered.\n";
  }
  return kDone;
}

int WebhookRegister(Session& session, const std::string& connection, bool overwrite) {
  const auto& config = session.Find(connection);
  const std::string url = OwnUrl(session, config);
  const auto result =
      app::RegisterWebhook(session.ConnectClients(config).registrar(), url, overwrite);
  if (!result) throw FailureOf(result.error());
  if (result->outcome == app::RegistrationOutcome::foreign) {
    throw Failure{kRefused,
                  "another address is registered and was left alone: " + result->registration.url +
                      "\nA tenant has one registration: to take it over, and end that one's "
                      "events, add --overwrite"};
  }
  if (session.json()) {
    std::cout << AsJson(result->registration).dump(2) << "\n";
  } else {
    std::cout << (result->outcome == app::RegistrationOutcome::registered ? "Registered "
                                                                          : "Already registered: ")
              << url << "\n";
  }
  return kDone;
}

int WebhookTest(Session& session, const std::string& connection) {
  const auto& config = session.Find(connection);
  WebhookRegistrar& registrar = session.ConnectClients(config).registrar();
  const auto correlation = registrar.SendValidationEvent();
  if (!correlation) throw FailureOf(correlation.error());
  std::cerr << "Partner Center sends a test event (" << *correlation
            << "); waiting for its report\n";
  for (int look = 0; look < kReportLooks; ++look) {
    const auto report = registrar.ValidationReport(*correlation);
    if (!report) throw FailureOf(report.error());
    if (EqualsIgnoreCase(report->status, "completed") && !report->deliveries.empty()) {
      const WebhookDelivery& last = report->deliveries.back();
      const bool arrived = EqualsIgnoreCase(last.response_code, "OK");
      if (session.json()) {
        std::cout << Json{{"arrived", arrived},
                          {"callback_url", report->callback_url},
                          {"response", last.response_code},
                          {"message", last.message}}
                         .dump(2)
                  << "\n";
      } else {
        std::cout << (arrived ? "The test event arrived at " : "The test event did not arrive at ")
                  << report->callback_url << ": " << last.response_code << " " << last.message
                  << "\n";
      }
      return arrived ? kDone : kNeedsPerson;
    }
    session.clock().SleepFor(kReportPause);
  }
  throw Failure{kUnreachable,
                "Partner Center has not reported the delivery within a minute; try again, it keeps "
                "reports for 7 days"};
}

}  // namespace cosell::cli
