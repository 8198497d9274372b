#include "tools/sandbox/program/callback_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace cosell::sandbox {
namespace {

namespace pn = Poco::Net;

// Poco lets credentials of any scheme through; Authorization carries the signature.
int Post(const pn::Context::Ptr& context, const std::string& url, const net::Headers& headers,
         const std::string& body) {
  const Poco::URI uri(url);
  pn::HTTPSClientSession session(uri.getHost(), uri.getPort(), context);
  session.setTimeout(Poco::Timespan(5, 0));
  pn::HTTPRequest request(pn::HTTPRequest::HTTP_POST, uri.getPathAndQuery(),
                          pn::HTTPMessage::HTTP_1_1);
  for (const auto& [name, value] : headers) request.set(name, value);
  request.setContentLength64(static_cast<Poco::Int64>(body.size()));
  session.sendRequest(request) << body;
  pn::HTTPResponse response;
  std::istream& answer = session.receiveResponse(response);
  Poco::NullOutputStream nowhere;
  Poco::StreamCopier::copyStream(answer, nowhere);
  return response.getStatus();
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
      return 0;
    }
  };
}

}  // namespace cosell::sandbox
