#include "net/refresh_token.h"

#include <utility>

namespace cosell::net {

RefreshToken::RefreshToken(SecretSource source, Secrets& secrets, Log& log)
    : source_(std::move(source)), secrets_(secrets), log_(log) {}

Result<std::string> RefreshToken::Current() {
  const auto stored = secrets_.Read(source_);
  if (!stored) return stored.error();
  stored_ = *stored;
  if (unsaved_ && unsaved_->stored != stored_) unsaved_.reset();
  return unsaved_ ? unsaved_->token : stored_;
}

void RefreshToken::Keep(const std::string& rotated) {
  if (rotated.empty() || rotated == stored_) return;
  const auto now_stored = secrets_.Read(source_);
  if (now_stored && *now_stored != stored_) return;  // `auth login` has just put a better one there
  const Status kept = secrets_.Replace(source_, rotated);
  if (kept) {
    unsaved_.reset();
    return;
  }
  unsaved_ = Unsaved{stored_, rotated};
  log_.Warning(
      "the new refresh token could not be stored and is kept in memory only; after a "
      "restart the old one is used, as long as it is accepted",
      {{"reason", kept.error().message}});
}

void RefreshToken::ForgetUnsaved() { unsaved_.reset(); }

}  // namespace cosell::net
