#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

// Pointers into a referral: JSON pointers, whose steps into a list are an index ("0": the first) or
// "[member=text]", the first element whose member is that text, ignoring case. Internal to this
// room.
namespace cosell {

// Requires a leading '/'.
std::vector<std::string> StepsOf(std::string_view pointer);

// "[profileType=Duns]" -> {"profileType", "Duns"}; two empty views for any other step.
struct Selector {
  std::string_view member;
  std::string_view text;
  bool empty() const { return member.empty(); }
};
Selector SelectorOf(std::string_view step);
// Whether a step is an index; the number then.
bool IsIndex(std::string_view step, std::size_t* index);

// The trimmed text at the pointer; a number as JSON prints it; empty for anything else.
std::string TextAt(const nlohmann::json& root, const std::vector<std::string>& steps);
// Puts a text there, making objects and elements of lists on the way.
void SetTextAt(nlohmann::json* root, const std::vector<std::string>& steps,
               const std::string& text);

}  // namespace cosell
