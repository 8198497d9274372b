#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <random>

#include "mapping/read_record.h"
#include "mapping/render.h"
#include "support/test_mapping.h"

// A close date is a date by meaning: whatever zone the machine is in, it never moves by a day on
// its way (contract cosell-field-mapping.md section 6.4).
namespace cosell {
namespace {

using Json = nlohmann::json;

// The process is in a zone this many minutes east of Greenwich.
class Zone {
 public:
  explicit Zone(int minutes) {
    const char* before = std::getenv("TZ");
    if (before != nullptr) before_ = before;
    char name[32];
    // POSIX counts westward.
    std::snprintf(name, sizeof name, "<ZON>%c%02d:%02d", minutes > 0 ? '-' : '+',
                  std::abs(minutes) / 60, std::abs(minutes) % 60);
    Set(name);
  }
  ~Zone() { Set(before_.c_str()); }

 private:
  static void Set(const char* name) {
#ifdef _WIN32
    _putenv_s("TZ", name);
    _tzset();
#else
    setenv("TZ", name, 1);
    tzset();
#endif
  }
  std::string before_;
};

std::string DayOf(int number) {
  using namespace std::chrono;
  const year_month_day day(sys_days(year(1999) / January / 1) + days(number));
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

class ZonesTest : public testing::Test {
 protected:
  // To the CRM and back, as a referral has it and as a column has it.
  void RoundTrip(const std::string& day, const std::string& stamp) {
    const FieldIndex date = mapping_.Find("closing_date").value();
    const Json referral = {{"details", {{"closingDateTime", stamp}}}};
    const auto in = RecordFromReferral(mapping_, referral.dump());
    ASSERT_EQ(in->values[date], Value(day)) << stamp;
    const auto columns = RenderColumns(mapping_, {{date, in->values[date]}}, "{}", "{}", "");
    ASSERT_EQ(columns.front().second, Json(day).dump());
    const Json record = {{mapping_.fields[date].crm, day}};
    const auto back = RecordFromCrm(mapping_, record.dump(), "c1");
    ASSERT_EQ(back->values[date], Value(day));
    const Json patch =
        Json::parse(RenderPatch(mapping_, {{date, back->values[date]}}, "{}", "{}", "", {}));
    ASSERT_EQ(patch[0]["value"], day + "T00:00:00Z");
  }

  const Mapping mapping_ = BoundTestMapping();
};

TEST_F(ZonesTest, ACloseDateIsTheSameDayInEveryZone) {
  std::mt19937 chance(11);
  for (int minutes = -12 * 60; minutes <= 14 * 60; minutes += 15) {
    const Zone zone(minutes);
    std::time_t noon = 946728000;  // 2000-01-01T12:00:00Z
    ASSERT_EQ(std::localtime(&noon)->tm_hour, (12 * 60 + minutes + 1440) / 60 % 24)
        << "the zone is not in force";
    for (int i = 0; i < 40; ++i) {
      const std::string day = DayOf(static_cast<int>(chance() % 18'000));
      RoundTrip(day, day + "T00:00:00Z");
      RoundTrip(day, day + "T00:00:00.0000000Z");
    }
  }
}

// What the portal of a partner far in the east or west leaves there.
TEST_F(ZonesTest, AStampWithAnotherTimeCountsByItsDayInUtc) {
  for (const int minutes : {-720, 0, 345, 840}) {
    const Zone zone(minutes);
    RoundTrip("2026-09-30", "2026-09-30T23:59:59Z");
    RoundTrip("2026-09-30", "2026-10-01T01:00:00+02:00");
  }
}

}  // namespace
}  // namespace cosell
