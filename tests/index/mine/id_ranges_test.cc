#include "index/mine/id_ranges.h"

#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(IdRangesTest, RangesAscendAndCarryAboutTheSame) {
  std::vector<uint64_t> weights;
  for (uint64_t i = 0; i < 1000; ++i) weights.push_back(i % 10);
  const IdRanges ranges(weights, 8);
  EXPECT_LE(ranges.ranges(), 8u);
  std::vector<uint64_t> sums(8);
  for (uint32_t id = 0; id < weights.size(); ++id) {
    EXPECT_GE(ranges[id], id == 0 ? 0 : ranges[id - 1]);
    sums.at(ranges[id]) += weights[id] + 1;
  }
  for (const uint64_t sum : sums) EXPECT_NEAR(static_cast<double>(sum), 5500. / 8, 11);
}

TEST(IdRangesTest, AHotIdDoesNotLeaveTheRange) {
  const std::vector<uint64_t> weights = {1, 1'000'000, 1, 1};
  const IdRanges ranges(weights, 4);
  for (uint32_t id = 0; id < weights.size(); ++id) EXPECT_LT(ranges[id], ranges.ranges());
  EXPECT_LE(ranges.ranges(), 4u);
}

TEST(IdRangesTest, NoIdsAreOneRange) { EXPECT_EQ(IdRanges({}, 8).ranges(), 1u); }

TEST(PartitionsForTest, GrowsWithTheRecordsWithinBounds) {
  EXPECT_EQ(PartitionsFor(0, UINT64_MAX), 1u);
  EXPECT_EQ(PartitionsFor(16'384, UINT64_MAX), 1u);
  EXPECT_EQ(PartitionsFor(16'385, UINT64_MAX), 2u);
  EXPECT_EQ(PartitionsFor(UINT64_MAX / 2, UINT64_MAX), 4096u);
  EXPECT_EQ(PartitionsFor(UINT64_MAX / 2, 100), 64u);
  EXPECT_EQ(PartitionsFor(UINT64_MAX / 2, 0), 1u);
}

}  // namespace
}  // namespace kindred
