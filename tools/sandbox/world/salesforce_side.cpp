#include "tools/sandbox/world/salesforce_side.h"

#include "tools/sandbox/desk/salesforce_desk.h"
#include "tools/sandbox/salesforce/control.h"
#include "tools/sandbox/world/encoding.h"

namespace cosell::sandbox {
namespace {

constexpr char kMessageAction[] = "04k5g0000008OmAAAU";
constexpr char kLeadMessageAction[] = "04k5g0000008OmBAAU";

SalesforceAccessOptions AccessOptions(const Origins& origins,
                                      const SalesforceWorldOptions& options) {
  SalesforceAccessOptions access;
  access.organization_id = options.organization_id;
  access.instance_url = origins.salesforce;
  access.login_origins = {origins.salesforce_login};
  access.audiences.push_back(origins.salesforce_login);
  return access;
}

OutboundOptions MessageOptions(const Origins& origins, const SalesforceWorldOptions& options) {
  OutboundOptions out;
  out.organization_id = options.organization_id;
  out.instance_url = origins.salesforce;
  return out;
}

void Register(SalesforceSessions& sessions, const Identities& who,
              const SalesforceWorldOptions& options) {
  SalesforceUser user;
  user.id = options.api_user_id;
  user.username = who.salesforce_user_name;
  user.password = who.salesforce_password;
  user.security_token = who.salesforce_security_token;
  user.display_name = "Cosell Sync";
  user.email = who.salesforce_user_name;
  sessions.AddUser(user);
  SalesforceApp app;
  app.consumer_key = who.salesforce_consumer_key;
  app.consumer_secret = who.salesforce_consumer_secret;
  app.run_as_user = who.salesforce_user_name;
  app.authorized_users = {who.salesforce_user_name};
  sessions.AddApp(app);
}

}  // namespace

net::HttpResponse SalesforceSide::Instance::Handle(const net::HttpRequest& request) {
  return SalesforceSessions::Serves(ParseUrl(request.url).path) ? sessions_.Handle(request)
                                                                : world_.Handle(request);
}

SalesforceSide::SalesforceSide(Clock& clock, Random& random, const Origins& origins,
                               const Identities& who, SalesforceWorldOptions options)
    : sessions_(clock, random, AccessOptions(origins, options)),
      world_(
          origins.salesforce, clock, random,
          [this](std::string_view authorization) { return sessions_.Check(authorization); },
          options),
      messages_(
          clock, random, MessageOptions(origins, options),
          [this](const std::string& object, const std::string& id,
                 const std::vector<std::string>& fields) {
            return world_.MessageFields(object, id, fields);
          },
          [this](const std::string& user) { return sessions_.IssueToken(user); }),
      instance_(sessions_, world_),
      desk_(MakeSalesforceDesk(world_, messages_)),
      control_(std::make_unique<SalesforceControl>(world_)) {
  Register(sessions_, who, options);
  world_.OnChange([this](const SalesforceChange& change) {
    messages_.Enqueue({change.object, change.id, change.operation, change.fields, change.user_id});
  });
}

void SalesforceSide::Subscribe(const std::string& url) {
  OutboundAction action;
  action.id = kMessageAction;
  action.object = "Opportunity";
  action.fields = {"Name", "StageName", "SystemModstamp"};
  action.url = url;
  messages_.AddAction(action);
  action.id = kLeadMessageAction;
  action.object = "Lead";
  action.fields = {"Company", "Status", "SystemModstamp"};
  messages_.AddAction(action);
}

}  // namespace cosell::sandbox
