#include "store/sha3_function.h"

#include <array>
#include <exception>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "model/digest.h"

namespace cosell::store {
namespace {

constexpr int kBits = 256;

unsigned char HexDigit(char c) {
  return static_cast<unsigned char>(c <= '9' ? c - '0' : c - 'a' + 10);
}

std::array<unsigned char, kBits / 8> Bytes(const std::string& hex) {
  std::array<unsigned char, kBits / 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<unsigned char>(HexDigit(hex[2 * i]) << 4 | HexDigit(hex[2 * i + 1]));
  }
  return bytes;
}

std::string_view Input(sqlite3_value* value) {
  const void* data = sqlite3_value_type(value) == SQLITE_BLOB
                         ? sqlite3_value_blob(value)
                         : static_cast<const void*>(sqlite3_value_text(value));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return data == nullptr ? std::string_view{}
                         : std::string_view(static_cast<const char*>(data), size);
}

// SQLite is C: no exception may pass through it.
void Sha3(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_int(arguments[1]) != kBits) {
    sqlite3_result_error(context, "sha3() is known here with 256 bits only", -1);
    return;
  }
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  try {
    const auto bytes = Bytes(Sha3Hex(Input(arguments[0])));
    // SQLITE_TRANSIENT is a C cast the warnings object to.
    sqlite3_result_blob(context, bytes.data(), static_cast<int>(bytes.size()),
                        reinterpret_cast<sqlite3_destructor_type>(-1));
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

}  // namespace

void RegisterSha3(SQLite::Database& db) { db.createFunction("sha3", 2, true, nullptr, Sha3); }

}  // namespace cosell::store
