#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "net/api_client.h"

namespace cosell::test {

inline net::ApiAnswer Answered(int status, std::string body = {}, net::Headers headers = {}) {
  net::ApiAnswer answer;
  answer.response.status = status;
  answer.response.headers = std::move(headers);
  if (!body.empty() && !net::FindHeader(answer.response.headers, "Content-Type")) {
    answer.response.headers.emplace_back("Content-Type",
                                         "application/json; odata.metadata=minimal");
  }
  answer.response.body = std::move(body);
  answer.clock_offset = std::chrono::milliseconds{250};
  return answer;
}

inline net::ApiAnswer Refused(int status, const std::string& code,
                              const std::string& message = "no") {
  return Answered(status, R"({"error":{"code":")" + code + R"(","message":")" + message + R"("}})");
}

inline Error Failed(ErrorKind kind) {
  Error error;
  error.kind = kind;
  error.message = "scripted";
  return error;
}

inline std::string PercentDecoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// A Dataverse that answers by script: each rule names a method and a piece of the decoded path.
// Takes $batch apart and answers each part by the same rules, with a boundary of its own. What no
// rule matches is answered 404, as an unknown segment is.
class ScriptedApi final : public net::ApiClient {
 public:
  struct Received {
    std::string method;
    std::string path;  // decoded, below the service root
    net::Headers headers;
    std::string body;
    net::Repeat repeat = net::Repeat::safe;
    bool in_batch = false;
    std::string url;  // as sent; empty within a batch
    std::string header(std::string_view name) const {
      return std::string(net::FindHeader(headers, name).value_or(""));
    }
  };
  using Answer = Result<net::ApiAnswer>;

  explicit ScriptedApi(std::string origin) : root_(std::move(origin) + "/api/data/v9.2/") {}

  // Always; of several matching rules the latest counts.
  void On(const std::string& method, const std::string& piece, Answer answer) {
    always_.insert(always_.begin(), {method, piece, std::move(answer)});
  }
  // Once, before what is always answered; several in their order.
  void Once(const std::string& method, const std::string& piece, Answer answer) {
    once_.push_back({method, piece, std::move(answer)});
  }
  // The next $batch as a whole ends like this instead of being taken apart.
  void NextBatch(Answer answer) { whole_batch_.push_back(std::move(answer)); }

  Result<net::ApiAnswer> Send(const net::ApiCall& call) override {
    const std::string& url = call.request.url;
    Received received{call.request.method,
                      PercentDecoded(url.starts_with(root_) ? url.substr(root_.size()) : url),
                      call.request.headers,
                      call.request.body,
                      call.repeat,
                      false,
                      url};
    all.push_back(received);
    if (received.path == "$batch") return Batch(received);
    return Dispatch(received);
  }

  // The requests of a method whose path contains `piece`, batched ones too.
  std::vector<Received> Requests(const std::string& method, const std::string& piece) const {
    std::vector<Received> found;
    for (const Received& each : all) {
      if (each.method == method && each.path.find(piece) != std::string::npos) {
        found.push_back(each);
      }
    }
    return found;
  }
  std::size_t Writes() const {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Received& each) {
      return each.method != "GET" && each.path != "$batch";
    }));
  }
  void Forget() { all.clear(); }

  std::vector<Received> all;

 private:
  struct Rule {
    std::string method;
    std::string piece;
    Answer answer;
    bool Matches(const Received& request) const {
      return method == request.method && request.path.find(piece) != std::string::npos;
    }
  };

  Answer Dispatch(const Received& request) {
    for (auto rule = once_.begin(); rule != once_.end(); ++rule) {
      if (!rule->Matches(request)) continue;
      Answer answer = rule->answer;
      once_.erase(rule);
      return answer;
    }
    for (const Rule& rule : always_) {
      if (rule.Matches(request)) return rule.answer;
    }
    return Refused(404, "0x80060888", "no such segment");
  }

  Answer Batch(const Received& whole) {
    if (!whole_batch_.empty()) {
      Answer answer = whole_batch_.front();
      whole_batch_.pop_front();
      return answer;
    }
    std::string out;
    for (const Received& part : Parts(whole)) {
      all.push_back(part);
      const Answer answer = Dispatch(part);
      out +=
          "--batchresponse_9f\r\nContent-Type: application/http\r\n"
          "Content-Transfer-Encoding: binary\r\n\r\n";
      out += "HTTP/1.1 " + std::to_string(answer->response.status) + " Status\r\n";
      for (const auto& [name, value] : answer->response.headers) {
        out += name + ": " + value + "\r\n";
      }
      out += "\r\n" + answer->response.body + "\r\n";
    }
    return Answered(200, out + "--batchresponse_9f--\r\n",
                    {{"Content-Type", "multipart/mixed; boundary=batchresponse_9f"}});
  }

  static std::string TakeLine(std::string& text) {
    const auto end = text.find("\r\n");
    std::string line = text.substr(0, end);
    text.erase(0, end == std::string::npos ? end : end + 2);
    return line;
  }

  std::vector<Received> Parts(const Received& whole) const {
    const std::string type = whole.header("Content-Type");
    const auto quote = type.find('"') + 1;
    const std::string delimiter = "--" + type.substr(quote, type.find('"', quote) - quote);
    std::vector<Received> parts;
    std::string text = whole.body;
    for (auto at = text.find(delimiter + "\r\n"); at != std::string::npos;
         at = text.find(delimiter + "\r\n")) {
      text.erase(0, at);
      while (!TakeLine(text).empty()) {
      }
      parts.push_back(ParsePart(text.substr(0, text.find("\r\n" + delimiter)), whole.repeat));
    }
    return parts;
  }

  static Received ParsePart(std::string text, net::Repeat repeat) {
    const std::string line = TakeLine(text);
    const auto blank = line.find(' ');
    Received part;
    part.method = line.substr(0, blank);
    part.path = PercentDecoded(line.substr(blank + 1, line.rfind(' ') - blank - 1))
                    .substr(std::string_view("/api/data/v9.2/").size());
    for (std::string header = TakeLine(text); !header.empty(); header = TakeLine(text)) {
      const auto colon = header.find(": ");
      part.headers.emplace_back(header.substr(0, colon), header.substr(colon + 2));
    }
    part.body = text;
    part.repeat = repeat;
    part.in_batch = true;
    return part;
  }

  std::string root_;
  std::deque<Rule> once_;
  std::vector<Rule> always_;
  std::deque<Answer> whole_batch_;
};

}  // namespace cosell::test
