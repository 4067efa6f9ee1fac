#include "index/lookup/candidate_sweep.h"

#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

TEST(CandidateSweepTest, FindsWhatReachesTheThresholdAndClearsAll) {
  for (const auto sweep : {SweepCandidates, SweepCandidatesPortable}) {
    std::vector<uint16_t> accumulators(2 * kSweepBlock, 6);
    accumulators[0] = 7;
    accumulators[5] = 0xFFFF;
    accumulators[2 * kSweepBlock - 1] = 8;
    std::vector<uint32_t> candidates = {1};
    sweep(accumulators.data(), accumulators.size(), 7, candidates);
    EXPECT_THAT(candidates, ElementsAre(1, 7 << 16 | 0xFFFF, 0xFFFFU << 16 | (0xFFFF - 5),
                                        8 << 16 | (0xFFFF - (2 * kSweepBlock - 1))));
    EXPECT_THAT(accumulators, Each(0));
  }
}

TEST(CandidateSweepTest, BothPathsAgree) {
  std::minstd_rand random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<uint16_t> accumulators(0x10000);
    for (uint16_t& value : accumulators) value = static_cast<uint16_t>(random() >> (round % 16));
    std::vector<uint16_t> copy = accumulators;
    const auto threshold = static_cast<uint16_t>(1 + random() % 0xFFFF);
    std::vector<uint32_t> fast;
    std::vector<uint32_t> portable;
    SweepCandidates(accumulators.data(), accumulators.size(), threshold, fast);
    SweepCandidatesPortable(copy.data(), copy.size(), threshold, portable);
    EXPECT_EQ(fast, portable) << "threshold " << threshold;
    EXPECT_EQ(accumulators, copy);
  }
}

}  // namespace
}  // namespace kindred
