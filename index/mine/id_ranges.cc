#include "index/mine/id_ranges.h"

#include <algorithm>

namespace kindred {
namespace {

// Of twelve bytes each: half of a second-level cache of half a megabyte.
constexpr uint64_t kRecordsPerPartition = 16384;
constexpr uint32_t kMostPartitions = 4096;

}  // namespace

IdRanges::IdRanges(absl::Span<const uint64_t> weights, uint32_t most) {
  uint64_t sum = 0;
  for (const uint64_t weight : weights) sum += weight + 1;
  const uint64_t wanted = std::max<uint64_t>(1, (sum + most - 1) / std::max(1u, most));
  range_of_id_.reserve(weights.size());
  uint64_t before = 0;
  for (const uint64_t weight : weights) {
    range_of_id_.push_back(static_cast<uint16_t>(before / wanted));
    before += weight + 1;
  }
  if (!range_of_id_.empty()) ranges_ = range_of_id_.back() + 1u;
}

uint32_t PartitionsFor(uint64_t records, uint64_t most) {
  uint32_t partitions = 1;
  while (partitions < kMostPartitions && 2 * partitions <= most && partitions * kRecordsPerPartition < records) {
    partitions *= 2;
  }
  return partitions;
}

}  // namespace kindred
