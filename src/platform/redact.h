#pragma once

#include <string>
#include <string_view>

namespace cosell::platform {

// The safety net under every log line: `text` with what looks like a credential or an e-mail
// address masked. Callers do not pass such things in the first place (ports/log.h); this is for the
// day one hides in a remote's error message. Masked are: what follows "Bearer " or "Basic ", a JSON
// web token, any unbroken run of 80 or more letters, digits and "-_.~+=" that is not plain
// hexadecimal, and name@host.domain. A pure function.
std::string Redact(std::string_view text);

}  // namespace cosell::platform
