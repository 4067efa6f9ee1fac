// Finds the delimiters of a text, kilobytes ahead of what is read: a search of its own for each of the short fields of
// a log would spend most of its time on starting, and how many a piece holds cannot be foretold, so that a processor
// that guesses wrong once a line spends more on that than on looking.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/log/log_block.h"

namespace kindred {

// Writes where `a` or `b` stand among the first `bytes` of a text to `places`, ascending, and tells how many do.
// REQUIRES: bytes < 2^16; the bytes up to the next multiple of 64 are readable; room for as many places as bytes, and
// kSparePlaces.
using FindPlaces = size_t (*)(const char* text, size_t bytes, char a, char b, uint16_t* places);
inline constexpr size_t kSparePlaces = 32;

std::vector<FindPlaces> AllFindPlaces();  // All ways that this machine has, the fastest last.
FindPlaces BestFindPlaces();

// Goes from one delimiter or line end to the next. Not thread-safe.
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

  // The next ones, as far as they are found already, by their distance from begin(); Skip() goes past some of them,
  // no more than there are.
  absl::Span<const uint16_t> Found() const { return absl::MakeConstSpan(places_ + next_, found_ - next_); }
  const char* begin() const { return begin_; }
  void Skip(size_t delimiters) { next_ += delimiters; }

 private:
  static constexpr size_t kAhead = 4096;  // Bytes.
  static_assert(LogBlock::kPaddingBytes >= 64);

  void LookAhead() {
    begin_ = at_;
    const size_t bytes = std::min(kAhead, static_cast<size_t>(end_ - at_));
    found_ = find_(begin_, bytes, delimiter_, '\n', places_);
    next_ = 0;
    at_ += bytes;
  }

  const FindPlaces find_ = BestFindPlaces();
  const char* at_;  // What was not looked at yet.
  const char* const end_;
  const char delimiter_;
  const char* begin_ = nullptr;  // Of the bytes that places_ is of.
  size_t next_ = 0, found_ = 0;
  uint16_t places_[kAhead + kSparePlaces];
};

}  // namespace kindred
