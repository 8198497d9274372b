#pragma once

#include <string>
#include <string_view>

namespace cosell::simulation {

// Everything that happened in one history, line by line: each step, each request with its body and
// answer, the final states. Two runs of one script have the same trace, byte for byte.
class Trace {
 public:
  void Line(std::string_view line) { text_.append(line).append("\n"); }
  const std::string& text() const { return text_; }
  std::string hash() const;

 private:
  std::string text_;
};

}  // namespace cosell::simulation
