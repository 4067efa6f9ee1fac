#include "index/build/sample_noise.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(JunkQueryTest, MostOfItIsSharedAndTheRestVaries) {
  const std::vector<std::string> common = CommonJunk();
  const std::set<std::string> shared(common.begin(), common.end());
  SampleRandom random(1);
  std::set<std::string> rare;
  int often = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string junk = JunkQuery(random);
    if (shared.count(junk) > 0) {
      ++often;
    } else {
      rare.insert(junk);
    }
  }
  EXPECT_NEAR(often, 600, 60);
  EXPECT_GT(rare.size(), 280u);
}

TEST(JunkQueryTest, NobodyIsCalledByItsPhoneNumbers) {
  SampleRandom random(1);
  std::set<std::string> numbers;
  for (int i = 0; i < 10'000; ++i) {
    const std::string junk = JunkQuery(random);
    if (junk.substr(0, 2) == "09") numbers.insert(junk);
  }
  EXPECT_THAT(numbers, ::testing::ElementsAre("0900-000-000", "0911-111-111", "0912-345-678", "0987-654-321"));
}

TEST(RobotDaysTest, AFortiethOfTheRowsOnDaysThatEndInTime) {
  for (const uint64_t rows : {1ull, 1000ull, 100'000ull, 1'000'000ull, 10'000'000ull}) {
    SampleRandom random(1);
    uint64_t searches = 0;
    int64_t last_start_ms = 0;
    for (const RobotDay& day : RobotDays(rows, 90, 500, random)) {
      searches += day.searches;
      EXPECT_LE(last_start_ms, day.start_ms);
      last_start_ms = day.start_ms;
      EXPECT_LT(day.start_ms + static_cast<int64_t>(day.searches) * day.gap_ms, int64_t{90} * 86'400'000);
      EXPECT_LT(day.first_query, 500u);
      EXPECT_GE(day.searches, rows >= 100'000 ? 2000u : 0u);
      EXPECT_LT(day.searches, 4000u);
    }
    EXPECT_EQ(searches, rows / 40);
  }
}

}  // namespace
}  // namespace kindred
