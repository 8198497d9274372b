#include "tools/simulation/faulty_transport.h"

#include "model/digest.h"

namespace cosell::simulation {
namespace {

// Certificates are made anew by every process; all else is the same for the same seed.
bool IsCertificate(const std::string& url) {
  return url.ends_with(".cer") || url.ends_with(".crt");
}

// Signing in changes nothing that counts, and Salesforce takes the ids of a read in a POST.
bool Writes(const net::HttpRequest& request) {
  const bool signs_in = request.url.find("/oauth2/") != std::string::npos;
  const bool reads =
      request.method == "GET" ||
      (request.method == "POST" && request.url.find("/composite/sobjects/") != std::string::npos);
  return !signs_in && !reads;
}

std::string Line(const net::HttpRequest& request, const Result<net::HttpResponse>& answer) {
  std::string line = request.method + " " + request.url;
  if (!request.body.empty()) line += " " + ContentHash(request.body);
  if (!answer) return line + " -> " + std::string(ToString(answer.error().kind));
  line += " -> " + std::to_string(answer->status);
  return IsCertificate(request.url) ? line : line + " " + ContentHash(answer->body);
}

}  // namespace

Result<net::HttpResponse> FaultyTransport::Send(const net::HttpRequest& request) {
  const bool writes = Writes(request);
  Interrupt();
  if (writes) saboteur_.BeforeSend();
  auto answer = inner_.Send(request);
  trace_.Line(Line(request, answer));
  if (writes) saboteur_.AfterEffect();
  if (writes && answer) saboteur_.AfterAnswer();
  return answer;
}

void FaultyTransport::During(int request, std::function<void()> act) {
  acts_.emplace_back(request, std::move(act));
}

std::vector<std::function<void()>> FaultyTransport::Rewind() {
  requests_ = 0;
  std::vector<std::function<void()>> left;
  for (auto& [request, act] : std::exchange(acts_, {})) left.push_back(std::move(act));
  return left;
}

void FaultyTransport::Interrupt() {
  ++requests_;
  for (auto& [request, act] : acts_) {
    if (request != requests_) continue;
    request = 0;
    act();
  }
  std::erase_if(acts_, [](const auto& act) { return act.first == 0; });
}

}  // namespace cosell::simulation
