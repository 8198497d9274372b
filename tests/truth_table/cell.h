#pragma once

#include <array>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "plan/field_rule.h"

// The dimensions of the per-field rule's truth table. A cell speaks of letters, never of texts: the
// oracle reasons about letters, a Spelling turns them into what the remote sides would really send.
namespace cosell::truth {

// What a side holds, or what its base says. Two bits, so that for a set each bit is one element.
enum class Letter { unknown = -1, none = 0, a = 1, b = 2, c = 3 };

constexpr std::array<Letter, 4> kHeld = {Letter::none, Letter::a, Letter::b, Letter::c};
constexpr std::array<Letter, 5> kBases = {Letter::unknown, Letter::none, Letter::a, Letter::b,
                                          Letter::c};

constexpr std::size_t Index(Letter letter) { return static_cast<std::size_t>(letter); }

// Who prevails when both sides changed: the policy, and for newest_wins what the clocks tell.
enum class Precedence {
  partner_center,
  crm,
  newest_partner_center,
  newest_crm,
  newest_unsure,
  ask
};
constexpr std::array<Precedence, 6> kPrecedences = {
    Precedence::partner_center, Precedence::crm,           Precedence::newest_partner_center,
    Precedence::newest_crm,     Precedence::newest_unsure, Precedence::ask};

enum class Referral { fresh, active, closed };  // fresh: New, not accepted yet

// Where the link stands while its field is decided.
struct Circumstances {
  bool gate_open = true;  // Sync with Partner Center is Yes
  Referral referral = Referral::active;
  bool crm_open = true;
  bool connected = false;  // Microsoft's own referral of the engagement is there
};
std::vector<Circumstances> AllCircumstances();

// How one field type writes its letters on each side, twice where the remote may write one value in
// two ways: the base is read from the first spelling, today's value from the second.
struct Spelling {
  std::string name;
  FieldRule rule;
  std::array<Value, 4> partner_center_base, partner_center;
  std::array<Value, 4> crm_base, crm;
  // What a letter means to a reader of both sides. Two letters of one meaning agree: a CRM that
  // rounds or shortens cannot tell them apart.
  std::array<int, 4> meaning = {0, 1, 2, 3};
  std::array<int, 4> crm_meaning = {0, 1, 2, 3};
  // Two letters of one number here: one is what a remote may have made of the other when it stored
  // it.
  std::array<int, 4> stored = {0, 1, 2, 3};
  std::array<int, 4> crm_stored = {0, 1, 2, 3};
  std::size_t letters = 4;  // a switch has three: nothing, on, off
  bool is_set = false;
  bool is_own_id = false;  // travels before the referral is accepted
  // What Partner Center takes in a patch (contract partner-center.md section 3.11, rules 5 and 6).
  std::array<bool, 4> accepted = {true, true, true, true};
};
// How GoogleTest names a spelling in a failure.
void PrintTo(const Spelling& spelling, std::ostream* out);
// Every field type with its spellings, read by the real mapping from JSON as the remote sides send
// it.
std::vector<Spelling> AllSpellings();

// One cell of the table.
struct Cell {
  const Spelling* spelling = nullptr;
  Direction direction = Direction::both;
  bool one_way = false;
  Precedence precedence = Precedence::partner_center;
  Circumstances now;
  Letter base_partner_center = Letter::unknown;
  Letter base_crm = Letter::unknown;
  Letter partner_center = Letter::none;
  Letter crm = Letter::none;
};
std::string Describe(const Cell& cell);

// The same cell in the terms of the code under test.
Policy PolicyOf(Precedence precedence);
FieldContext ContextOf(const Circumstances& now, Precedence precedence);
FieldRule RuleOf(const Spelling& spelling, Direction direction, bool one_way);

}  // namespace cosell::truth
