#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The members of a referral and who may write them (contract partner-center.md section 3.9).
// Internal to this room.
namespace cosell {

enum class MemberKind { text, number, boolean, time, list };
enum class MemberWriting {
  patched,      // at any time while the deal is open
  at_creation,  // read-only afterwards
  never,        // Partner Center's own
};

struct ReferralMember {
  std::string_view pointer;  // "*" stands for any step into a list
  MemberKind kind = MemberKind::text;
  MemberWriting writing = MemberWriting::never;
};

// What a pointer of the mapping file means; nothing where no referral has such a member.
std::optional<ReferralMember> FindReferralMember(std::string_view pointer);
// All, for suggestions.
std::vector<std::string> ReferralMemberPointers();

}  // namespace cosell
