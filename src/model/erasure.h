#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Recognises what belongs to people whose data was erased, and takes it out of texts and of JSON
// (docs/decisions/0011-redaction.md). Pure.
namespace cosell {

// What is known of an erased person. A phrase is recognised anywhere; a part, such as a first name,
// only as a whole member of an object that holds a phrase of the same list.
struct ErasedPhrase {
  std::string hash;       // PhraseHash
  std::size_t words = 0;  // 0: the id that was given, recognised nowhere
  bool part = false;
};

// The words of a text in lower case (ASCII), joined with single blanks; everything that is no
// letter or digit parts words. "Jette.Korn@x.example" -> "jette korn x example".
std::string PhraseOf(std::string_view text);
std::size_t CountWords(std::string_view phrase);
// Lower-case hexadecimal SHA3-256 of the salt followed by the phrase.
std::string PhraseHash(const std::string& salt, std::string_view phrase);

// What is put in the place of a phrase inside a text.
inline constexpr std::string_view kErased = "[erased]";

// A value; copies are cheap as long as few people are erased. Safe to read from any thread.
class PeopleFilter {
 public:
  // Recognises nothing.
  PeopleFilter() = default;
  // By hash: as people come in again.
  PeopleFilter(std::string salt, const std::vector<ErasedPhrase>& phrases);
  // By their words: while they are erased. Both lists hold phrases (PhraseOf).
  PeopleFilter(const std::vector<std::string>& phrases, const std::vector<std::string>& parts);

  bool empty() const { return phrases_.empty(); }

  // The text with every phrase replaced by kErased. A text all of whose lines are e-mail addresses
  // is a list of people: theirs go out of it.
  std::string InText(const std::string& text) const;
  // The JSON text with every string in it treated so. An object of a list that has a phrase as a
  // whole member goes out of the list; in any other such object, members that are a phrase or a
  // part become null. The text itself where nothing is recognised, or it is no JSON.
  std::string InJson(const std::string& json) const;

 private:
  friend class JsonEraser;
  bool Knows(std::string_view phrase, const std::set<std::string>& among) const;
  bool IsPhrase(std::string_view text) const;
  bool IsPart(std::string_view text) const;

  bool hashed_ = false;
  std::string salt_;
  std::set<std::string> phrases_;  // hashes, or phrases
  std::set<std::string> parts_;
  std::set<std::size_t> lengths_;  // numbers of words, the longest is tried first
};

}  // namespace cosell
