#include "net/https_transport.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <future>

#include "net/certificates.h"
#include "net/servers.h"

namespace cosell::net {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;
using Poco::Net::StreamSocket;
using test::AwaitClose;
using test::HttpsServer;
using test::RawServer;
using test::ReceiveRequest;
using test::SendText;
using test::TestAuthority;
using test::TestProxy;

std::string Gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string Ok(const std::string& body, const std::string& more_headers = {}) {
  return "HTTP/1.1 200 OK\r\n" + more_headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// What the HTTPS server echoes: method, target and body of the request.
void Echo(HTTPServerRequest& request, HTTPServerResponse& response) {
  const std::string body(std::istreambuf_iterator<char>(request.stream()), {});
  const std::string answer = request.getMethod() + " " + request.getURI() + " " + body;
  response.setContentLength(static_cast<std::streamsize>(answer.size()));
  response.send() << answer;
}

class HttpsTransportTest : public testing::Test {
 protected:
  HttpsTransportTest() {
    options_.ca_files = {authority_.file()};
    options_.timeout = std::chrono::seconds{10};
    options_.deadline = std::chrono::seconds{20};
  }

  std::unique_ptr<HttpTransport> Transport(bool allow_plain_http = false) const {
    return MakeHttpsTransport(options_, allow_plain_http);
  }
  static HttpRequest Get(const std::string& url) {
    return {.method = "GET", .url = url, .headers = {}, .body = {}};
  }
  static HttpRequest Post(const std::string& url, const std::string& body) {
    return {.method = "POST", .url = url, .headers = {}, .body = body};
  }
  // The error of one GET over a fresh transport.
  Error GetFailsAt(const std::string& url, bool allow_plain_http = false) const {
    const auto response = Transport(allow_plain_http)->Send(Get(url));
    EXPECT_FALSE(response.ok()) << "unexpectedly answered " << response->status;
    return response ? Error{} : response.error();
  }
  // What a GET makes of `answer`, sent as it is, after which the connection is closed.
  Result<HttpResponse> GetAnsweredBy(const std::string& answer) const {
    RawServer server([&](StreamSocket& socket, int) {
      ReceiveRequest(socket);
      SendText(socket, answer);
    });
    return Transport(true)->Send(Get(server.Url()));
  }

  test::ScratchFolder folder_;
  TestAuthority authority_{folder_};
  HttpsOptions options_;
};

void ExpectUnreachable(const Error& error, const std::string& reason) {
  EXPECT_EQ(error.kind, ErrorKind::unreachable);
  EXPECT_NE(error.message.find(reason), std::string::npos) << error.message;
}

// --- certificates

TEST_F(HttpsTransportTest, ServerOfAnExtraAuthorityIsAnswered) {
  const HttpsServer server(authority_.Issue(), Echo);
  const auto transport = Transport();
  const auto got = transport->Send(Get(server.Url("/v1.0/referrals?a=b%20c")));
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "GET /v1.0/referrals?a=b%20c ");
  const auto posted = transport->Send(Post(server.Url("/x"), R"({"name":"Contoso"})"));
  ASSERT_TRUE(posted.ok()) << posted.error().message;
  EXPECT_EQ(posted->body, R"(POST /x {"name":"Contoso"})");
}

TEST_F(HttpsTransportTest, IpAddressNamedInTheCertificateIsAccepted) {
  const HttpsServer server(authority_.Issue(), Echo);
  EXPECT_TRUE(Transport()->Send(Get(server.Url("/", "127.0.0.1"))).ok());
}

TEST_F(HttpsTransportTest, CertificateForAnotherHostIsRefusedEvenOnLoopback) {
  const HttpsServer server(authority_.Issue({.names = "DNS:crm.fabrikam.example"}), Echo);
  ExpectUnreachable(GetFailsAt(server.Url()), "is for another host");
  ExpectUnreachable(GetFailsAt(server.Url("/", "127.0.0.1")), "is for another host");
}

TEST_F(HttpsTransportTest, CertificateWithoutTheAddressIsRefusedForTheAddress) {
  const HttpsServer server(authority_.Issue({.names = "DNS:localhost"}), Echo);
  ExpectUnreachable(GetFailsAt(server.Url("/", "127.0.0.1")), "is for another host");
}

TEST_F(HttpsTransportTest, ExpiredCertificateIsRefused) {
  using std::chrono::hours;
  const HttpsServer server(authority_.Issue({.valid_from = hours{-48}, .valid_to = hours{-1}}),
                           Echo);
  ExpectUnreachable(GetFailsAt(server.Url()), "has expired");
}

TEST_F(HttpsTransportTest, CertificateOfTomorrowIsRefused) {
  using std::chrono::hours;
  const HttpsServer server(authority_.Issue({.valid_from = hours{1}, .valid_to = hours{48}}), Echo);
  ExpectUnreachable(GetFailsAt(server.Url()), "not valid yet");
}

TEST_F(HttpsTransportTest, SelfSignedCertificateIsRefused) {
  const HttpsServer server(authority_.SelfSigned(), Echo);
  const Error error = GetFailsAt(server.Url());
  ExpectUnreachable(error, "self-signed");
  ExpectUnreachable(error, "tls.ca_files");
}

TEST_F(HttpsTransportTest, CertificateOfAnUnknownAuthorityIsRefused) {
  const TestAuthority stranger(folder_, "Tailspin Toys CA");
  const HttpsServer server(stranger.Issue(), Echo);
  ExpectUnreachable(GetFailsAt(server.Url()), "unknown authority");
}

TEST_F(HttpsTransportTest, CaFileThatIsNoneIsNamed) {
  options_.ca_files = {folder_.Write("notes.pem", "not a certificate")};
  try {
    Transport();
    FAIL() << "accepted a CA file without a certificate";
  } catch (const std::invalid_argument& e) {
    EXPECT_NE(std::string(e.what()).find("notes.pem"), std::string::npos) << e.what();
  }
  options_.ca_files = {"/nowhere/ca.pem"};
  EXPECT_THROW(Transport(), std::invalid_argument);
}

// --- reaching the server

TEST_F(HttpsTransportTest, NobodyListening) {
  std::string url;
  {
    const HttpsServer gone(authority_.Issue(), Echo);
    url = gone.Url();
  }
  ExpectUnreachable(GetFailsAt(url), "refused the connection");
}

TEST_F(HttpsTransportTest, HostNameWithoutAddress) {
  ExpectUnreachable(GetFailsAt("https://crm.contoso.invalid/"),
                    "crm.contoso.invalid has no address");
}

TEST_F(HttpsTransportTest, ServerThatNeverSpeaksTls) {
  options_.timeout = std::chrono::seconds{1};
  const RawServer server([](StreamSocket& socket, int) { AwaitClose(socket); });
  ExpectUnreachable(GetFailsAt("https://localhost:" + std::to_string(server.port())),
                    "TLS handshake in time");
}

TEST_F(HttpsTransportTest, ServerThatSpeaksPlainHttpOnATlsPort) {
  const RawServer server([](StreamSocket& socket, int) {
    SendText(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    AwaitClose(socket);
  });
  ExpectUnreachable(GetFailsAt("https://localhost:" + std::to_string(server.port())),
                    "no TLS connection");
}

TEST_F(HttpsTransportTest, PlainHttpOnlyWhereAllowed) {
  const RawServer server([](StreamSocket& socket, int) {
    ReceiveRequest(socket);
    SendText(socket, Ok("aia"));
  });
  EXPECT_EQ(GetFailsAt(server.Url()).kind, ErrorKind::invalid_input);
  EXPECT_EQ(server.connections(), 0);
  const auto allowed = Transport(true)->Send(Get(server.Url()));
  ASSERT_TRUE(allowed.ok()) << allowed.error().message;
  EXPECT_EQ(allowed->body, "aia");
}

TEST_F(HttpsTransportTest, RequestThatWouldSmuggleAHeaderIsNotSent) {
  const HttpsServer server(authority_.Issue(), Echo);
  HttpRequest request = Get(server.Url());
  request.headers = {{"If-Match", "\"1\"\r\nX-Injected: yes"}};
  const auto response = Transport()->Send(request);
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpsTransportTest, PasswordInAUrlIsRefusedAndNotRepeated) {
  const Error error = GetFailsAt("https://user:hunter2@localhost/");
  EXPECT_EQ(error.kind, ErrorKind::invalid_input);
  EXPECT_EQ(error.message.find("hunter2"), std::string::npos);
}

TEST_F(HttpsTransportTest, RedirectIsAnAnswerAndNotFollowed) {
  const HttpsServer server(authority_.Issue(),
                           [](HTTPServerRequest&, HTTPServerResponse& response) {
                             response.redirect("https://tailspin.example/");
                           });
  const auto response = Transport()->Send(Get(server.Url()));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(FindHeader(response->headers, "location"), "https://tailspin.example/");
}

// --- kept connections

TEST_F(HttpsTransportTest, ManyCallsShareOneConnection) {
  const HttpsServer server(authority_.Issue(), Echo);
  const auto transport = Transport();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(transport->Send(Get(server.Url())).ok());
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpsTransportTest, ManyThreadsShareTheTransport) {
  const HttpsServer server(authority_.Issue(), Echo);
  const auto transport = Transport();
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 25; ++i) {
        const std::string body = std::to_string(thread) + "/" + std::to_string(i);
        const auto response = transport->Send(Post(server.Url(), body));
        if (response && response->body == "POST / " + body) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 100);
  EXPECT_LE(server.connections(), 4);
}

TEST_F(HttpsTransportTest, ConnectionTheServerEndsIsNotKept) {
  const RawServer server(authority_.Issue(), [](StreamSocket& socket, int) {
    ReceiveRequest(socket);
    SendText(socket, Ok("bye", "Connection: close\r\n"));
    AwaitClose(socket);
  });
  const auto transport = Transport();
  EXPECT_TRUE(transport->Send(Get(server.Url())).ok());
  EXPECT_TRUE(transport->Send(Get(server.Url())).ok());
  EXPECT_EQ(server.connections(), 2);
}

// The server promised to keep the connection, then closed it while it was idle: nothing was sent on
// it, so even a POST goes out again on a fresh one.
TEST_F(HttpsTransportTest, KeptConnectionClosedWhileIdleIsReplacedForAPost) {
  for (const bool tls : {true, false}) {
    std::promise<void> closed;
    const auto serve = [&](StreamSocket& socket, int connection) {
      EXPECT_FALSE(ReceiveRequest(socket).empty());
      SendText(socket, Ok("created"));
      if (connection != 0) return AwaitClose(socket);
      socket.close();
      closed.set_value();
    };
    const auto server = tls ? std::make_unique<RawServer>(authority_.Issue(), serve)
                            : std::make_unique<RawServer>(serve);
    const auto transport = Transport(true);
    ASSERT_TRUE(transport->Send(Get(server->Url())).ok());
    closed.get_future().wait();
    const auto posted = transport->Send(Post(server->Url(), "{}"));
    ASSERT_TRUE(posted.ok()) << posted.error().message;
    EXPECT_EQ(posted->body, "created");
    EXPECT_EQ(server->connections(), 2);
  }
}

// The server takes a second request on the kept connection and closes without a word.
class SecondRequestUnanswered : public HttpsTransportTest {
 protected:
  RawServer server_{authority_.Issue(), [](StreamSocket& socket, int connection) {
                      ReceiveRequest(socket);
                      SendText(socket, Ok("first on its connection"));
                      if (connection == 0) ReceiveRequest(socket);
                      if (connection == 1) AwaitClose(socket);
                    }};
};

TEST_F(SecondRequestUnanswered, GetGoesOutAgain) {
  const auto transport = Transport();
  ASSERT_TRUE(transport->Send(Get(server_.Url())).ok());
  const auto again = transport->Send(Get(server_.Url()));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(server_.connections(), 2);
}

TEST_F(SecondRequestUnanswered, PostHasAnUnknownOutcome) {
  const auto transport = Transport();
  ASSERT_TRUE(transport->Send(Get(server_.Url())).ok());
  const auto posted = transport->Send(Post(server_.Url(), "{}"));
  ASSERT_FALSE(posted.ok());
  EXPECT_EQ(posted.error().kind, ErrorKind::unknown_outcome);
  EXPECT_EQ(server_.connections(), 1);
}

// More than the network takes without a reader, so the request cannot have been sent as a whole.
const std::string kLargerThanAnyBuffer(20'000'000, 'z');

TEST_F(HttpsTransportTest, ConnectionThatBreaksWithinTheRequestIsUnreachable) {
  for (const bool tls : {true, false}) {
    const auto serve = [](StreamSocket& socket, int) {
      char some[100];
      socket.receiveBytes(some, sizeof(some));
    };
    const auto server = tls ? std::make_unique<RawServer>(authority_.Issue(), serve)
                            : std::make_unique<RawServer>(serve);
    const auto posted = Transport(true)->Send(Post(server->Url(), kLargerThanAnyBuffer));
    ASSERT_FALSE(posted.ok());
    ExpectUnreachable(posted.error(), "broke while the request was sent");
  }
}

TEST_F(HttpsTransportTest, KeptConnectionThatBreaksWithinTheRequestIsReplaced) {
  const RawServer server(authority_.Issue(), [](StreamSocket& socket, int connection) {
    ReceiveRequest(socket);
    SendText(socket, Ok("connection " + std::to_string(connection)));
    char some[100];
    socket.receiveBytes(some, sizeof(some));
  });
  const auto transport = Transport();
  ASSERT_TRUE(transport->Send(Get(server.Url())).ok());
  const auto posted = transport->Send(Post(server.Url(), kLargerThanAnyBuffer));
  ASSERT_TRUE(posted.ok()) << posted.error().message;
  EXPECT_EQ(posted->body, "connection 1");
}

TEST_F(HttpsTransportTest, BytesNobodyAskedForSpoilAKeptConnection) {
  const RawServer server([](StreamSocket& socket, int connection) {
    ReceiveRequest(socket);
    const std::string extra = connection == 0 ? Ok("meant for somebody else") : "";
    SendText(socket, Ok("answer " + std::to_string(connection)) + extra);
    AwaitClose(socket);
  });
  const auto transport = Transport(true);
  EXPECT_EQ(transport->Send(Get(server.Url()))->body, "answer 0");
  EXPECT_EQ(transport->Send(Get(server.Url()))->body, "answer 1");
}

// --- bodies

TEST_F(HttpsTransportTest, ChunkedBodyIsPutTogether) {
  const auto response = GetAnsweredBy(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nCont\r\nA;note=x\r\noso, Ltd. \r\n0\r\nX-Trailer: 1\r\n\r\n");
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->body, "Contoso, Ltd. ");
}

TEST_F(HttpsTransportTest, InterimAnswersAreSkipped) {
  const auto response = GetAnsweredBy("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n" +
                                      std::string("Link: x\r\n\r\n") + Ok("real"));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->body, "real");
}

TEST_F(HttpsTransportTest, BodyUntilTheConnectionEnds) {
  const auto response = GetAnsweredBy("HTTP/1.0 200 OK\r\n\r\nall of it");
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->body, "all of it");
}

TEST_F(HttpsTransportTest, AnswerWithoutBody) {
  const auto response = GetAnsweredBy("HTTP/1.1 204 No Content\r\nOData-EntityId: x\r\n\r\n");
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->status, 204);
  EXPECT_EQ(FindHeader(response->headers, "odata-entityid"), "x");
}

TEST_F(HttpsTransportTest, AnswerThatIsCutOffOrMakesNoSenseHasAnUnknownOutcome) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& answer : {
           std::string(),                               // not a byte
           std::string("HTTP/1.1 200 OK\r\nContent-"),  // in the head
           std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
           chunked + "8\r\nhalf",                // within a chunk
           chunked + "4\r\nhalf\r\n",            // between chunks
           chunked + "4\r\nhalf\r\n0\r\n",       // before the last line
           chunked + "zz\r\nhalf\r\n0\r\n\r\n",  // no size
           std::string("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhalf"),
           std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
           std::string(
               "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf"),
           std::string("220 smtp.contoso.example ready\r\n\r\n"),
       }) {
    const auto response = GetAnsweredBy(answer);
    ASSERT_FALSE(response.ok()) << answer;
    EXPECT_EQ(response.error().kind, ErrorKind::unknown_outcome) << answer;
  }
}

TEST_F(HttpsTransportTest, TlsThatEndsWithoutSayingSoMayHaveBeenCut) {
  const RawServer server(authority_.Issue(), [](StreamSocket& socket, int) {
    ReceiveRequest(socket);
    SendText(socket, "HTTP/1.1 200 OK\r\n\r\nhalf of a body without a length");
    Poco::Net::SecureStreamSocket(socket).abort();
  });
  EXPECT_EQ(GetFailsAt(server.Url()).kind, ErrorKind::unknown_outcome);
}

TEST_F(HttpsTransportTest, BodyOverTheLimitIsAnInvalidResponse) {
  options_.body_bytes_max = 8;
  for (const std::string& answer : {
           Ok("123456789"),
           std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "5\r\n12345\r\n5\r\n67890\r\n0\r\n\r\n"),
           std::string("HTTP/1.1 200 OK\r\n\r\n123456789"),
           std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n1"),
       }) {
    const auto response = GetAnsweredBy(answer);
    ASSERT_FALSE(response.ok()) << answer;
    EXPECT_EQ(response.error().kind, ErrorKind::invalid_response) << answer;
    EXPECT_NE(response.error().message.find("http.body_bytes_max"), std::string::npos);
  }
  EXPECT_TRUE(GetAnsweredBy(Ok("12345678")).ok());
}

TEST_F(HttpsTransportTest, GzipIsAskedForAndDecoded) {
  const std::string page(100'000, 'x');
  const HttpsServer server(authority_.Issue(),
                           [&](HTTPServerRequest& request, HTTPServerResponse& response) {
                             const std::string packed = Gzip(page);
                             EXPECT_EQ(request.get("Accept-Encoding", ""), "gzip");
                             response.set("Content-Encoding", "gzip");
                             response.setContentLength(static_cast<std::streamsize>(packed.size()));
                             response.send() << packed;
                           });
  const auto response = Transport()->Send(Get(server.Url()));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->body, page);
}

TEST_F(HttpsTransportTest, GzipBombIsDefused) {
  options_.body_bytes_max = 100'000;
  const std::string bomb = Gzip(std::string(10'000'000, '\0'));
  ASSERT_LT(bomb.size(), options_.body_bytes_max);
  const auto response = GetAnsweredBy(Ok(bomb, "Content-Encoding: gzip\r\n"));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().kind, ErrorKind::invalid_response);
}

TEST_F(HttpsTransportTest, EncodingNobodyAskedFor) {
  const auto response = GetAnsweredBy(Ok("????", "Content-Encoding: br\r\n"));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().kind, ErrorKind::invalid_response);
}

TEST_F(HttpsTransportTest, LargeRequestBodyArrivesWhole) {
  const HttpsServer server(authority_.Issue(), Echo);
  const std::string body(3'000'000, 'y');
  const auto response = Transport()->Send(Post(server.Url(), body));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->body, "POST / " + body);
}

// --- time

TEST_F(HttpsTransportTest, SilentServerTimesOutWithUnknownOutcome) {
  options_.timeout = std::chrono::seconds{1};
  const RawServer server(authority_.Issue(), [](StreamSocket& socket, int) {
    ReceiveRequest(socket);
    AwaitClose(socket);
  });
  const Error error = GetFailsAt(server.Url());
  EXPECT_EQ(error.kind, ErrorKind::unknown_outcome);
  EXPECT_NE(error.message.find("no answer in time"), std::string::npos) << error.message;
}

// Each byte comes well within the time-out; only the deadline of the whole exchange ends this.
TEST_F(HttpsTransportTest, DrippingServerMeetsTheDeadline) {
  options_.deadline = std::chrono::seconds{1};
  const RawServer server(authority_.Issue(), [](StreamSocket& socket, int) {
    ReceiveRequest(socket);
    SendText(socket, "HTTP/1.1 200 OK\r\nX-Drip: ");
    while (!socket.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) {
      SendText(socket, "x");
    }
  });
  const Error error = GetFailsAt(server.Url());
  EXPECT_EQ(error.kind, ErrorKind::unknown_outcome);
  EXPECT_NE(error.message.find("did not arrive in time"), std::string::npos) << error.message;
}

// --- proxy

TEST_F(HttpsTransportTest, HttpsGoesThroughATunnelWithCredentials) {
  const HttpsServer server(authority_.Issue(), Echo);
  const TestProxy proxy("Basic dXNlcjpwQHNz");  // user:p@ss
  options_.proxy_url = proxy.Url("user:p%40ss");
  {
    const auto transport = Transport();
    for (int i = 0; i < 3; ++i) {
      const auto response = transport->Send(Get(server.Url("/through")));
      ASSERT_TRUE(response.ok()) << response.error().message;
      EXPECT_EQ(response->body, "GET /through ");
    }
  }
  ASSERT_EQ(proxy.heads().size(), 1U);
  EXPECT_TRUE(proxy.heads()[0].starts_with("CONNECT localhost:")) << proxy.heads()[0];
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpsTransportTest, CertificateIsCheckedThroughAProxyToo) {
  const HttpsServer server(authority_.Issue({.names = "DNS:crm.fabrikam.example"}), Echo);
  const TestProxy proxy;
  options_.proxy_url = proxy.Url();
  ExpectUnreachable(GetFailsAt(server.Url()), "is for another host");
}

TEST_F(HttpsTransportTest, ProxyRefusesCredentials) {
  const TestProxy proxy("Basic dXNlcjpwQHNz");
  options_.proxy_url = proxy.Url("user:wrong");
  const Error error = GetFailsAt("https://crm.contoso.example/");
  ExpectUnreachable(error, "check http.proxy_url");
  EXPECT_EQ(error.message.find("wrong"), std::string::npos) << error.message;
}

TEST_F(HttpsTransportTest, PlainRequestIsForwardedByTheProxy) {
  const TestProxy proxy;
  options_.proxy_url = proxy.Url();
  const auto response = Transport(true)->Send(Get("http://pki.contoso.example/ca.crt"));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->body, "GET http://pki.contoso.example/ca.crt HTTP/1.1");
}

TEST_F(HttpsTransportTest, ProxyThatIsGone) {
  {
    const TestProxy gone;
    options_.proxy_url = gone.Url();
  }
  ExpectUnreachable(GetFailsAt("https://crm.contoso.example/"), "the proxy cannot be reached");
}

TEST_F(HttpsTransportTest, ProxyUrlThatIsNoneIsRefusedAtStart) {
  for (const char* const url : {"proxy.contoso.example:3128", "https://proxy.contoso.example",
                                "http://proxy.contoso.example/path"}) {
    options_.proxy_url = url;
    EXPECT_THROW(Transport(), std::invalid_argument) << url;
  }
}

}  // namespace
}  // namespace cosell::net
