#include "model/generation.h"

#include <stdexcept>

namespace cosell {

std::string_view ToString(GenerationOrigin origin) {
  switch (origin) {
    case GenerationOrigin::created:
      return "created";
    case GenerationOrigin::lost:
      return "lost";
    case GenerationOrigin::rebuilt:
      return "rebuilt";
    case GenerationOrigin::salvaged:
      return "salvaged";
    case GenerationOrigin::restored:
      return "restored";
    case GenerationOrigin::older_copy:
      return "older_copy";
    case GenerationOrigin::moved:
      return "moved";
  }
  throw std::invalid_argument("unknown origin of a generation");
}

}  // namespace cosell
