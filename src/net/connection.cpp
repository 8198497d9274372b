#include "net/connection.h"

#include <Poco/Exception.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace cosell::net {
namespace {

using Poco::Net::SecureStreamSocket;
using Poco::Net::Socket;

constexpr std::size_t kPieceBytes = 16'384;  // one TLS record

Poco::Timespan ToTimespan(std::chrono::milliseconds duration) {
  return Poco::Timespan(duration.count() * 1000);
}

// OpenSSL and Poco judge the next call by these too; what another call left there must not count.
void ForgetEarlierErrors() {
  ERR_clear_error();
  errno = 0;
}

}  // namespace

std::chrono::milliseconds Deadline::Left() const {
  const auto whole =
      std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
  return std::max(std::chrono::milliseconds{0}, std::min(each_, whole));
}

Connection::Connection(Poco::Net::StreamSocket socket) : socket_(std::move(socket)) {
  socket_.setNoDelay(true);
  socket_.setBlocking(false);
}

bool Connection::Await(int code, int wait_by_default, const Deadline& deadline) {
  int mode = wait_by_default;
  if (socket_.secure() && code == SecureStreamSocket::ERR_SSL_WANT_READ) mode = Socket::SELECT_READ;
  if (socket_.secure() && code == SecureStreamSocket::ERR_SSL_WANT_WRITE)
    mode = Socket::SELECT_WRITE;
  const auto left = deadline.Left();
  return left.count() > 0 && socket_.poll(ToTimespan(left), mode);
}

Io Connection::StartTls(Poco::Net::Context::Ptr context, const std::string& host,
                        const Deadline& deadline) {
  auto secure = host.empty() ? SecureStreamSocket::attach(socket_, context)
                             : SecureStreamSocket::attach(socket_, host, context);
  socket_ = secure;
  while (true) {
    ForgetEarlierErrors();
    const int code = secure.completeHandshake();
    if (code > 0) return Io::done;
    if (code == 0) return Io::closed;
    if (!Await(code, Socket::SELECT_READ, deadline)) return Io::timed_out;
  }
}

Io Connection::Write(std::string_view bytes, const Deadline& deadline) {
  try {
    while (!bytes.empty()) {
      // Poco reports a full send buffer of a plain socket as an error, so ask before.
      if (!Await(0, Socket::SELECT_WRITE, deadline)) return Io::timed_out;
      ForgetEarlierErrors();
      const auto piece = std::min(bytes.size(), kPieceBytes);
      const int sent = socket_.sendBytes(bytes.data(), static_cast<int>(piece));
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (!Await(sent, Socket::SELECT_WRITE, deadline)) {
        return Io::timed_out;
      }
    }
    return Io::done;
  } catch (const Poco::Exception&) {
    return Io::failed;
  }
}

Io Connection::Read(std::string& into, const Deadline& deadline) {
  std::array<char, kPieceBytes> buffer;
  try {
    while (true) {
      ForgetEarlierErrors();
      const int received = socket_.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
      if (received == 0) return Io::closed;
      if (received > 0) {
        into.append(buffer.data(), static_cast<std::size_t>(received));
        return Io::done;
      }
      if (!Await(received, Socket::SELECT_READ, deadline)) return Io::timed_out;
    }
  } catch (const Poco::Exception&) {
    return Io::failed;
  }
}

bool Connection::IsIdle() {
  // Readable may only mean that TLS has housekeeping to do (session tickets): reading tells.
  std::string unexpected;
  const Deadline now(std::chrono::milliseconds{0}, std::chrono::milliseconds{0});
  return Read(unexpected, now) == Io::timed_out;
}

}  // namespace cosell::net
