#include "crm/salesforce/delivered.h"

#include <algorithm>

namespace cosell::salesforce {
namespace {

// The cursor that is recorded, and those of the pages behind it.
constexpr std::size_t kKeptMax = 4;

}  // namespace

bool Delivered::Add(const std::string& id, std::string etag, Instant stamp) {
  Entry& entry = entries[id];
  if (entry.etag == etag) {
    entry.stamp = std::max(entry.stamp, stamp);
    return false;
  }
  entry = {std::move(etag), stamp};
  return true;
}

void Delivered::ForgetBefore(Instant from) {
  std::erase_if(entries, [&](const auto& each) { return each.second.stamp < from; });
}

Delivered DeliveredMemory::Find(const std::string& nonce) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [name, delivered] : kept_) {
    if (name == nonce) return delivered;
  }
  return {};
}

void DeliveredMemory::Keep(const std::string& nonce, Delivered delivered) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_, [&](const auto& each) { return each.first == nonce; });
  kept_.emplace_back(nonce, std::move(delivered));
  if (kept_.size() > kKeptMax) kept_.pop_front();
}

std::string DeliveredMemory::NewNonce(std::uint64_t salt) {
  const std::scoped_lock lock(mutex_);
  return std::to_string(salt) + "-" + std::to_string(++count_);
}

}  // namespace cosell::salesforce
