#include "net/loopback_listener.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <optional>

namespace cosell::net {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kHeadBytesMax = 16 * 1024;
constexpr int kReadSeconds = 5;

Poco::Timespan Span(milliseconds time) { return Poco::Timespan(time.count() * 1000); }

// The request line, or what came of it before the client gave up.
std::string ReadHead(Poco::Net::StreamSocket& socket) {
  std::string head;
  char block[2048];
  while (head.size() < kHeadBytesMax && head.find("\r\n\r\n") == std::string::npos) {
    const int count = socket.receiveBytes(block, sizeof block);
    if (count <= 0) break;
    head.append(block, static_cast<std::size_t>(count));
  }
  return head;
}

void Answer(Poco::Net::StreamSocket& socket, std::string_view status, std::string_view text) {
  const std::string page =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>cosell-sync</title><p>" +
      std::string(text) + "</p></html>";
  const std::string answer = "HTTP/1.1 " + std::string(status) +
                             "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " +
                             std::to_string(page.size()) +
                             "\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer"
                             "\r\nConnection: close\r\n\r\n" +
                             page;
  socket.sendBytes(answer.data(), static_cast<int>(answer.size()));
  socket.shutdownSend();
}

struct Asked {
  std::string path;
  std::string query;
};

// Of "GET /callback?code=1 HTTP/1.1"; an empty path for anything else.
Asked Parse(const std::string& head) {
  constexpr std::string_view kGet = "GET ";
  const auto end = head.find(' ', kGet.size());
  if (!head.starts_with(kGet) || end == std::string::npos) return {};
  const std::string target = head.substr(kGet.size(), end - kGet.size());
  const auto mark = target.find('?');
  return {target.substr(0, mark), mark == std::string::npos ? "" : target.substr(mark + 1)};
}

class Listener final : public LoopbackListener {
 public:
  // Shared with nobody: another account's program must not take the answer.
  explicit Listener(std::uint16_t port) {
    socket_.bind(Poco::Net::SocketAddress("127.0.0.1", port), true, false);
    socket_.listen();
  }

  std::uint16_t port() const override { return socket_.address().port(); }

  Result<std::string> Await(std::string_view path,
                            const std::function<bool(std::string_view)>& is_answer,
                            std::chrono::seconds time) override {
    const auto end = std::chrono::steady_clock::now() + time;
    while (true) {
      const auto left =
          std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
      if (left.count() <= 0 || !socket_.poll(Span(left), Poco::Net::Socket::SELECT_READ)) {
        return Error{.kind = ErrorKind::refused,
                     .message = "sign-in: nobody signed in in time; begin again"};
      }
      if (auto query = Take(path, is_answer)) return *std::move(query);
    }
  }

 private:
  // One request. Whoever connects and says nothing, or hangs up, only costs a moment.
  std::optional<std::string> Take(std::string_view path,
                                  const std::function<bool(std::string_view)>& is_answer) {
    try {
      Poco::Net::StreamSocket socket = socket_.acceptConnection();
      socket.setReceiveTimeout(Poco::Timespan(kReadSeconds, 0));
      socket.setSendTimeout(Poco::Timespan(kReadSeconds, 0));
      const Asked asked = Parse(ReadHead(socket));
      if (asked.path != path || !is_answer(asked.query)) {
        Answer(socket, "404 Not Found", "This address only takes the answer of a sign-in.");
        return std::nullopt;
      }
      TellPerson(socket, asked.query);
      return asked.query;
    } catch (const Poco::Exception&) {
      return std::nullopt;
    }
  }

  // The answer counts, whether or not the page arrives.
  static void TellPerson(Poco::Net::StreamSocket& socket, const std::string& query) {
    const bool refused = query.starts_with("error=") || query.find("&error=") != std::string::npos;
    try {
      Answer(socket, "200 OK",
             refused ? "The sign-in was not completed; the reason stands in the terminal. You may "
                       "close this window."
                     : "The sign-in has arrived. You may close this window.");
    } catch (const Poco::Exception&) {
    }
  }

  Poco::Net::ServerSocket socket_;
};

}  // namespace

Result<std::unique_ptr<LoopbackListener>> ListenOnLoopback(std::uint16_t port) {
  try {
    return std::unique_ptr<LoopbackListener>(std::make_unique<Listener>(port));
  } catch (const Poco::Exception& error) {
    return Error{.kind = ErrorKind::invalid_input,
                 .message = "port " + std::to_string(port) +
                            " of 127.0.0.1 cannot be listened on (" + error.displayText() +
                            "): choose another one with --port"};
  }
}

}  // namespace cosell::net
