#include "webhook/download_cache.h"

#include <utility>

namespace cosell::webhook {

DownloadCache::DownloadCache(net::HttpTransport& transport, const Clock& clock,
                             const Options& options)
    : transport_(transport),
      clock_(clock),
      options_(options),
      minute_started_at_(clock.Monotonic()) {}

Download DownloadCache::Get(const std::string& url) {
  Lock lock(mutex_);
  const auto entry = FindOrMake(url);
  if (!entry) return {};
  fetched_.wait(lock, [&] { return !entry->fetching; });
  if (clock_.Monotonic() < entry->valid_until) return entry->download;
  return Fetch(lock, url, *entry);
}

std::optional<Download> DownloadCache::Newer(const std::string& url,
                                             const std::shared_ptr<const std::string>& seen) {
  Lock lock(mutex_);
  const auto entry = FindOrMake(url);
  if (!entry) return std::nullopt;
  fetched_.wait(lock, [&] { return !entry->fetching; });
  if (entry->download.bytes && entry->download.bytes != seen) return entry->download;
  if (clock_.Monotonic() < entry->fetched_at + options_.refetch_interval_min) return std::nullopt;
  return Fetch(lock, url, *entry);
}

void DownloadCache::MarkProven(const std::string& url) {
  const Lock lock(mutex_);
  const auto found = entries_.find(url);
  if (found != entries_.end()) found->second->proven = true;
}

std::shared_ptr<DownloadCache::Entry> DownloadCache::FindOrMake(const std::string& url) {
  const auto found = entries_.find(url);
  if (found != entries_.end()) return found->second;
  if (entries_.size() >= options_.entries_max && !MakeRoom()) return nullptr;
  return entries_.emplace(url, std::make_shared<Entry>()).first->second;
}

bool DownloadCache::MakeRoom() {
  auto oldest = entries_.end();
  for (auto it = entries_.begin(); it != entries_.end(); ++it) {
    const Entry& entry = *it->second;
    if (entry.fetching || entry.proven) continue;
    if (oldest == entries_.end() || entry.fetched_at < oldest->second->fetched_at) oldest = it;
  }
  if (oldest == entries_.end()) return false;
  entries_.erase(oldest);
  return true;
}

bool DownloadCache::MayDownload(const Entry& entry) {
  if (entry.proven) return true;
  const auto now = clock_.Monotonic();
  if (now - minute_started_at_ >= std::chrono::minutes{1}) {
    minute_started_at_ = now;
    downloads_this_minute_ = 0;
  }
  if (downloads_this_minute_ >= options_.unproven_downloads_per_minute_max) return false;
  ++downloads_this_minute_;
  return true;
}

Download DownloadCache::Fetch(Lock& lock, const std::string& url, Entry& entry) {
  if (!MayDownload(entry)) return {};
  entry.fetching = true;
  lock.unlock();
  Download fresh = Load(url);
  lock.lock();
  entry.fetching = false;
  Keep(std::move(fresh), entry);
  fetched_.notify_all();
  return entry.download;
}

Download DownloadCache::Load(const std::string& url) const {
  net::HttpRequest request;
  request.url = url;
  request.headers = {{"Accept", "*/*"}};
  const auto response = transport_.Send(request);
  if (!response) {
    const bool answered = response.error().kind == ErrorKind::invalid_response;
    return {answered ? Download::State::refused : Download::State::unreachable, nullptr};
  }
  if (response->status >= 500) return {Download::State::unreachable, nullptr};
  if (response->status != 200 || response->body.empty() ||
      response->body.size() > options_.bytes_max) {
    return {Download::State::refused, nullptr};
  }
  return {Download::State::ready, std::make_shared<const std::string>(response->body)};
}

void DownloadCache::Keep(Download fresh, Entry& entry) {
  const auto now = clock_.Monotonic();
  const bool ready = fresh.state == Download::State::ready;
  entry.fetched_at = now;
  entry.valid_until = now + (ready ? options_.lifetime : options_.failure_lifetime);
  const bool keep_old = fresh.state == Download::State::unreachable && entry.download.bytes;
  if (!keep_old) entry.download = std::move(fresh);
}

}  // namespace cosell::webhook
