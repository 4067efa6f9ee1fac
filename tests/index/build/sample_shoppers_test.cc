#include "index/build/sample_shoppers.h"

#include <algorithm>
#include <map>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

class SampleShoppersTest : public ::testing::Test {
 protected:
  static constexpr int kVisits = 20000;

  const SampleOptions options_{.rows = 100'000, .seed = 1};
  const SampleCatalogue catalogue_{SampleMarket::kTaiwan, options_.rows, options_.seed};
  SampleShoppers shoppers_{options_.rows, options_.seed, catalogue_};
};

TEST_F(SampleShoppersTest, AVisitIsOneUsersInOrderOfTime) {
  for (int i = 0; i < kVisits; ++i) {
    const std::vector<SampleRow> visit = shoppers_.Visit(1000);
    ASSERT_FALSE(visit.empty());
    EXPECT_EQ(visit[0].time_ms, 1000);
    for (size_t k = 0; k < visit.size(); ++k) {
      EXPECT_EQ(visit[k].user, visit[0].user);
      EXPECT_LT(visit[k].user, shoppers_.users());
      EXPECT_EQ(visit[k].item != 0, !visit[k].action.empty());
      EXPECT_FALSE(visit[k].query.empty());
      if (k > 0) {
        EXPECT_GE(visit[k].time_ms, visit[k - 1].time_ms);
        EXPECT_LT(visit[k].time_ms - visit[k - 1].time_ms, 1'800'000) << "a gap that splits the session";
      }
    }
  }
}

TEST_F(SampleShoppersTest, VisitsHoldTwoAndAHalfSearchesOfWhichThreeInFiveLeadToAClick) {
  double searches = 0, clicked = 0;
  for (int i = 0; i < kVisits; ++i) {
    std::map<int64_t, bool> by_time;  // A search is one time; half-typed ones come on top.
    for (const SampleRow& row : shoppers_.Visit(0)) by_time[row.time_ms] |= row.item != 0;
    searches += static_cast<double>(by_time.size());
    clicked += static_cast<double>(std::count_if(by_time.begin(), by_time.end(), [](auto& s) { return s.second; }));
  }
  EXPECT_NEAR(searches / kVisits, 2.5 * 1.045, 0.06);
  EXPECT_NEAR(clicked / searches, 0.6 / 1.045, 0.02);
}

TEST_F(SampleShoppersTest, FewUsersAreBusyAndNoneIsARobot) {
  std::map<uint64_t, int> visits;
  for (int i = 0; i < kVisits; ++i) ++visits[shoppers_.Visit(0)[0].user];
  std::vector<int> counts;
  for (const auto& [user, count] : visits) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  int top_tenth = 0;
  for (size_t i = 0; i < shoppers_.users() / 10; ++i) top_tenth += counts[i];
  EXPECT_GT(top_tenth, kVisits / 4);
  EXPECT_LT(counts[0], 900);  // Ten visits a day.
}

TEST_F(SampleShoppersTest, NamesOfOneProductLeadToTheSameItems) {
  std::map<std::string, std::set<uint64_t>> items;
  for (int i = 0; i < 10 * kVisits; ++i) {
    for (const SampleRow& row : shoppers_.Visit(0)) {
      if (row.item != 0) items[row.query].insert(row.item);
    }
  }
  const auto shared = [&](const std::string& a, const std::string& b) {
    std::vector<uint64_t> both;
    std::set_intersection(items[a].begin(), items[a].end(), items[b].begin(), items[b].end(), std::back_inserter(both));
    return both.size();
  };
  EXPECT_GE(shared("airpods pro", "airpods pro 2"), 10u);
  EXPECT_LT(shared("airpods pro", "貓砂"), 7u) << "only what the front page offers";
}

}  // namespace
}  // namespace kindred
