#include "app/config_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace cosell::app {
namespace {

using Json = nlohmann::json;

// Where the parser stands, to name a repeated key: the library keeps the last one silently.
class KeyWatch {
 public:
  explicit KeyWatch(std::vector<ConfigProblem>& problems) : problems_(problems) {}

  bool operator()(int, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
        Open(false);
        break;
      case Json::parse_event_t::array_start:
        Open(true);
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        open_.pop_back();
        break;
      case Json::parse_event_t::key:
        SeeKey(parsed.get<std::string>());
        break;
      case Json::parse_event_t::value:
        NextPlace();
        break;
    }
    return true;
  }

 private:
  struct Frame {
    bool is_array = false;
    std::string path;
    std::string key;
    std::size_t index = 0;
    std::set<std::string> keys;
  };

  // The path of the value that begins now.
  std::string NextPlace() {
    if (open_.empty()) return {};
    Frame& frame = open_.back();
    return frame.is_array ? ElementPath(frame.path, frame.index++)
                          : MemberPath(frame.path, frame.key);
  }

  void Open(bool is_array) {
    Frame frame;
    frame.is_array = is_array;
    frame.path = NextPlace();
    open_.push_back(std::move(frame));
  }

  void SeeKey(const std::string& key) {
    Frame& frame = open_.back();
    frame.key = key;
    if (frame.keys.insert(key).second) return;
    problems_.push_back(
        {MemberPath(frame.path, key), "stands twice in the same object; remove one"});
  }

  std::vector<ConfigProblem>& problems_;
  std::vector<Frame> open_;
};

std::string LineAndColumn(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto last = before.rfind('\n');
  const std::size_t column = before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// The library's reason without its "last read" quotation, which may be a secret.
std::string Reason(const std::string& what) {
  const auto from = what.find("syntax error");
  std::string reason = from == std::string::npos ? "not valid JSON" : what.substr(from);
  const auto quoted = reason.find("; last read: '");
  const auto quote_end = reason.rfind('\'');
  const auto expected = reason.rfind("; expected");
  if (quoted != std::string::npos) {
    const bool tail = expected != std::string::npos && expected > quoted;
    reason = reason.substr(0, quoted) +
             (tail && quote_end > quoted ? reason.substr(expected) : std::string());
  }
  return reason;
}

std::string Hint(const std::string& reason) {
  const bool closes = reason.find("unexpected '}'") != std::string::npos ||
                      reason.find("unexpected ']'") != std::string::npos;
  if (closes) return "; remove the comma before it";
  const bool opens = reason.find("unexpected string literal") != std::string::npos;
  return opens ? "; a comma is missing before it" : "";
}

}  // namespace

std::string MemberPath(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string ElementPath(const std::string& parent, std::size_t index) {
  return parent + "[" + std::to_string(index) + "]";
}

Json ParseDocument(std::string_view text, std::vector<ConfigProblem>& problems) {
  try {
    return Json::parse(text, KeyWatch(problems), true, true);
  } catch (const Json::parse_error& error) {
    const std::string reason = Reason(error.what());
    problems.push_back({"", LineAndColumn(text, error.byte) + ": " + reason + Hint(reason)});
    return nullptr;
  }
}

}  // namespace cosell::app
