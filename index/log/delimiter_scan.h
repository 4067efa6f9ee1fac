// Finds the delimiters of a text, 64 bytes at a time: a search of its own for each of the short fields of a log would
// spend most of its time on starting.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
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

// Goes from one delimiter or line end to the next. They are looked for a kilobyte ahead: how many 64 bytes hold
// cannot be foretold, and a processor that guesses wrong once a line spends more on that than on looking.
class DelimiterScan {
 public:
  // REQUIRES: LogBlock::kPaddingBytes behind `text` are readable.
  DelimiterScan(absl::string_view text, char delimiter)
      : at_(text.data()), end_(text.data() + text.size()), delimiter_(delimiter) {}

  // The next one, or the text's end.
  const char* Next() {
    while (next_ == found_) {
      if (at_ == end_) return end_;
      LookAhead();
    }
    return begin_ + places_[next_++];
  }

 private:
  static constexpr size_t kAhead = 1024;  // Bytes.
  static_assert(LogBlock::kPaddingBytes >= 64);

  void LookAhead() {
    begin_ = at_;
    const size_t bytes = std::min(kAhead, static_cast<size_t>(end_ - at_));
    size_t found = 0;
    for (size_t i = 0; i < bytes; i += 64) {
      uint64_t hits = EitherIn(begin_ + i, delimiter_, '\n');
      if (bytes - i < 64) hits &= (uint64_t{1} << (bytes - i)) - 1;
      for (int usual = 0; usual < 6; ++usual) {  // Without a branch that depends on the text.
        places_[found] = static_cast<uint16_t>(i + std::countr_zero(hits | uint64_t{1} << 63));
        found += hits != 0;
        hits &= hits - 1;
      }
      for (; hits != 0; hits &= hits - 1) places_[found++] = static_cast<uint16_t>(i + std::countr_zero(hits));
    }
    at_ += bytes;
    next_ = 0;
    found_ = found;
  }

  const char* at_;  // What was not looked at yet.
  const char* const end_;
  const char delimiter_;
  const char* begin_ = nullptr;  // Of the bytes that places_ is of.
  size_t next_ = 0, found_ = 0;
  uint16_t places_[kAhead + 1];
};

}  // namespace kindred
