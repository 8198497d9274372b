#include "tools/sandbox/salesforce/gzip.h"

#include <zlib.h>

#include <array>
#include <stdexcept>

namespace cosell::sandbox::salesforce {
namespace {

constexpr int kGzipWindow = 15 + 16;
constexpr std::size_t kTextMax = 50'000'000;

void SetInput(z_stream& stream, std::string_view bytes) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

// Fills `out` until the stream has nothing more to give; the last code.
template <typename Step>
int Drain(z_stream& stream, std::string& out, Step step) {
  std::array<char, 16'384> buffer;
  int code = Z_OK;
  while (code == Z_OK && out.size() <= kTextMax) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    code = step(stream);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  return code;
}

}  // namespace

std::string Compress(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib refuses to start");
  }
  SetInput(stream, text);
  std::string out;
  Drain(stream, out, [](z_stream& s) { return deflate(&s, Z_FINISH); });
  deflateEnd(&stream);
  return out;
}

std::optional<std::string> Decompress(std::string_view gzip) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::runtime_error("zlib refuses to start");
  SetInput(stream, gzip);
  std::string out;
  const int code = Drain(stream, out, [](z_stream& s) { return inflate(&s, Z_NO_FLUSH); });
  inflateEnd(&stream);
  return code == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace cosell::sandbox::salesforce
