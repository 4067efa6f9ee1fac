#include "index/rank/ordered_blocks.h"

#include <pthread.h>

#include <atomic>
#include <numeric>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

TEST(RunBlocksTest, TakesEveryResultInOrderWhateverTheThreads) {
  for (const uint32_t threads : {1u, 2u, 3u, 7u}) {
    for (const uint32_t blocks : {0u, 1u, 2u, 500u}) {
      std::vector<uint32_t> taken, want(blocks);
      std::iota(want.begin(), want.end(), 0U);
      ASSERT_OK(RunBlocks<uint32_t>(
          blocks, threads,
          [&](uint32_t worker, uint32_t block) -> absl::StatusOr<uint32_t> {
            EXPECT_LT(worker, threads);
            return block;
          },
          [&](uint32_t result) {
            taken.push_back(result);
            return absl::OkStatus();
          }));
      EXPECT_EQ(taken, want) << threads;
    }
  }
}

TEST(RunBlocksTest, WithoutAThreadToBeHadItAllRunsHere) {
  pthread_attr_t before, greedy;
  ASSERT_EQ(::pthread_getattr_default_np(&before), 0);
  ASSERT_EQ(::pthread_attr_init(&greedy), 0);
  ASSERT_EQ(::pthread_attr_setstacksize(&greedy, size_t{1} << 48), 0);  // More than there are addresses.
  ASSERT_EQ(::pthread_setattr_default_np(&greedy), 0);
  uint32_t taken = 0;
  const absl::Status status = RunBlocks<uint32_t>(
      10, 3, [&](uint32_t, uint32_t block) -> absl::StatusOr<uint32_t> { return block; },
      [&](uint32_t block) {
        EXPECT_EQ(block, taken++);
        return absl::OkStatus();
      });
  ::pthread_setattr_default_np(&before);
  EXPECT_OK(status);
  EXPECT_EQ(taken, 10u);
}

TEST(RunBlocksTest, FewResultsWait) {
  std::atomic<int> made = 0;
  int taken = 0;
  ASSERT_OK(RunBlocks<int>(
      1000, 3, [&](uint32_t, uint32_t) -> absl::StatusOr<int> { return ++made; },
      [&](int) {
        EXPECT_LE(made - taken, 4 * 3 + 1);
        ++taken;
        return absl::OkStatus();
      }));
  EXPECT_EQ(taken, 1000);
}

TEST(RunBlocksTest, FirstErrorOfAWorkerStopsTheWorkAndIsReturned) {
  for (const uint32_t threads : {1u, 2u, 5u}) {
    std::atomic<uint32_t> last = 0;
    uint32_t taken = 0;
    const absl::Status status = RunBlocks<uint32_t>(
        100000, threads,
        [&](uint32_t, uint32_t block) -> absl::StatusOr<uint32_t> {
          last = block;
          if (block >= 40) return absl::InternalError("block " + std::to_string(block));
          return block;
        },
        [&](uint32_t) {
          ++taken;
          return absl::OkStatus();
        });
    EXPECT_EQ(status, absl::InternalError("block 40")) << threads;
    EXPECT_EQ(taken, 40u);
    EXPECT_LT(last, 100u);
  }
}

TEST(RunBlocksTest, AnErrorOfTheTakerStopsTheWork) {
  for (const uint32_t threads : {1u, 3u}) {
    std::atomic<uint32_t> last = 0;
    const absl::Status status = RunBlocks<uint32_t>(
        100000, threads,
        [&](uint32_t, uint32_t block) -> absl::StatusOr<uint32_t> {
          last = block;
          return block;
        },
        [&](uint32_t block) { return block == 7 ? absl::ResourceExhaustedError("full") : absl::OkStatus(); });
    EXPECT_EQ(status, absl::ResourceExhaustedError("full"));
    EXPECT_LT(last, 100u);
  }
}

}  // namespace
}  // namespace kindred
