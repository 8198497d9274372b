#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "net/http.h"

namespace cosell::webhook {

// One file as it stands in the cache. A value.
struct Download {
  enum class State {
    ready,        // `bytes` is set
    refused,      // the host answered, but not with a file we take (404, redirect, too large)
    unreachable,  // no answer, or 5xx: worth another try later
    limited,      // not tried: too many downloads of unknown URLs already
  };
  State state = State::limited;
  std::shared_ptr<const std::string> bytes;
};

// Certificates by URL. Requests that nobody has verified yet decide what is asked for, so downloads
// are bounded: one at a time per URL while the others wait for it (single flight), good answers
// kept for an hour, bad ones for a minute, and only so many downloads a minute for URLs that have
// never carried a valid signature. A plain GET without a token; redirects are not followed. Which
// URLs may be asked for at all is HostAllowList's matter. Safe from any thread.
class DownloadCache {
 public:
  struct Options {
    std::chrono::seconds lifetime{3600};
    std::chrono::seconds failure_lifetime{60};
    std::chrono::seconds refetch_interval_min{60};
    std::size_t bytes_max = 65'536;
    std::size_t entries_max = 64;
    int unproven_downloads_per_minute_max = 12;
  };

  // `transport` and `clock` must outlive the cache.
  DownloadCache(net::HttpTransport& transport, const Clock& clock, const Options& options);

  // From the cache, or from the network when the copy is too old. A copy whose renewal finds the
  // host unreachable stays in use: a certificate carries its own end.
  Download Get(const std::string& url);

  // A newer copy than `seen`, because `seen` did not do. Nothing when the last download is younger
  // than refetch_interval_min: a forger cannot make us download again and again.
  std::optional<Download> Newer(const std::string& url,
                                const std::shared_ptr<const std::string>& seen);

  // The file at `url` took part in verifying a genuine message: its renewal no longer competes
  // with URLs that anybody may make up.
  void MarkProven(const std::string& url);

 private:
  struct Entry {
    bool fetching = false;
    bool proven = false;
    Download download;
    std::chrono::nanoseconds fetched_at{0};
    std::chrono::nanoseconds valid_until{0};
  };
  using Lock = std::unique_lock<std::mutex>;

  std::shared_ptr<Entry> FindOrMake(const std::string& url);
  bool MakeRoom();
  bool MayDownload(const Entry& entry);
  Download Fetch(Lock& lock, const std::string& url, Entry& entry);
  Download Load(const std::string& url) const;
  void Keep(Download fresh, Entry& entry);

  net::HttpTransport& transport_;
  const Clock& clock_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable fetched_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
  std::chrono::nanoseconds minute_started_at_{0};
  int downloads_this_minute_ = 0;
};

}  // namespace cosell::webhook
