#include "index/log/delimiter_scan.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <array>
#include <bit>
#include <cstring>

namespace kindred {
namespace {

// Bit i: the i-th of eight bytes is zero. By carries that no byte hands to the next (Warren, Hacker's Delight, 6-1),
// and a multiplication that brings the upper bits together.
uint64_t ZeroBytes(uint64_t eight) {
  constexpr uint64_t kLow = 0x7F7F7F7F7F7F7F7F;
  const uint64_t upper = ~(((eight & kLow) + kLow) | eight | kLow);
  return ((upper >> 7) * 0x0102040810204080) >> 56;
}

uint64_t EitherOf64(const char* bytes, char a, char b) {
  constexpr uint64_t kEach = 0x0101010101010101;
  const uint64_t all_a = kEach * static_cast<uint8_t>(a), all_b = kEach * static_cast<uint8_t>(b);
  uint64_t found = 0;
  for (size_t i = 0; i < 8; ++i) {
    uint64_t eight;
    std::memcpy(&eight, bytes + 8 * i, 8);
    if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
    found |= (ZeroBytes(eight ^ all_a) | ZeroBytes(eight ^ all_b)) << (8 * i);
  }
  return found;
}

// For any machine.
size_t FindPlacesPortable(const char* text, size_t bytes, char a, char b, uint16_t* places) {
  size_t found = 0;
  for (size_t i = 0; i < bytes; i += 64) {
    uint64_t hits = EitherOf64(text + i, a, b);
    if (bytes - i < 64) hits &= (uint64_t{1} << (bytes - i)) - 1;
    for (; hits != 0; hits &= hits - 1) places[found++] = static_cast<uint16_t>(i + std::countr_zero(hits));
  }
  return found;
}

#ifdef __x86_64__

// Writes eight places whatever their number, so that it takes no branch that depends on the text.
__attribute__((target("avx2,bmi,bmi2,popcnt"))) size_t FindPlacesAvx2(const char* text, size_t bytes, char a, char b,
                                                                      uint16_t* places) {
  const __m256i is_a = _mm256_set1_epi8(a), is_b = _mm256_set1_epi8(b);
  const auto either = [&](const char* at) __attribute__((target("avx2,bmi,bmi2,popcnt"))) {
    const __m256i some = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i hits = _mm256_or_si256(_mm256_cmpeq_epi8(some, is_a), _mm256_cmpeq_epi8(some, is_b));
    return static_cast<uint32_t>(_mm256_movemask_epi8(hits));
  };
  size_t found = 0;
  for (size_t i = 0; i < bytes; i += 64) {
    uint64_t hits = either(text + i) | uint64_t{either(text + i + 32)} << 32;
    if (bytes - i < 64) hits = _bzhi_u64(hits, static_cast<uint32_t>(bytes - i));
    const auto number = static_cast<size_t>(_mm_popcnt_u64(hits));
    uint16_t* to = places + found;
    do {
      for (size_t k = 0; k < 8; ++k) {
        to[k] = static_cast<uint16_t>(i + _tzcnt_u64(hits));
        hits = _blsr_u64(hits);
      }
      to += 8;
    } while (hits != 0);
    found += number;
  }
  return found;
}

// Lets the processor bring the places of those that are found together, which takes no loop. In a register: into memory
// it takes a Zen 4 fifteen times as long (VPCOMPRESSW; 32 ns, 2026-11-28).
__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi2,popcnt"))) size_t FindPlacesAvx512(const char* text,
                                                                                            size_t bytes, char a,
                                                                                            char b, uint16_t* places) {
  static constexpr auto kFirstPlaces = [] {
    std::array<uint16_t, 32> first{};
    for (size_t i = 0; i < first.size(); ++i) first[i] = static_cast<uint16_t>(i);
    return first;
  }();
  const __m512i is_a = _mm512_set1_epi8(a), is_b = _mm512_set1_epi8(b);
  const __m512i thirty_two = _mm512_set1_epi16(32);
  __m512i here = _mm512_loadu_si512(kFirstPlaces.data());
  uint16_t* to = places;
  for (size_t i = 0; i < bytes; i += 64) {
    const __m512i some = _mm512_loadu_si512(text + i);
    uint64_t hits = _mm512_cmpeq_epi8_mask(some, is_a) | _mm512_cmpeq_epi8_mask(some, is_b);
    if (bytes - i < 64) hits = _bzhi_u64(hits, static_cast<uint32_t>(bytes - i));
    for (const auto half : {static_cast<uint32_t>(hits), static_cast<uint32_t>(hits >> 32)}) {
      _mm512_storeu_si512(to, _mm512_maskz_compress_epi16(half, here));
      to += _mm_popcnt_u32(half);
      here = _mm512_add_epi16(here, thirty_two);
    }
  }
  return static_cast<size_t>(to - places);
}

bool HasAvx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("popcnt");
}

bool HasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

}  // namespace

std::vector<FindPlaces> AllFindPlaces() {
  std::vector<FindPlaces> all = {FindPlacesPortable};
  if (HasAvx2()) all.push_back(FindPlacesAvx2);
  if (HasAvx512()) all.push_back(FindPlacesAvx512);
  return all;
}
#else
}  // namespace

std::vector<FindPlaces> AllFindPlaces() { return {FindPlacesPortable}; }
#endif

FindPlaces BestFindPlaces() {
  static const FindPlaces kBest = AllFindPlaces().back();
  return kBest;
}

}  // namespace kindred
