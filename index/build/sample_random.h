// Randomness of the sample log: integers only, so that a seed gives the same bytes on every machine (the standard
// library's distributions and libm differ between libraries, and compilers may fuse floating-point operations).
#pragma once

#include <cstdint>

namespace kindred {

// The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): spreads any integer over 64 bits.
inline uint64_t SampleHash(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// SplitMix64. Not thread-safe.
class SampleRandom {
 public:
  explicit SampleRandom(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    const uint64_t value = SampleHash(state_);
    state_ += 0x9e3779b97f4a7c15u;
    return value;
  }
  // 0 to n - 1. REQUIRES: 1 <= n <= 2^32.
  uint64_t Below(uint64_t n) { return ((Next() >> 32) * n) >> 32; }
  // True in `per_mille` of a thousand cases.
  bool Chance(uint64_t per_mille) { return Below(1000) < per_mille; }

 private:
  uint64_t state_;
};

// 2^32 * x^e for x >= 1: exact at powers of two, a straight line between them (at most 3% off for |e| < 1).
// `octave_q32` is 2^32 * 2^e.
inline uint64_t SamplePower(uint64_t x, uint64_t octave_q32) {
  uint64_t low = uint64_t{1} << 32;
  int octave = 0;
  for (; (x >> octave) > 1; ++octave) low = (low >> 16) * (octave_q32 >> 16);
  const uint64_t high = (low >> 16) * (octave_q32 >> 16);
  const uint64_t step = x - (uint64_t{1} << octave);
  // (high - low) * step / 2^octave, in halves so that nothing overflows; modular arithmetic carries the sign.
  const bool grows = high > low;
  const uint64_t span = grows ? high - low : low - high;
  const uint64_t part = (span >> 16) * ((step << 16) >> octave);
  return grows ? low + part : low - part;
}

}  // namespace kindred
