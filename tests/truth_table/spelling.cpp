#include <nlohmann/json.hpp>

#include "mapping/read_record.h"
#include "support/test_mapping.h"
#include "truth_table/cell.h"

namespace cosell::truth {
namespace {

using Json = nlohmann::json;
// Two ways to write one letter, for the letters none, a, b, c in turn.
using Spellings = std::vector<std::pair<Json, Json>>;

const Mapping& TestMapping() {
  static const Mapping mapping = BoundTestMapping();
  return mapping;
}

Value ReadPartnerCenter(FieldIndex field, const Json& raw) {
  Json referral = Json::object();
  referral[Json::json_pointer(TestMapping().fields[field].pointer)] = raw;
  return RecordFromReferral(TestMapping(), referral.dump())->values[field];
}

Value ReadCrm(FieldIndex field, const Json& raw) {
  const Json row = {{TestMapping().fields[field].crm, raw}};
  return RecordFromCrm(TestMapping(), row.dump(), "c1")->values[field];
}

Spelling Read(const std::string& name, const std::string& field, const Spellings& partner_center,
              const Spellings& crm) {
  Spelling spelling;
  spelling.name = name;
  const FieldIndex index = *TestMapping().Find(field);
  spelling.rule = TestMapping().fields[index];
  spelling.letters = partner_center.size();
  const bool may_be_empty = spelling.rule.type == FieldType::boolean || field == "notes";
  spelling.accepted[Index(Letter::none)] = may_be_empty;
  for (std::size_t i = 0; i < spelling.letters; ++i) {
    spelling.partner_center_base[i] = ReadPartnerCenter(index, partner_center[i].first);
    spelling.partner_center[i] = ReadPartnerCenter(index, partner_center[i].second);
    spelling.crm_base[i] = ReadCrm(index, crm[i].first);
    spelling.crm[i] = ReadCrm(index, crm[i].second);
  }
  return spelling;
}

// Contract section 6.4: null and "" are one, trailing blanks and line ends do not count; capitals
// do.
Spelling Notes() {
  return Read("text", "notes",
              {{nullptr, ""},
               {"Two yards.\r\nOne gate.", "Two yards.\nOne gate. \n"},
               {"Four yards.", "Four yards.   "},
               {"four yards.", "four yards."}},
              {{"", nullptr},
               {"Two yards.\nOne gate.", "Two yards.\r\nOne gate.\r\n"},
               {"Four yards.", "Four yards. "},
               {"four yards.\n", "four yards."}});
}

// A text that happens to read like a switch is a text.
Spelling SwitchWords() {
  const Spellings same = {{nullptr, ""}, {"false", "false "}, {"true", "true"}, {"0", "0"}};
  return Read("switch words", "notes", same, same);
}

// The CRM's column holds 2000 units: a and c of Partner Center look the same in it. The cut of b
// falls behind a blank, which the CRM drops. The CRM's c is a with its last 50 letters deleted.
Spelling LongNotes() {
  const std::string full(2000, 'y');
  const std::string with_blank(1999, 'z');
  const std::string shortened = full.substr(50);
  Spelling spelling = Read(
      "long text", "notes",
      {{nullptr, ""},
       {full + " and a gate", full + " and a gate\r\n"},
       {with_blank + " gate", with_blank + " gate"},
       {full + " and a fence", full + " and a fence "}},
      {{nullptr, ""}, {full, full}, {with_blank + " ", with_blank}, {shortened, shortened + " "}});
  spelling.meaning = {0, 1, 2, 1};
  spelling.stored = spelling.crm_stored = {0, 1, 2, 1};
  return spelling;
}

// All of these fit into the column: nothing is cut, so what is longer is another text.
Spelling NearlyFullNotes() {
  const std::string almost(1950, 'y');
  const Spellings same = {{nullptr, ""},
                          {almost, almost},
                          {almost + " gate", almost + " gate "},
                          {almost + " gate and fence", almost + " gate and fence"}};
  return Read("nearly full text", "notes", same, same);
}

// The mark in front of the name is ours and is no part of the value.
Spelling MarkedName() {
  return Read("marked name", "name",
              {{"", nullptr}, {"Yard plan", "Yard plan "}, {"Gate", "Gate"}, {"Dock", "Dock"}},
              {{nullptr, "\u2713 "},
               {"\u2713 Yard plan", "\u2717 Yard plan"},
               {"Gate", "\u2714\uFE0F  Gate"},
               {"\u274C Dock", "Dock"}});
}

// Numbers, numbers in quotes, trailing zeros, exponents. Partner Center takes no deal value of 0.
Spelling Money() {
  Spelling spelling =
      Read("money", "deal_value",
           {{nullptr, ""}, {84500, "84500.00"}, {"8.45001e6", 8450010}, {0, "0.00"}},
           {{nullptr, nullptr}, {84500.0, 84500}, {8450010.0, "8450010.0000"}, {0.0, 0}});
  spelling.accepted[Index(Letter::c)] = false;
  return spelling;
}

// Cents are part of the value, also where the other side has none; b may have been rounded to a, c
// to neither.
Spelling Cents() {
  const Spellings same = {
      {nullptr, nullptr}, {84500, 84500.0}, {84500.4, "84500.40"}, {84501.45, 84501.45}};
  Spelling spelling = Read("cents", "deal_value", same, same);
  spelling.stored = spelling.crm_stored = {0, 1, 1, 3};
  return spelling;
}

// The currency has two decimals and the CRM keeps no more: a and c of Partner Center are one there.
Spelling RoundedMoney() {
  Spelling spelling = Read(
      "rounded money", "deal_value",
      {{nullptr, ""}, {"84500.126", 84500.126}, {"91000", 91000}, {"84500.134", 84500.134}},
      {{nullptr, nullptr}, {84500.13, "84500.1300"}, {91000.0, "91000.00"}, {500.01, "500.010"}});
  spelling.meaning = {0, 1, 2, 1};
  spelling.crm_stored[Index(Letter::c)] = 4;
  return spelling;
}

Spelling CurrencyCode() {
  const Spellings same = {{nullptr, ""}, {"EUR", "EUR"}, {"USD", "USD"}, {"SEK", "SEK"}};
  return Read("code", "currency", same, same);
}

// The UTC date of a timestamp on one side, a calendar date on the other; never corrected for a
// zone.
Spelling Date() {
  return Read("date", "closing_date",
              {{nullptr, ""},
               {"2026-09-30T00:00:00Z", "2026-09-30T23:59:59.9999999Z"},
               {"2026-10-01T03:30:00+02:00", "2026-09-30T23:30:00-01:00"},
               {"2026-12-15T00:00:00Z", "2026-12-15"}},
              {{nullptr, ""},
               {"2026-09-30", "2026-09-30T00:00:00Z"},
               {"2026-10-01", "2026-10-01"},
               {"2026-12-15", "2026-12-15"}});
}

// A switch nobody touched is off.
Spelling Switch() {
  const Spellings same = {{nullptr, nullptr}, {true, true}, {false, false}};
  Spelling spelling = Read("boolean", "visibility", same, same);
  spelling.meaning = spelling.crm_meaning = {0, 1, 0, 3};
  return spelling;
}

// "Unknown" and missing are equal; labels are compared whatever their capitals.
Spelling Choice(bool through_microsoft) {
  Spelling spelling = Read(through_microsoft ? "help" : "choice", "help",
                           {{"Unknown", nullptr},
                            {"ProofOfConceptOrDemo", "ProofOfConceptOrDemo"},
                            {"GeneralOrOther", "GeneralOrOther"},
                            {"QuotesOrLicensing", "QuotesOrLicensing"}},
                           {{nullptr, ""},
                            {"Proof Of Concept or Demo", "Proof Of Concept Or Demo"},
                            {"General or Other", "general or other"},
                            {"Quotes or Licensing", "QUOTES OR LICENSING"}});
  spelling.rule.connected_referral = through_microsoft;
  return spelling;
}

// The CRM's own id, kept in externalReferenceId.
Spelling OwnId() {
  Spelling spelling = Notes();
  spelling.name = "own id";
  spelling.rule.name = kFieldCrmId;
  spelling.is_own_id = true;
  return spelling;
}

// Ids in any order and any capitals; the letters a and b are one solution each, c is both.
Spelling Solutions() {
  const auto solution = [](const char* id) { return Json{{"id", id}, {"type", "Name"}}; };
  const Json one = solution("SOL-1-AAA"), other = solution("SOL-2-BBB");
  Spelling spelling = Read("set", "solutions",
                           {{nullptr, Json::array()},
                            {Json::array({one}), Json::array({solution("sol-1-aaa"), one})},
                            {Json::array({other}), Json::array({solution("Sol-2-Bbb")})},
                            {Json::array({one, other}), Json::array({other, one})}},
                           {{nullptr, ""},
                            {"SOL-1-AAA", "sol-1-aaa;"},
                            {"SOL-2-BBB", "SOL-2-BBB, sol-2-bbb"},
                            {"SOL-1-AAA, SOL-2-BBB", "sol-2-bbb;SOL-1-AAA"}});
  spelling.is_set = true;
  return spelling;
}

}  // namespace

std::vector<Spelling> AllSpellings() {
  return {Notes(),  SwitchWords(), LongNotes(),    NearlyFullNotes(), MarkedName(),
          Money(),  Cents(),       RoundedMoney(), CurrencyCode(),    Date(),
          Switch(), Choice(false), Choice(true),   OwnId(),           Solutions()};
}

}  // namespace cosell::truth
