#include "index/rank/word_matches.h"

#include <algorithm>

namespace kindred {

void WordMatches::Start(size_t capacity) {
  size_ = 0;
  room_ = (capacity + 7) / 8 * 8;
  if (all_.size() >= room_) return;
  columns_.resize(kWords * room_);
  all_.resize(room_);
  marked_.resize(room_);
}

void WordMatches::Count(absl::Span<const uint32_t> words, absl::Span<const uint32_t> marked) {
  std::fill(all_.begin(), all_.end(), 0U);
  std::fill(marked_.begin(), marked_.end(), 0U);
  const uint32_t* const first = columns_.data();
  const uint32_t *const second = first + room_, *const third = second + room_, *const fourth = third + room_;
  uint32_t* const __restrict all = all_.data();
  uint32_t* const __restrict of_marked = marked_.data();
  const size_t end = (size_ + 7) / 8 * 8;
  for (size_t word = 0; word < words.size(); ++word) {
    const uint32_t wanted = words[word], mark = marked[word];
    for (size_t i = 0; i < end; ++i) {
      const uint32_t found = static_cast<uint32_t>(first[i] == wanted) | static_cast<uint32_t>(second[i] == wanted) |
                             static_cast<uint32_t>(third[i] == wanted) | static_cast<uint32_t>(fourth[i] == wanted);
      all[i] += found;
      of_marked[i] += found & mark;
    }
  }
}

}  // namespace kindred
