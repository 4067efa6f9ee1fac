// The order of an event table's strings and products, whatever order they came in.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace kindred {

// A text and its first sixteen bytes as numbers that ascend as they do, which tell most texts apart.
struct SortedText {
  explicit SortedText(absl::string_view text) : text(text) {
    for (size_t i = 0; i < 16; ++i) {
      uint64_t& part = i < 8 ? first : second;
      part = part << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
    }
  }
  friend bool operator<(const SortedText& x, const SortedText& y) {
    if (x.first != y.first) return x.first < y.first;
    return x.second != y.second ? x.second < y.second : x.text < y.text;
  }

  uint64_t first = 0, second = 0;
  absl::string_view text;
};

// Each id's place in the order of the keys. REQUIRES: distinct keys, and the ids 0, 1, 2 ... in any order.
template <typename Key>
std::vector<uint32_t> RanksOf(std::vector<std::pair<Key, uint32_t>> keys) {
  std::sort(keys.begin(), keys.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<uint32_t> rank(keys.size());
  for (uint32_t i = 0; i < keys.size(); ++i) rank[keys[i].second] = i;
  return rank;
}

}  // namespace kindred
