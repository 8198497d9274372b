#pragma once

#include <map>
#include <string>

namespace cosell::truth {

// Collects the cells in which code and oracle differ by what they say, so that a wrong rule reads
// as one finding with an example and not as a thousand failures.
class Disagreements {
 public:
  // `example` is asked for once for each finding.
  template <typename Example>
  void Add(const std::string& finding, Example example) {
    Found& found = found_[finding];
    if (found.cells++ == 0) found.example = example();
  }
  bool empty() const { return found_.empty(); }
  std::string Report() const {
    std::string text;
    for (const auto& [finding, found] : found_) {
      text +=
          std::to_string(found.cells) + " cells: " + finding + "\n    e.g. " + found.example + "\n";
    }
    return text;
  }

 private:
  struct Found {
    std::size_t cells = 0;
    std::string example;
  };
  std::map<std::string, Found> found_;
};

}  // namespace cosell::truth
