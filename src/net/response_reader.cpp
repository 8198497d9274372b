#include "net/response_reader.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "net/gzip.h"

namespace cosell::net {
namespace {

constexpr std::size_t kLineBytesMax = 4'096;  // a chunk's size line, a trailer line
constexpr int kTrailerLinesMax = 100;
constexpr int kInterimAnswersMax = 10;  // 1xx before the real one

// "1a2b;extension": the size of a chunk.
bool ParseChunkSize(std::string_view line, std::size_t& size) {
  const std::string_view digits = Trim(line.substr(0, line.find(';')));
  const char* const end = digits.data() + digits.size();
  const auto [parsed_to, error] = std::from_chars(digits.data(), end, size, 16);
  return !digits.empty() && error == std::errc{} && parsed_to == end;
}

}  // namespace

ResponseReader::ResponseReader(Connection& connection, const Deadline& deadline,
                               std::size_t body_bytes_max)
    : connection_(connection), deadline_(deadline), body_bytes_max_(body_bytes_max) {}

Result<HttpResponse> ResponseReader::Read(std::string_view method, const std::string& about) {
  ResponseHead head;
  HttpResponse response;
  Trouble trouble = ReadHead(head);
  const BodyFrame frame = FindBodyFrame(method, head);
  if (trouble == Trouble::none) trouble = ReadBody(frame, response.body);
  if (trouble == Trouble::none) {
    reusable_ = head.keeps_alive && frame.kind != BodyKind::until_closed && received_.empty();
    trouble = Decode(head.headers, response.body);
  }
  if (trouble != Trouble::none) return Explain(trouble, about);
  response.status = head.status;
  response.headers = std::move(head.headers);
  return response;
}

ResponseReader::Trouble ResponseReader::Fill() {
  switch (connection_.Read(received_, deadline_)) {
    case Io::done:
      got_bytes_ = true;
      return Trouble::none;
    case Io::timed_out:
      return Trouble::timed_out;
    case Io::closed:
    case Io::failed:
      break;
  }
  ended_ = true;
  return Trouble::cut;
}

ResponseReader::Trouble ResponseReader::ReadHead(ResponseHead& head) {
  for (int answers = 0; answers < kInterimAnswersMax; ++answers) {
    auto end = FindHeadEnd(received_);
    while (!end) {
      if (received_.size() > kHeadBytesMax) return Trouble::senseless;
      if (const Trouble trouble = Fill(); trouble != Trouble::none) return trouble;
      end = FindHeadEnd(received_);
    }
    auto parsed = ParseHead(std::string_view(received_).substr(0, *end));
    if (!parsed || parsed->status == 101) return Trouble::senseless;
    received_.erase(0, *end);
    if (parsed->status < 200) continue;
    head = std::move(*parsed);
    return Trouble::none;
  }
  return Trouble::senseless;
}

ResponseReader::Trouble ResponseReader::ReadBody(const BodyFrame& frame, std::string& body) {
  switch (frame.kind) {
    case BodyKind::none:
      return Trouble::none;
    case BodyKind::counted:
      return ReadCounted(frame.bytes, body);
    case BodyKind::chunked:
      return ReadChunked(body);
    case BodyKind::until_closed:
      return ReadUntilClosed(body);
    case BodyKind::senseless:
      break;
  }
  return Trouble::senseless;
}

// Moves the next `bytes` to the end of `body`.
ResponseReader::Trouble ResponseReader::ReadCounted(std::size_t bytes, std::string& body) {
  if (bytes > body_bytes_max_ - body.size()) return Trouble::too_large;
  while (true) {
    const std::size_t piece = std::min(bytes, received_.size());
    body.append(received_, 0, piece);
    received_.erase(0, piece);
    bytes -= piece;
    if (bytes == 0) return Trouble::none;
    if (const Trouble trouble = Fill(); trouble != Trouble::none) return trouble;
  }
}

ResponseReader::Trouble ResponseReader::ReadLine(std::string& line) {
  auto end = received_.find('\n');
  while (end == std::string::npos) {
    if (received_.size() > kLineBytesMax) return Trouble::senseless;
    if (const Trouble trouble = Fill(); trouble != Trouble::none) return trouble;
    end = received_.find('\n');
  }
  line = TrimEnd(std::string_view(received_).substr(0, end));
  received_.erase(0, end + 1);
  return Trouble::none;
}

ResponseReader::Trouble ResponseReader::ReadChunked(std::string& body) {
  std::string line;
  while (true) {
    std::size_t size = 0;
    if (const Trouble trouble = ReadLine(line); trouble != Trouble::none) return trouble;
    if (!ParseChunkSize(line, size)) return Trouble::senseless;
    if (size == 0) return SkipTrailers();
    if (const Trouble trouble = ReadCounted(size, body); trouble != Trouble::none) return trouble;
    if (const Trouble trouble = ReadLine(line); trouble != Trouble::none) return trouble;
    if (!line.empty()) return Trouble::senseless;
  }
}

// The lines after the last chunk, up to the empty one that ends the message.
ResponseReader::Trouble ResponseReader::SkipTrailers() {
  std::string line;
  for (int lines = 0; lines < kTrailerLinesMax; ++lines) {
    if (const Trouble trouble = ReadLine(line); trouble != Trouble::none) return trouble;
    if (line.empty()) return Trouble::none;
  }
  return Trouble::senseless;
}

ResponseReader::Trouble ResponseReader::ReadUntilClosed(std::string& body) {
  while (true) {
    if (received_.size() > body_bytes_max_) return Trouble::too_large;
    switch (connection_.Read(received_, deadline_)) {
      case Io::done:
        break;
      case Io::closed:
        body = std::move(received_);
        received_.clear();
        return Trouble::none;
      case Io::timed_out:
        return Trouble::timed_out;
      case Io::failed:  // TLS that ends without saying so may have been cut by anybody
        return Trouble::cut;
    }
  }
}

ResponseReader::Trouble ResponseReader::Decode(const Headers& headers, std::string& body) const {
  const auto encoding = FindHeader(headers, "Content-Encoding");
  if (!encoding || body.empty() || EqualsIgnoreCase(*encoding, "identity")) return Trouble::none;
  if (!EqualsIgnoreCase(*encoding, "gzip") && !EqualsIgnoreCase(*encoding, "x-gzip")) {
    return Trouble::unknown_encoding;
  }
  std::string plain;
  switch (Gunzip(body, body_bytes_max_, plain)) {
    case GunzipResult::done:
      body = std::move(plain);
      return Trouble::none;
    case GunzipResult::too_large:
      return Trouble::too_large;
    case GunzipResult::broken:
      break;
  }
  return Trouble::cut;
}

Error ResponseReader::Explain(Trouble trouble, const std::string& about) const {
  const auto unknown = [&about](const std::string& what) {
    return Error{.kind = ErrorKind::unknown_outcome, .message = about + ": " + what};
  };
  const auto invalid = [&about](const std::string& what) {
    return Error{.kind = ErrorKind::invalid_response, .message = about + ": " + what};
  };
  switch (trouble) {
    case Trouble::timed_out:
      return unknown(got_bytes_ ? "the answer did not arrive in time" : "no answer in time");
    case Trouble::cut:
      return unknown(got_bytes_ ? "the answer was cut off"
                                : "the connection was closed before an answer came");
    case Trouble::too_large:
      return invalid("the answer is larger than " + std::to_string(body_bytes_max_) +
                     " bytes: raise http.body_bytes_max if that is expected");
    case Trouble::unknown_encoding:
      return invalid(
          "the answer came in a content encoding other than gzip, which was not asked for");
    case Trouble::senseless:
    case Trouble::none:
      break;
  }
  return unknown("the answer is not HTTP as it should be; a proxy in between may be the cause");
}

}  // namespace cosell::net
