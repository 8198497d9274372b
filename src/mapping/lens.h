#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mapping/mapping.h"

// The lens check: does a field's value come back as it was? Pure. Only fields that go both ways
// while two records exist are held to it; what goes one way cannot lose anything of the side it
// comes from.
namespace cosell {

// Values a field is tried with: canonical ones of the referral, and texts of the CRM column.
struct LensSamples {
  std::vector<Value> referral;
  std::vector<std::string> crm;
};

// A value that does not come back.
struct LossyExample {
  bool from_referral = true;  // else from the CRM
  std::string before;
  std::string there;  // on the other side
  std::string back;
  bool restless = false;  // a second time it changes again: such a field never comes to rest
};

// Edges, limits, alphabets and chance values that fit the field; the same at every call.
LensSamples GeneratedSamples(const FieldRule& rule);

// The first sample that is lost although the mapping does not say that it may be, or that never
// comes to rest.
std::optional<LossyExample> FindLoss(const FieldRule& rule, const LensSamples& samples);

// "is lossy: \"84512.34\" in Partner Center becomes ... in the CRM and comes back as ...; ...".
// `show_values` false: the values are somebody's and are not repeated.
std::string DescribeLoss(const LossyExample& loss, bool show_values);

}  // namespace cosell
