#include "webhook/soap.h"

namespace cosell::webhook {
namespace {

constexpr const char* kContentType = "text/xml; charset=utf-8";

constexpr const char* kAcknowledgement =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">\n"
    " <e:Body><notificationsResponse xmlns=\"http://soap.sforce.com/2005/09/outbound\">"
    "<Ack>true</Ack></notificationsResponse></e:Body>\n"
    "</e:Envelope>\n";

// `text` is one of our own, so it holds nothing that would have to be escaped.
std::string Fault(const char* code, const std::string& text) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">\n"
         " <e:Body><e:Fault><faultcode>e:" +
         std::string(code) + "</faultcode><faultstring>" + text +
         "</faultstring></e:Fault></e:Body>\n"
         "</e:Envelope>\n";
}

}  // namespace

InboundAnswer AsSoap(InboundAnswer answer) {
  answer.content_type = kContentType;
  if (answer.status == 200) {
    answer.text = kAcknowledgement;
    return answer;
  }
  answer.text = Fault(answer.status < 500 ? "Client" : "Server", answer.text);
  return answer;
}

}  // namespace cosell::webhook
