#include "mapping/lens.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "mapping/field_value.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

// Chance without surprise: the same values in every run.
class Chance {
 public:
  std::uint32_t Below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state_ >> 33) % limit;
  }

 private:
  std::uint64_t state_ = 20;
};

constexpr int kChanceValues = 40;

bool IsLensed(const FieldRule& rule) {
  const bool single = rule.type != FieldType::set && rule.type != FieldType::members &&
                      rule.type != FieldType::status && !rule.crm.starts_with('#');
  const bool formed = !rule.transforms.empty() || !rule.values.empty();
  return single && formed && rule.direction == Direction::both;
}

template <typename T>
const T* FindTransform(const FieldRule& rule) {
  for (const Transform& transform : rule.transforms) {
    if (const T* found = std::get_if<T>(&transform)) return found;
  }
  return nullptr;
}

void AddPairs(const std::map<std::string, std::string>& pairs, LensSamples* samples) {
  for (const auto& [word, label] : pairs) {
    samples->referral.emplace_back(word);
    samples->crm.push_back(label);
  }
}

// A closed vocabulary, and a word outside it where that has a meaning.
bool AddWords(const FieldRule& rule, LensSamples* samples) {
  if (rule.type == FieldType::choice) {
    AddPairs(rule.values, samples);
    return true;
  }
  const auto* map = FindTransform<ValueMap>(rule);
  if (map == nullptr) return false;
  AddPairs(map->to_crm, samples);
  if (map->crm_default) samples->referral.emplace_back("a word the map does not list");
  if (map->referral_default) samples->crm.emplace_back("a word the map does not list");
  return true;
}

std::string ChanceText(Chance* chance) {
  static const std::vector<std::string> kPieces = {"a", "Z",  "7", " ", "  ", "\n", "é", "Ω",
                                                   "Ж", "漢", "🚀", ";", ",",  "\"", "|", "ß"};
  std::string text;
  for (std::uint32_t i = chance->Below(30) + 1; i > 0; --i)
    text += kPieces[chance->Below(static_cast<std::uint32_t>(kPieces.size()))];
  return text;
}

void AddTexts(const FieldRule& rule, Chance* chance, LensSamples* samples) {
  const auto* limit = FindTransform<LengthLimit>(rule);
  std::vector<std::string> texts = {"x",
                                    "Yard planning pilot",
                                    " leading blank",
                                    "two  blanks",
                                    "Größe und Straße",
                                    "Ωμέγα Жук",
                                    "名前 🚀",
                                    "line one\nline two",
                                    "0042",
                                    "a;b, c|d \"e\""};
  if (limit != nullptr) {
    texts.push_back(std::string(limit->length_max, 'x'));
    texts.push_back(std::string(limit->length_max + 1, 'y'));
  }
  for (int i = 0; i < kChanceValues; ++i) texts.push_back(ChanceText(chance));
  for (const std::string& text : texts) {
    const Value canonical = NormalizeText(text);
    if (!canonical) continue;
    samples->referral.push_back(canonical);
    samples->crm.push_back(*canonical);
  }
}

void AddAmounts(const FieldRule& rule, Chance* chance, LensSamples* samples) {
  std::vector<std::string> amounts = {"0",        "0.01",          "1", "999.99", "84512.34",
                                      "12000000", "99999999999.99"};
  for (int i = 0; i < kChanceValues; ++i) {
    amounts.push_back(NormalizeDecimal(std::to_string(chance->Below(90'000'000)) + "." +
                                       std::to_string(chance->Below(90) + 10))
                          .value());
  }
  for (const std::string& amount : amounts) {
    samples->referral.emplace_back(amount);
    const auto* unit = FindTransform<UnitFactor>(rule);
    samples->crm.push_back(unit == nullptr ? amount : RoundDecimal(amount, unit->decimals));
  }
}

void AddDates(LensSamples* samples) {
  for (const char* date : {"1970-01-01", "2024-02-29", "2026-03-29", "2026-10-25", "2026-12-31"}) {
    samples->referral.emplace_back(date);
    samples->crm.push_back(std::string(date) + "T12:34:56Z");
  }
}

FieldRule WithoutTransforms(FieldRule rule) {
  rule.transforms.clear();
  return rule;
}

std::string Shown(const Value& value) { return value.value_or(""); }

// Decimals are equal whatever zeros they carry.
bool SameText(const FieldRule& rule, const std::string& a, const std::string& b) {
  if (a == b || NormalizeText(a) == NormalizeText(b)) return true;
  const bool words = !rule.values.empty() || FindTransform<ValueMap>(rule) != nullptr;
  if (words && EqualsIgnoreCase(Trim(a), Trim(b))) return true;
  return rule.type == FieldType::money && NormalizeDecimal(a) == NormalizeDecimal(b);
}

std::optional<LossyExample> LossOfReferral(const FieldRule& rule, const FieldRule& plain,
                                           const Value& value) {
  const Value back = ThroughCrm(rule, value);
  LossyExample loss{true, Shown(value), Shown(ToColumnText(rule, value)), Shown(back), false};
  if (ThroughCrm(rule, back) != back) {
    loss.restless = true;
    return loss;
  }
  if (rule.normalises || Agree(plain, value, back)) return std::nullopt;
  return loss;
}

std::optional<LossyExample> LossOfCrm(const FieldRule& rule, const std::string& text) {
  const Value value = FromColumnText(rule, text);
  const Value back = ToColumnText(rule, value);
  if (rule.normalises || SameText(rule, text, Shown(back))) return std::nullopt;
  return LossyExample{false, text, Shown(value), Shown(back), false};
}

}  // namespace

LensSamples GeneratedSamples(const FieldRule& rule) {
  LensSamples samples;
  Chance chance;
  if (!IsLensed(rule) || AddWords(rule, &samples)) return samples;
  switch (rule.type) {
    case FieldType::money:
      AddAmounts(rule, &chance, &samples);
      break;
    case FieldType::date:
      AddDates(&samples);
      break;
    case FieldType::boolean:
      samples.referral = {"true", "false"};
      break;
    case FieldType::code:
      samples.referral = {"EUR", "USD", "JPY"};
      samples.crm = {"EUR", "usd"};
      break;
    default:
      AddTexts(rule, &chance, &samples);
      break;
  }
  return samples;
}

std::optional<LossyExample> FindLoss(const FieldRule& rule, const LensSamples& samples) {
  if (!IsLensed(rule)) return std::nullopt;
  const FieldRule plain = WithoutTransforms(rule);
  for (const Value& value : samples.referral) {
    if (!value) continue;
    if (auto loss = LossOfReferral(rule, plain, value)) return loss;
  }
  for (const std::string& text : samples.crm) {
    if (text.empty()) continue;
    if (auto loss = LossOfCrm(rule, text)) return loss;
  }
  return std::nullopt;
}

std::string DescribeLoss(const LossyExample& loss, bool show_values) {
  const auto quoted = [&](const std::string& text) { return "\"" + text + "\""; };
  const std::string here = loss.from_referral ? "Partner Center" : "the CRM";
  const std::string there = loss.from_referral ? "the CRM" : "Partner Center";
  std::string text = loss.restless ? "never comes to rest: " : "is lossy: ";
  if (show_values) {
    text += quoted(loss.before) + " in " + here + " becomes " + quoted(loss.there) + " in " +
            there + " and comes back as " + quoted(loss.back);
  } else {
    text += "a value in " + here + " comes back changed from " + there;
  }
  if (loss.restless) return text + ", then changes once more; correct the transforms";
  return text +
         "; make the field one-way (\"direction\": \"to_crm\" or \"to_partner_center\"), or say "
         "\"lossy\": \"normalise\" if that is meant";
}

}  // namespace cosell
