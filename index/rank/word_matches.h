// Which words many queries have in common with one: the words of the many as columns, compared side by side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace kindred {

// Not thread-safe.
class WordMatches {
 public:
  static constexpr size_t kWords = 4;  // Of a query, at most.

  // Leaves it empty, with room for `capacity` queries.
  void Start(size_t capacity);
  // Distinct words; what is left over is UINT32_MAX. REQUIRES: fewer calls than the capacity, so far.
  void Append(const std::array<uint32_t, kWords>& words) {
    for (size_t i = 0; i < kWords; ++i) columns_[i * room_ + size_] = words[i];
    ++size_;
  }
  // Counts each query's words that are among `words`, all of them in all() and those with `marked` 1 (else 0) in
  // marked(). Both can be corrected after. REQUIRES: words distinct and not UINT32_MAX; marked as long as words.
  void Count(absl::Span<const uint32_t> words, absl::Span<const uint32_t> marked);
  absl::Span<uint32_t> all() { return {all_.data(), size_}; }
  absl::Span<uint32_t> marked() { return {marked_.data(), size_}; }

 private:
  size_t size_ = 0, room_ = 0;     // room_: a multiple of 8, so that no loop has a rest.
  std::vector<uint32_t> columns_;  // kWords of room_ each, side by side.
  std::vector<uint32_t> all_, marked_;
};

}  // namespace kindred
