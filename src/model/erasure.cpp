#include "model/erasure.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/digest.h"

namespace cosell {
namespace {

using Json = nlohmann::ordered_json;

struct Word {
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

std::vector<Word> WordsOf(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < text.size();) {
    if (!IsWordByte(text[i])) {
      ++i;
      continue;
    }
    Word word{i, i};
    while (i < text.size() && IsWordByte(text[i])) ++i;
    word.end = i;
    words.push_back(word);
  }
  return words;
}

std::string Joined(std::string_view text, const Word* words, std::size_t count) {
  std::string phrase;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) phrase += ' ';
    phrase += ToLower(text.substr(words[i].begin, words[i].end - words[i].begin));
  }
  return phrase;
}

bool IsAddress(std::string_view line) {
  return line.find('@') != std::string_view::npos &&
         line.find_first_of(" \t,;") == std::string_view::npos;
}

bool IsListOfPeople(const std::vector<std::string>& lines) {
  return std::all_of(lines.begin(), lines.end(),
                     [](const std::string& line) { return IsAddress(line); });
}

}  // namespace

std::string PhraseOf(std::string_view text) {
  const auto words = WordsOf(text);
  return Joined(text, words.data(), words.size());
}

std::size_t CountWords(std::string_view phrase) { return WordsOf(phrase).size(); }

std::string PhraseHash(const std::string& salt, std::string_view phrase) {
  return Sha3Hex(salt + std::string(phrase));
}

PeopleFilter::PeopleFilter(std::string salt, const std::vector<ErasedPhrase>& phrases)
    : hashed_(true), salt_(std::move(salt)) {
  for (const ErasedPhrase& phrase : phrases) {
    if (phrase.words == 0) continue;
    (phrase.part ? parts_ : phrases_).insert(phrase.hash);
    if (!phrase.part) lengths_.insert(phrase.words);
  }
}

PeopleFilter::PeopleFilter(const std::vector<std::string>& phrases,
                           const std::vector<std::string>& parts)
    : phrases_(phrases.begin(), phrases.end()), parts_(parts.begin(), parts.end()) {
  for (const std::string& phrase : phrases) lengths_.insert(CountWords(phrase));
}

bool PeopleFilter::Knows(std::string_view phrase, const std::set<std::string>& among) const {
  return among.contains(hashed_ ? PhraseHash(salt_, phrase) : std::string(phrase));
}

bool PeopleFilter::IsPhrase(std::string_view text) const {
  const auto words = WordsOf(text);
  return lengths_.contains(words.size()) &&
         Knows(Joined(text, words.data(), words.size()), phrases_);
}

bool PeopleFilter::IsPart(std::string_view text) const {
  const std::string phrase = PhraseOf(text);
  return !phrase.empty() && Knows(phrase, parts_);
}

std::string PeopleFilter::InText(const std::string& text) const {
  if (empty() || text.empty()) return text;
  const auto lines = Split(text, '\n');
  if (IsListOfPeople(lines)) {
    std::vector<std::string> others = lines;
    std::erase_if(others, [&](const std::string& line) { return IsPhrase(line); });
    return Join(others, "\n");
  }
  const auto words = WordsOf(text);
  std::string out;
  std::size_t kept = 0;  // of `text`, up to here
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (auto length = lengths_.rbegin(); length != lengths_.rend(); ++length) {
      if (i + *length > words.size() || !Knows(Joined(text, &words[i], *length), phrases_))
        continue;
      out.append(text, kept, words[i].begin - kept).append(kErased);
      kept = words[i + *length - 1].end;
      i += *length - 1;
      break;
    }
  }
  return out.append(text, kept);
}

// Walks a document and changes it in place.
class JsonEraser {
 public:
  explicit JsonEraser(const PeopleFilter& filter) : filter_(filter) {}

  void Visit(Json& json) {
    if (json.is_string()) {
      VisitText(json);
    } else if (json.is_array()) {
      VisitList(json);
    } else if (json.is_object()) {
      if (HoldsPhrase(json)) BlankParts(json);
      for (auto& member : json.items()) Visit(member.value());
    }
  }
  bool changed() const { return changed_; }

 private:
  void VisitText(Json& json) {
    const auto& text = json.get_ref<const std::string&>();
    std::string erased = filter_.InText(text);
    if (erased == text) return;
    changed_ = true;
    json = erased.empty() ? Json(nullptr) : Json(std::move(erased));
  }
  void VisitList(Json& list) {
    Json others = Json::array();
    for (Json& each : list) {
      if (each.is_object() && HoldsPhrase(each)) {
        changed_ = true;
        continue;
      }
      Visit(each);
      others.push_back(std::move(each));
    }
    list = std::move(others);
  }
  bool HoldsPhrase(const Json& object) const {
    for (const auto& member : object.items()) {
      if (member.value().is_string() &&
          filter_.IsPhrase(member.value().get_ref<const std::string&>()))
        return true;
    }
    return false;
  }
  void BlankParts(Json& object) {
    for (auto& member : object.items()) {
      if (!member.value().is_string()) continue;
      const auto& text = member.value().get_ref<const std::string&>();
      if (!filter_.IsPhrase(text) && !filter_.IsPart(text)) continue;
      member.value() = nullptr;
      changed_ = true;
    }
  }

  const PeopleFilter& filter_;
  bool changed_ = false;
};

std::string PeopleFilter::InJson(const std::string& json) const {
  if (empty()) return json;
  Json document = Json::parse(json, nullptr, false);
  if (document.is_discarded()) return json;
  JsonEraser eraser(*this);
  eraser.Visit(document);
  if (!eraser.changed()) return json;
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cosell
