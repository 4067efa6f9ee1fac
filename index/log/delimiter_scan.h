// Finds the delimiters of a text, 64 bytes at a time: a search of its own for each of the short fields of a log would
// spend most of its time on starting.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "index/log/log_block.h"

namespace kindred {

// Bit i: the i-th of 64 bytes is `a` or `b`. For any machine.
inline uint64_t EitherInPortable(const char* bytes, char a, char b) {
  uint64_t found = 0;
  for (size_t i = 0; i < 64; ++i) found |= static_cast<uint64_t>(bytes[i] == a || bytes[i] == b) << i;
  return found;
}

// The same. Every x86-64 has SSE2, so that nothing need be asked at run time.
inline uint64_t EitherIn(const char* bytes, char a, char b) {
#ifdef __SSE2__
  const __m128i is_a = _mm_set1_epi8(a), is_b = _mm_set1_epi8(b);
  uint64_t found = 0;
  for (int i = 0; i < 4; ++i) {
    const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(sixteen, is_a), _mm_cmpeq_epi8(sixteen, is_b));
    found |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(hits))) << (16 * i);
  }
  return found;
#else
  return EitherInPortable(bytes, a, b);
#endif
}

// Goes from one delimiter or line end to the next.
class DelimiterScan {
 public:
  // REQUIRES: LogBlock::kPaddingBytes behind `text` are readable.
  DelimiterScan(absl::string_view text, char delimiter)
      : at_(text.data()), end_(text.data() + text.size()), delimiter_(delimiter) {
    if (at_ < end_) Load();
  }

  // The next one, or the text's end.
  const char* Next() {
    while (found_ == 0) {
      if (static_cast<size_t>(end_ - at_) <= 64) return end_;
      at_ += 64;
      Load();
    }
    const char* const next = at_ + std::countr_zero(found_);
    found_ &= found_ - 1;
    return next;
  }

 private:
  static_assert(LogBlock::kPaddingBytes >= 64);

  void Load() {
    found_ = EitherIn(at_, delimiter_, '\n');
    const size_t left = static_cast<size_t>(end_ - at_);
    if (left < 64) found_ &= (uint64_t{1} << left) - 1;
  }

  const char* at_;  // Of the 64 bytes that found_ tells of.
  const char* const end_;
  const char delimiter_;
  uint64_t found_ = 0;  // Those that Next() has not given yet.
};

}  // namespace kindred
