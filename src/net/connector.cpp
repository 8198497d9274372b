#include "net/connector.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>

#include <stdexcept>

#include "net/base64.h"
#include "net/http_message.h"

namespace cosell::net {
namespace {

using Poco::Net::IPAddress;
using Poco::Net::StreamSocket;

Error Unreachable(const std::string& message) {
  return Error{.kind = ErrorKind::unreachable, .message = message};
}

std::optional<Url> ParseProxy(const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto url = ParseUrl(text);
  if (!url || url->secure() || Target(*url) != "/") {
    throw std::invalid_argument(
        "http.proxy_url must look like http://proxy.contoso.example:3128 or "
        "http://user:password@proxy.contoso.example:3128");
  }
  return url;
}

Result<std::vector<IPAddress>> Resolve(const std::string& host) {
  IPAddress literal;
  if (IPAddress::tryParse(host, literal)) return std::vector<IPAddress>{literal};
  try {
    const auto addresses = Poco::Net::DNS::hostByName(host).addresses();
    if (!addresses.empty()) return addresses;
  } catch (const Poco::Exception&) {
    // the same to an operator as a name without addresses
  }
  return Unreachable("the host name " + host +
                     " has no address: check its spelling in the configuration, and this "
                     "machine's DNS");
}

Result<StreamSocket> ConnectOne(const IPAddress& address, const Url& server,
                                const Deadline& deadline) {
  const auto left = deadline.Left();
  try {
    if (left.count() == 0) throw Poco::TimeoutException();
    StreamSocket socket;
    socket.connect(Poco::Net::SocketAddress(address, server.port),
                   Poco::Timespan(left.count() * 1000));
    return socket;
  } catch (const Poco::Net::ConnectionRefusedException&) {
    return Unreachable(HostAndPort(server) +
                       " refused the connection: nothing listens there, or a firewall forbids it");
  } catch (const Poco::TimeoutException&) {
    return Unreachable(HostAndPort(server) +
                       " did not take the connection in time: check firewall and http.proxy_url");
  } catch (const Poco::Exception& e) {
    return Unreachable("cannot connect to " + HostAndPort(server) + ": " + e.displayText());
  }
}

Result<StreamSocket> ConnectAny(const Url& server, const Deadline& deadline) {
  const auto addresses = Resolve(server.host);
  if (!addresses) return addresses.error();
  for (std::size_t i = 0; i + 1 < addresses->size(); ++i) {
    if (auto socket = ConnectOne((*addresses)[i], server, deadline)) return socket;
  }
  return ConnectOne(addresses->back(), server, deadline);
}

}  // namespace

Connector::Connector(const std::vector<std::string>& ca_files, const std::string& proxy_url)
    : trust_(ca_files), proxy_(ParseProxy(proxy_url)) {
  if (proxy_ && !proxy_->user_info.empty()) {
    proxy_authorization_ = "Basic " + Base64(UrlDecode(proxy_->user_info));
  }
}

Result<std::unique_ptr<Connection>> Connector::Open(const Url& url,
                                                    const Deadline& deadline) const {
  auto socket = ConnectAny(proxy_ ? *proxy_ : url, deadline);
  if (!socket) {
    if (!proxy_) return socket.error();
    return Unreachable("the proxy cannot be reached: " + socket.error().message);
  }
  auto connection = std::make_unique<Connection>(*socket);
  if (!url.secure()) return connection;
  if (proxy_) {
    if (const Status tunnel = OpenTunnel(*connection, url, deadline); !tunnel)
      return tunnel.error();
  }
  if (const Status tls = StartTls(*connection, url, deadline); !tls) return tls.error();
  return connection;
}

std::optional<std::string_view> Connector::ForwardingAuthorization(const Url& url) const {
  if (!proxy_ || url.secure()) return std::nullopt;
  return proxy_authorization_;
}

Status Connector::OpenTunnel(Connection& connection, const Url& url,
                             const Deadline& deadline) const {
  const std::string target = HostAndPort(url);
  const std::string proxy = "the proxy " + HostAndPort(*proxy_);
  std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy_authorization_.empty()) {
    request += "Proxy-Authorization: " + proxy_authorization_ + "\r\n";
  }
  if (connection.Write(request + "\r\n", deadline) != Io::done) {
    return Unreachable(proxy + " closed the connection");
  }
  std::string received;
  std::optional<std::size_t> head_bytes;
  while (!head_bytes && received.size() <= kHeadBytesMax) {
    if (connection.Read(received, deadline) != Io::done) {
      return Unreachable(proxy + " gave no answer to CONNECT " + target);
    }
    head_bytes = FindHeadEnd(received);
  }
  const auto head = head_bytes ? ParseHead(received.substr(0, *head_bytes)) : std::nullopt;
  if (!head) return Unreachable(proxy + " does not answer like an HTTP proxy");
  if (head->status == 407) {
    return Unreachable(proxy + " wants credentials, or refused them: check http.proxy_url");
  }
  if (head->status < 200 || head->status > 299) {
    return Unreachable(proxy + " answered HTTP " + std::to_string(head->status) + " to CONNECT " +
                       target);
  }
  return Done{};
}

Status Connector::StartTls(Connection& connection, const Url& url, const Deadline& deadline) const {
  const std::string server = HostAndPort(url);
  const Poco::SharedPtr<CertificateJudge> judge = new CertificateJudge;
  const std::string server_name = IsIpAddress(url.host) ? std::string() : url.host;
  try {
    switch (connection.StartTls(trust_.NewContext(url.host, judge), server_name, deadline)) {
      case Io::done:
        return Done{};
      case Io::timed_out:
        return Unreachable(server + " did not finish the TLS handshake in time");
      case Io::closed:
      case Io::failed:
        break;
    }
    return Unreachable(server + " ended the TLS handshake");
  } catch (const Poco::Exception& e) {
    const std::string reason = judge->Reason(url.host);
    if (!reason.empty()) return Unreachable(reason);
    return Unreachable("no TLS connection to " + server + ": " + e.displayText());
  }
}

}  // namespace cosell::net
