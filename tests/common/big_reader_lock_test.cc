#include "common/big_reader_lock.h"

#include <atomic>
#include <cstdint>
#include <vector>

#include "common/parallel_for.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(BigReaderLockTest, NobodyReadsWhatIsBeingWritten) {
  constexpr uint32_t kReaders = 3, kWriters = 2;
  constexpr int kTimes = 20'000;
  BigReaderLock lock;
  std::vector<BigReaderLock::Reader*> readers;
  for (uint32_t i = 0; i < kReaders; ++i) readers.push_back(lock.NewReader());
  std::vector<uint64_t> same(64);  // All are equal but while they are written.
  std::atomic<uint32_t> writers{kWriters};
  std::atomic<uint64_t> torn{0};
  ParallelFor(kReaders + kWriters, kReaders + kWriters, [&](uint32_t, size_t i) {
    if (i < kWriters) {
      for (int time = 0; time < kTimes; ++time) {
        lock.Exclude([&] {
          for (uint64_t& number : same) ++number;
        });
      }
      --writers;
      return;
    }
    uint64_t before = 0;
    do {
      const ReadingLock reading(readers[i - kWriters]);
      for (const uint64_t number : same) torn += number != same.front() || number < before;
      before = same.front();
    } while (writers > 0);
  });
  EXPECT_EQ(torn, 0u);
  EXPECT_EQ(same.back(), uint64_t{kWriters} * kTimes);
}

TEST(BigReaderLockTest, ReadersDoNotWaitForEachOther) {
  BigReaderLock lock;
  const ReadingLock first(lock.NewReader()), second(lock.NewReader());
}

}  // namespace
}  // namespace kindred
