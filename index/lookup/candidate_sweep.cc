#include "index/lookup/candidate_sweep.h"

#include <algorithm>
#include <cstring>

namespace kindred {
namespace {

// Compilers turn the inner loop into vector instructions of the function it is inlined into.
[[gnu::always_inline]] inline void Sweep(uint16_t* accumulators, size_t count, uint16_t threshold,
                                         std::vector<uint32_t>& candidates) {
  for (size_t begin = 0; begin < count; begin += kSweepBlock) {
    uint16_t* const block = accumulators + begin;
    uint16_t highest = 0;
    for (size_t i = 0; i < kSweepBlock; ++i) highest = std::max(highest, block[i]);
    if (highest >= threshold) {
      for (size_t i = 0; i < kSweepBlock; ++i) {
        if (block[i] < threshold) continue;
        candidates.push_back(uint32_t{block[i]} << 16 | static_cast<uint32_t>(0xFFFF - (begin + i)));
      }
    }
  }
  std::memset(accumulators, 0, count * sizeof *accumulators);  // At once: clearing block by block is ten times slower.
}

}  // namespace

void SweepCandidatesPortable(uint16_t* accumulators, size_t count, uint16_t threshold,
                             std::vector<uint32_t>& candidates) {
  Sweep(accumulators, count, threshold, candidates);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] static void SweepCandidatesAvx2(uint16_t* accumulators, size_t count, uint16_t threshold,
                                                        std::vector<uint32_t>& candidates) {
  Sweep(accumulators, count, threshold, candidates);
}

void SweepCandidates(uint16_t* accumulators, size_t count, uint16_t threshold, std::vector<uint32_t>& candidates) {
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  (has_avx2 ? SweepCandidatesAvx2 : SweepCandidatesPortable)(accumulators, count, threshold, candidates);
}
#else
void SweepCandidates(uint16_t* accumulators, size_t count, uint16_t threshold, std::vector<uint32_t>& candidates) {
  SweepCandidatesPortable(accumulators, count, threshold, candidates);
}
#endif

}  // namespace kindred
