// Counters that every call adds to, on any number of cores, without the cores waiting for one another.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kindred {

// `count` counters, numbered from 0. Each thread adds to one of a few copies, which reading sums up. Thread-safe,
// without a lock.
class ShardedCounters {
 public:
  explicit ShardedCounters(size_t count) {
    for (Shard& shard : shards_) shard = Shard((count + kPerLine - 1) / kPerLine);
  }

  // REQUIRES: counter < count.
  void Add(size_t counter, uint64_t amount = 1) {
    Line& line = shards_[ThreadShard()][counter / kPerLine];
    line.counters[counter % kPerLine].fetch_add(amount, std::memory_order_relaxed);
  }
  uint64_t Sum(size_t counter) const {
    uint64_t sum = 0;
    for (const Shard& shard : shards_) {
      sum += shard[counter / kPerLine].counters[counter % kPerLine].load(std::memory_order_relaxed);
    }
    return sum;
  }

 private:
  static constexpr size_t kShards = 16;
  static constexpr size_t kPerLine = 8;
  struct alignas(kPerLine * sizeof(uint64_t)) Line {  // A cache line, so that no two shards share one.
    std::array<std::atomic<uint64_t>, kPerLine> counters{};
  };
  using Shard = std::vector<Line>;

  static size_t ThreadShard() {
    static std::atomic<size_t> threads = 0;
    thread_local const size_t shard = threads.fetch_add(1, std::memory_order_relaxed) % kShards;
    return shard;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace kindred
