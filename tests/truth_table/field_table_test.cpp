#include <gtest/gtest.h>

#include <array>
#include <iostream>

#include "truth_table/disagreements.h"
#include "truth_table/field_oracle.h"

namespace cosell::truth {
namespace {

using Kind = FieldDecision::Kind;

std::string_view ToText(Kind kind) {
  switch (kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::settle:
      return "settle";
    case Kind::to_partner_center:
      return "to_partner_center";
    case Kind::to_crm:
      return "to_crm";
    case Kind::to_both:
      return "to_both";
    case Kind::conflict:
      return "conflict";
    case Kind::wait:
      return "wait";
    case Kind::ask_help:
      return "ask_help";
  }
  return "?";
}

std::string ToText(const std::optional<Side>& side) {
  return side ? std::string(ToString(*side)) : "nobody";
}

std::optional<Value> BaseOf(const std::array<Value, 4>& letters, Letter base) {
  if (base == Letter::unknown) return std::nullopt;
  return letters[Index(base)];
}

FieldDecision Decide(const Cell& cell, const FieldRule& rule, const FieldContext& context,
                     const Policy& policy) {
  const Spelling& spelling = *cell.spelling;
  return DecideField(rule, spelling.partner_center[Index(cell.partner_center)],
                     spelling.crm[Index(cell.crm)],
                     BaseOf(spelling.partner_center_base, cell.base_partner_center),
                     BaseOf(spelling.crm_base, cell.base_crm), context, policy);
}

bool WritesCrm(Kind kind) { return kind == Kind::to_crm || kind == Kind::to_both; }
bool WritesPartnerCenter(Kind kind) {
  return kind == Kind::to_partner_center || kind == Kind::to_both;
}

// A value taken from one side is written as that side has it; what nobody has any more (a merged
// set, help put back) is written as the base had it.
bool IsSpelled(Letter letter, const Value& written, const Spelling& spelling) {
  return written == spelling.partner_center[Index(letter)] ||
         written == spelling.crm[Index(letter)];
}
bool SameValues(const Cell& cell, const FieldExpectation& expected, const FieldDecision& got) {
  if (WritesCrm(got.kind) && !IsSpelled(*expected.written_to_crm, got.crm_value, *cell.spelling)) {
    return false;
  }
  return !WritesPartnerCenter(got.kind) ||
         IsSpelled(*expected.written_to_partner_center, got.partner_center_value, *cell.spelling);
}

// "settle" to what the base says already moves nothing.
Kind KindOf(const Cell& cell, const FieldDecision& got) {
  const bool base_says_so =
      cell.partner_center == cell.base_partner_center && cell.crm == cell.base_crm;
  return got.kind == Kind::settle && base_says_so ? Kind::nothing : got.kind;
}

void Compare(const Cell& cell, const FieldExpectation& expected, const FieldDecision& got,
             Disagreements* found) {
  std::string finding;
  if (const Kind kind = KindOf(cell, got); expected.kind != kind) {
    finding =
        "expected " + std::string(ToText(expected.kind)) + ", got " + std::string(ToText(kind));
  } else if (!SameValues(cell, expected, got)) {
    finding = "another value is written";
  } else if (expected.loser != got.loser) {
    finding = "loser: expected " + ToText(expected.loser) + ", got " + ToText(got.loser);
  } else if (expected.put_back != got.put_back) {
    finding = std::string("put back: expected ") + (expected.put_back ? "yes" : "no");
  } else {
    return;
  }
  const bool taken_for_one = got.rule == "agree" && expected.rule != "found equal";
  if (taken_for_one) finding = "two different values are taken for one";
  found->Add(taken_for_one
                 ? finding
                 : std::string(expected.rule) + ": " + finding + " by rule '" + got.rule + "'",
             [&] { return Describe(cell); });
}

template <typename Visit>
void ForEachValue(const Spelling& spelling, Cell cell, Visit visit) {
  const auto in_domain = [&](Letter letter) {
    return static_cast<int>(letter) < static_cast<int>(spelling.letters);
  };
  for (const Letter base_partner_center : kBases) {
    for (const Letter base_crm : kBases) {
      for (const Letter partner_center : kHeld) {
        for (const Letter crm : kHeld) {
          if (!in_domain(base_partner_center) || !in_domain(base_crm) ||
              !in_domain(partner_center) || !in_domain(crm)) {
            continue;
          }
          cell.base_partner_center = base_partner_center;
          cell.base_crm = base_crm;
          cell.partner_center = partner_center;
          cell.crm = crm;
          visit(cell);
        }
      }
    }
  }
}

// A field that is off is dropped before any deciding.
constexpr std::array<Direction, 3> kDirections = {Direction::both, Direction::to_crm,
                                                  Direction::to_partner_center};

class FieldTableTest : public testing::TestWithParam<Spelling> {};

TEST_P(FieldTableTest, EveryCell) {
  const Spelling& spelling = GetParam();
  const auto circumstances = AllCircumstances();
  Disagreements found;
  std::size_t cells = 0;
  for (const Direction direction : kDirections) {
    for (const bool one_way : {false, true}) {
      if (one_way && spelling.is_set) continue;  // no mapping says so: a set merges by elements
      const FieldRule rule = RuleOf(spelling, direction, one_way);
      for (const Precedence precedence : kPrecedences) {
        const Policy policy = PolicyOf(precedence);
        for (const Circumstances& now : circumstances) {
          const FieldContext context = ContextOf(now, precedence);
          ForEachValue(
              spelling, {&spelling, direction, one_way, precedence, now}, [&](const Cell& cell) {
                ++cells;
                Compare(cell, ExpectField(cell), Decide(cell, rule, context, policy), &found);
              });
        }
      }
    }
  }
  std::cout << spelling.name << ": " << cells << " cells\n";
  EXPECT_TRUE(found.empty()) << found.Report();
}

// A difference somebody chose, and one that was repaired before and came back, are left alone.
TEST_P(FieldTableTest, WhatIsLeftApartOrComesBackIsNotWritten) {
  const Spelling& spelling = GetParam();
  Disagreements found;
  for (const Precedence precedence : kPrecedences) {
    FieldContext apart = ContextOf({}, precedence), repaired = apart;
    apart.settled_apart = true;
    repaired.written_to_crm = repaired.written_to_partner_center = true;
    for (const Direction direction : kDirections) {
      const FieldRule rule = RuleOf(spelling, direction, false);
      ForEachValue(spelling, {&spelling, direction, false, precedence, {}}, [&](const Cell& cell) {
        if (cell.partner_center != cell.base_partner_center || cell.crm != cell.base_crm) return;
        for (const FieldContext& context : {apart, repaired}) {
          const Kind kind = Decide(cell, rule, context, PolicyOf(precedence)).kind;
          if (WritesCrm(kind) || WritesPartnerCenter(kind)) {
            found.Add("written", [&] { return Describe(cell); });
          }
        }
      });
    }
  }
  EXPECT_TRUE(found.empty()) << found.Report();
}

// Contract section 6.4: what the normaliser ignores makes no other value.
TEST_P(FieldTableTest, TwoSpellingsAreOneValue) {
  const Spelling& spelling = GetParam();
  for (std::size_t i = 0; i < spelling.letters; ++i) {
    EXPECT_EQ(spelling.partner_center_base[i], spelling.partner_center[i]) << "letter " << i;
    EXPECT_EQ(spelling.crm_base[i], spelling.crm[i]) << "letter " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, FieldTableTest, testing::ValuesIn(AllSpellings()),
                         [](const auto& info) {
                           std::string name = info.param.name;
                           for (char& c : name) {
                             if (c == ' ') c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace cosell::truth
