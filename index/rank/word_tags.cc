#include "index/rank/word_tags.h"

#include <algorithm>

namespace kindred {

std::vector<WordTag> TagsOfWords(absl::Span<const uint32_t> holders, WordTag first_vague) {
  std::vector<uint32_t> shared;
  for (uint32_t word = 0; word < holders.size(); ++word) {
    if (holders[word] > 1) shared.push_back(word);
  }
  const size_t own = std::min<size_t>(shared.size(), first_vague - 1);
  std::partial_sort(shared.begin(), shared.begin() + static_cast<std::ptrdiff_t>(own), shared.end(),
                    [&](uint32_t x, uint32_t y) { return holders[x] != holders[y] ? holders[x] > holders[y] : x < y; });
  std::vector<WordTag> tags(holders.size());
  for (size_t i = 0; i < own; ++i) tags[shared[i]] = static_cast<WordTag>(i + 1);
  const uint32_t vague = QueryMarks::kUntold - first_vague;
  for (size_t i = own; i < shared.size(); ++i) tags[shared[i]] = static_cast<WordTag>(first_vague + shared[i] % vague);
  return tags;
}

std::array<WordTag, QueryMarks::kWords> TagsOf(absl::Span<const uint32_t> row, absl::Span<const WordTag> tags) {
  std::array<WordTag, QueryMarks::kWords> result{};
  size_t size = 0;
  for (const uint32_t word : row) {
    if (tags[word] == 0) continue;
    if (size == result.size()) return {QueryMarks::kUntold};
    result[size++] = tags[word];
  }
  return result;
}

void TagMatcher::Add(WordTag tag, bool is_hub) {
  if (tag == 0) return;
  const auto bits = static_cast<uint16_t>(kAll | (is_hub ? kHub : 0) | (tag >= kFirstVagueTag ? kVague : 0));
  Word word;
  for (size_t lane = 0; lane <= QueryMarks::kWords; ++lane) {
    word.tag[lane] = tag;
    word.bits[lane] = lane < QueryMarks::kWords ? bits : 0;
  }
  words_.push_back(word);
}

}  // namespace kindred
