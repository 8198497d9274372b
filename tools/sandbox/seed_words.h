#pragma once

#include <array>
#include <string_view>

// The vocabulary of the seed. Every name is invented.
namespace cosell::sandbox {

struct SeedPlace {
  const char* city;
  const char* street;
  const char* state;  // may be empty
  const char* postal_code;
  const char* country;
  const char* currency;
  const char* phone;  // prefix
};

extern const std::array<SeedPlace, 20> kPlaces;
extern const std::array<const char*, 24> kCompanies;
extern const std::array<const char*, 10> kCompanyKinds;
extern const std::array<const char*, 20> kSubjects;
extern const std::array<const char*, 16> kEfforts;
extern const std::array<const char*, 20> kFirstNames;
extern const std::array<const char*, 20> kLastNames;
extern const std::array<const char*, 12> kNotes;
extern const std::array<std::array<const char*, 2>, 8> kSolutions;  // id, name
extern const std::array<const char*, 6> kHelpLabels;
extern const std::array<const char*, 6> kSizes;
extern const std::array<const char*, 6> kIndustries;
extern const std::array<const char*, 6> kLostReasons;

// The API's assistanceRequestCode of a help label (cosell-field-mapping.md 7.4).
std::string_view HelpCode(std::string_view label);

}  // namespace cosell::sandbox
