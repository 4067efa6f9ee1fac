#include "common/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(ParallelForTest, DoesEachPartOnceWhateverTheThreads) {
  for (const uint32_t threads : {1, 2, 5}) {
    for (const size_t count : {0, 1, 3, 1000}) {
      std::vector<std::atomic<int>> done(count);
      std::vector<size_t> by_worker(threads);  // Not atomic: a worker is one thread.
      ParallelFor(threads, count, [&](uint32_t worker, size_t i) {
        ++done[i];
        ++by_worker.at(worker);
      });
      EXPECT_TRUE(std::all_of(done.begin(), done.end(), [](const auto& n) { return n == 1; })) << threads;
      size_t sum = 0;
      for (const size_t n : by_worker) sum += n;
      EXPECT_EQ(sum, count);
    }
  }
}

}  // namespace
}  // namespace kindred
