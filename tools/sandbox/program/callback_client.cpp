#include "tools/sandbox/program/callback_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace cosell::sandbox {
namespace {

namespace pn = Poco::Net;

// Poco lets credentials of any scheme through; Authorization carries the signature.
OutgoingAnswer Post(const pn::Context::Ptr& context, const std::string& url,
                    const net::Headers& headers, const std::string& body) {
  const Poco::URI uri(url);
  pn::HTTPSClientSession session(uri.getHost(), uri.getPort(), context);
  session.setTimeout(Poco::Timespan(5, 0));
  pn::HTTPRequest request(pn::HTTPRequest::HTTP_POST, uri.getPathAndQuery(),
                          pn::HTTPMessage::HTTP_1_1);
  for (const auto& [name, value] : headers) request.set(name, value);
  request.setContentLength64(static_cast<Poco::Int64>(body.size()));
  session.sendRequest(request) << body;
  pn::HTTPResponse response;
  OutgoingAnswer answer;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
  answer.status = response.getStatus();
  return answer;
}

}  // namespace

Outgoing MakeCallbackClient(const std::string& ca_file) {
  pn::Context::Params params;
  params.caLocation = ca_file;
  params.loadDefaultCAs = false;
  params.verificationMode = pn::Context::VERIFY_STRICT;
  const pn::Context::Ptr context = new pn::Context(pn::Context::TLS_CLIENT_USE, params);
  return [context](const std::string& url, const net::Headers& headers, const std::string& body) {
    try {
      return Post(context, url, headers, body);
    } catch (const Poco::Exception&) {
      return OutgoingAnswer{};
    }
  };
}

}  // namespace cosell::sandbox
