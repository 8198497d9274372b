#include "tools/sandbox/salesforce/access/soap_login.h"

#include <charconv>

#include "base/text.h"
#include "tools/sandbox/salesforce/access/record_id.h"
#include "tools/sandbox/salesforce/access/xml.h"
#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kPath = "/services/Soap/u/";
constexpr std::string_view kEnvelope = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view kPartner = "urn:partner.soap.sforce.com";
constexpr double kFirstVersion = 31;
constexpr double kFirstVersionWithoutLogin = 65;

struct Fault {
  std::string code;  // "INVALID_LOGIN"
  std::string message;
};

net::HttpResponse Xml(int status, const std::string& body_element) {
  return TextReply(status,
                   R"(<?xml version="1.0" encoding="UTF-8"?>)"
                   R"(<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/")"
                   R"( xmlns="urn:partner.soap.sforce.com")"
                   R"( xmlns:sf="urn:fault.partner.soap.sforce.com")"
                   R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>)" +
                       body_element + "</soapenv:Body></soapenv:Envelope>",
                   "text/xml; charset=utf-8");
}

net::HttpResponse Refuse(AccessState& state, const Fault& fault) {
  ++state.sign_ins.refused;
  const std::string code = XmlEscape(fault.code);
  const std::string message = XmlEscape(fault.message);
  return Xml(500, "<soapenv:Fault><faultcode>sf:" + code + "</faultcode><faultstring>" + code +
                      ": " + message +
                      R"(</faultstring><detail><sf:LoginFault xsi:type="sf:LoginFault">)"
                      "<sf:exceptionCode>" +
                      code + "</sf:exceptionCode><sf:exceptionMessage>" + message +
                      "</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault>");
}

std::string Tag(const std::string& name, std::string_view text) {
  return "<" + name + ">" + XmlEscape(text) + "</" + name + ">";
}

net::HttpResponse Welcome(const AccessState& state, const SalesforceUser& user,
                          const std::string& token, const std::string& version) {
  const SalesforceAccessOptions& options = state.options;
  const std::string tail = "/" + version + "/" + WithoutChecksum(options.organization_id);
  const std::string soap = options.instance_url + "/services/Soap/";
  return Xml(200, "<loginResponse><result>" + Tag("metadataServerUrl", soap + "m" + tail) +
                      Tag("passwordExpired", "false") + Tag("sandbox", "false") +
                      Tag("serverUrl", soap + "u" + tail) + Tag("sessionId", token) +
                      Tag("userId", user.id) + "<userInfo>" +
                      Tag("organizationId", options.organization_id) +
                      Tag("userName", user.username) + "</userInfo></result></loginResponse>");
}

std::string TextOf(const XmlElement& element, std::string_view name) {
  const XmlElement* const child = element.Child(kPartner, name);
  return child == nullptr ? "" : child->text;
}

// The login element of the envelope in `body`.
std::optional<XmlElement> LoginOf(const std::string& body) {
  const auto root = ParseXml(body);
  if (!root || root->name_space != kEnvelope || root->name != "Envelope") return std::nullopt;
  const XmlElement* const content = root->Child(kEnvelope, "Body");
  const XmlElement* const login = content ? content->Child(kPartner, "login") : nullptr;
  return login == nullptr ? std::nullopt : std::optional(*login);
}

std::optional<Fault> CheckVersion(const AccessState& state, const std::string& version) {
  double number = 0;
  const auto parsed = std::from_chars(version.data(), version.data() + version.size(), number);
  if (parsed.ec != std::errc() || number < kFirstVersion || number >= kFirstVersionWithoutLogin)
    return Fault{"UNSUPPORTED_API_VERSION", "this version has no login()"};
  if (!state.switches.soap_login)
    return Fault{"INVALID_OPERATION", "SOAP API login() is disabled by default in this org."};
  return std::nullopt;
}

}  // namespace

net::HttpResponse AnswerSoapLogin(AccessState& state, const AccessRequest& request) {
  const std::string version = Split(request.path.substr(kPath.size()), '/').front();
  if (const auto fault = CheckVersion(state, version)) return Refuse(state, *fault);
  const auto login = LoginOf(request.body);
  if (!login) return Refuse(state, {"INVALID_OPERATION", "the message holds no login"});
  const SalesforceUser* const user = state.directory.FindUserByName(TextOf(*login, "username"));
  if (user == nullptr || !user->active ||
      !AccessDirectory::PasswordHolds(*user, TextOf(*login, "password"),
                                      state.switches.trusted_network))
    return Refuse(state, {"INVALID_LOGIN",
                          "Invalid username, password, security token; or user locked out."});
  if (const auto forced = state.forced.Take(user->username))
    return Refuse(state, {forced->error, forced->description});
  ++state.sign_ins.granted["soap"];
  const std::string token =
      state.sessions.Open({.user_id = user->id}, state.switches.access_token_chars);
  return Welcome(state, *user, token, version);
}

}  // namespace cosell::sandbox
