#include "story/rules.h"

#include <map>
#include <string_view>

namespace cosell {
namespace {

std::string Find(const std::map<std::string_view, std::string_view>& words,
                 const std::string& name) {
  const auto found = words.find(name);
  return found == words.end() ? name : std::string(found->second);
}

}  // namespace

std::string RuleInWords(const std::string& rule) {
  static const std::map<std::string_view, std::string_view> words = {
      {"partner_center_changed",
       "only Partner Center had changed it, so its value went to the CRM"},
      {"crm_changed", "only the CRM had changed it, so its value went to Partner Center"},
      {"put_back", "this side does not decide this field, so its change was put back"},
      {"kept_by_crm", "the CRM keeps this field, so its value stands"},
      {"partner_center_wins", "both sides had changed it; the policy lets Partner Center win"},
      {"crm_wins", "both sides had changed it; the policy lets the CRM win"},
      {"newest_wins", "both sides had changed it; the policy lets the newer edit win"},
      {"ask", "both sides had changed it; the policy lets a person decide"},
      {"resolved", "a person decided"},
      {"merged", "the changes of both sides were merged element by element"},
      {"first_meeting", "the two sides met for the first time, and only one had a value"},
      {"no_base", "the two sides met for the first time"},
      {"drift", "the two sides disagreed although neither had changed it; the policy repaired it"},
      {"create", "the record was created with it"},
      {"on_reopen", "the policy for reopened records decided"},
      {"news", "the seller was told something"},
      {"notice", "the seller was told something"},
      {"in_doubt", "a write without an answer was looked up"}};
  return Find(words, rule);
}

std::string CauseInWords(const std::string& cause) {
  static const std::map<std::string_view, std::string_view> words = {
      {"event", "an event"},
      {"poll", "a poll"},
      {"sweep", "a sweep"},
      {"start", "the start of the service"},
      {"person", "a person's decision"},
      {"apply", "a plan that a person had reviewed"},
      {"rebuild", "a rebuild"},
      {"retry", "a retry"},
      {"read", "a read after a refusal"},
      {"answer", "the answer to a write of ours"},
      {"lookup", "the lookup of a write without an answer"}};
  return Find(words, cause);
}

}  // namespace cosell
