#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace cosell {

// What a life of the database began with. Stored and shown by name.
enum class GenerationOrigin {
  created,     // a new file where none had been
  lost,        // a new file, although there had been one
  rebuilt,     // a new file, made by `rebuild`
  salvaged,    // what could be read of a damaged file
  restored,    // a backup, by `restore`
  older_copy,  // the file turned out to be older than the newest state that was marked
  moved,       // the file came without its marker, so nobody can tell
};

std::string_view ToString(GenerationOrigin origin);

// One life of the database: it goes on as itself until it is restored, replaced or rebuilt. A
// value.
struct Generation {
  std::int64_t number = 0;
  std::string id;      // random
  std::string origin;  // ToString(GenerationOrigin)
  std::string reason;  // for a person
  Instant began_at;
  std::int64_t marks = 0;  // counts up while it is used
  Instant marked_at;
};

// Whether its bases may be older than what happened since.
constexpr bool IsFromOlderCopy(GenerationOrigin origin) {
  return origin == GenerationOrigin::restored || origin == GenerationOrigin::older_copy ||
         origin == GenerationOrigin::moved || origin == GenerationOrigin::salvaged;
}

}  // namespace cosell
