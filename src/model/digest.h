#pragma once

#include <string>
#include <string_view>

namespace cosell {

// Lower-case hexadecimal SHA-256 (64 characters).
std::string Sha256Hex(std::string_view bytes);
// Lower-case hexadecimal SHA3-256 (64 characters), the hash of the audit chain.
std::string Sha3Hex(std::string_view bytes);
// The first 128 bits of SHA-256 as 32 hexadecimal characters: content hashes of records.
std::string ContentHash(std::string_view bytes);

// A GUID that is always the same for the same name: the version 8 layout of RFC 9562 over
// SHA-256("cosell-sync:" + space
// + ":" + name). `space` names what the id is for ("opportunity", "account", "contact"). Used as
// the primary key of CRM rows we create, so that a repeated create meets itself.
std::string DerivedGuid(std::string_view space, std::string_view name);

}  // namespace cosell
