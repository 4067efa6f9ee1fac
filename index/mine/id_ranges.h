// Cuts ids into ranges that carry about the same weight, so that partitions of records by id are about as large.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace kindred {

// Value; const use is thread-safe.
class IdRanges {
 public:
  // At most `most` ranges, each of weight sum / most or of one id. An id weighs 1 more than `weights` says.
  IdRanges(absl::Span<const uint64_t> weights, uint32_t most);

  uint32_t ranges() const { return ranges_; }
  uint32_t operator[](uint32_t id) const { return range_of_id_[id]; }
  void Prefetch(uint32_t id) const { __builtin_prefetch(&range_of_id_[id]); }

 private:
  std::vector<uint16_t> range_of_id_;
  uint32_t ranges_ = 1;
};

// How many partitions `records` need for each to be counted in a core's cache; a power of two, at most 4,096 and, but
// for the first, at most `most`.
uint32_t PartitionsFor(uint64_t records, uint64_t most);

}  // namespace kindred
