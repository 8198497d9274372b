#include "net/gzip.h"

#include <zlib.h>

#include <array>
#include <limits>
#include <new>

namespace cosell::net {
namespace {

constexpr int kGzipOnly = 15 + 16;  // zlib: the largest window, a gzip wrapper and no other

class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

}  // namespace

GunzipResult Gunzip(std::string_view gzip, std::size_t bytes_max, std::string& out) {
  if (gzip.size() > std::numeric_limits<uInt>::max()) return GunzipResult::too_large;
  Inflater inflater;
  z_stream& stream = inflater.stream();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::array<char, 65'536> buffer;
  out.clear();
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    const std::size_t produced = buffer.size() - stream.avail_out;
    if (produced > bytes_max - out.size()) return GunzipResult::too_large;
    out.append(buffer.data(), produced);
    if (code == Z_STREAM_END && stream.avail_in == 0) return GunzipResult::done;
    // Z_OK without input left and without output: the rest was cut off.
    const bool stuck = stream.avail_in == 0 && stream.avail_out != 0;
    if ((code != Z_OK && code != Z_STREAM_END) || (code == Z_OK && stuck)) {
      return GunzipResult::broken;
    }
    if (code == Z_STREAM_END && inflateReset(&stream) != Z_OK) return GunzipResult::broken;
  }
}

}  // namespace cosell::net
