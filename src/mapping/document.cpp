#include "mapping/document.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace cosell {
namespace {

using Json = nlohmann::json;

// Walks the text and knows the line.
class LineIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineIterator(const char* at, int* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  LineIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  bool operator==(const LineIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  int* line_;
};

// Hears of every key and value as they are parsed.
class Watch {
 public:
  Watch(const int& line, Document* document) : line_(line), document_(document) {}

  void On(Json::parse_event_t event, const Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
        open_.push_back({false, Begin(), "", 0, {}});
        break;
      case Json::parse_event_t::array_start:
        open_.push_back({true, Begin(), "", 0, {}});
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        open_.pop_back();
        break;
      case Json::parse_event_t::key:
        Key(parsed.get<std::string>());
        break;
      case Json::parse_event_t::value:
        Begin();
        break;
    }
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
  std::string Begin() {
    if (open_.empty()) return "";
    Frame& frame = open_.back();
    if (!frame.is_array) return PathOf(frame.path, frame.key);
    std::string path = PathOf(frame.path, std::to_string(frame.index++));
    document_->lines.emplace(path, line_);
    return path;
  }

  void Key(const std::string& key) {
    Frame& frame = open_.back();
    frame.key = key;
    const std::string path = PathOf(frame.path, key);
    document_->lines[path] = line_;
    if (!frame.keys.insert(key).second) document_->repeated.push_back(path);
  }

  const int& line_;
  Document* document_;
  std::vector<Frame> open_;
};

int LineOf(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, std::min(byte, text.size()));
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace

std::string PathOf(const std::string& parent, std::string_view key) {
  return parent.empty() ? std::string(key) : parent + "." + std::string(key);
}

Result<Document> ReadDocument(std::string_view text, const std::string& source) {
  Document document;
  int line = 1;
  Watch watch(line, &document);
  const auto hear = [&](int, Json::parse_event_t event, Json& parsed) {
    watch.On(event, parsed);
    return true;
  };
  try {
    document.root = Json::parse(LineIterator(text.data(), &line),
                                LineIterator(text.data() + text.size(), &line), hear, true, true);
  } catch (const Json::parse_error& error) {
    return Error{ErrorKind::invalid_input, source + ": line " +
                                               std::to_string(LineOf(text, error.byte)) +
                                               ": from here on it is not JSON"};
  }
  return document;
}

}  // namespace cosell
