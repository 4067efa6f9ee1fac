// Which words a query has in common with another, told by a look at a few bytes: most pairs of queries need no look at
// their words.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "absl/types/span.h"

namespace kindred {

// Stands for a word. 0: of no use, since no other query holds it.
using WordTag = uint16_t;

// From here on several words share a tag; below, each has its own.
inline constexpr WordTag kFirstVagueTag = 0xC000;

// Tags by word, from the number of queries that hold each: the commonest words get tags of their own. Ties by number.
std::vector<WordTag> TagsOfWords(absl::Span<const uint32_t> holders, WordTag first_vague = kFirstVagueTag);

// What is looked at first of a query that may go with another.
struct alignas(16) QueryMarks {
  static constexpr size_t kWords = 7;
  static constexpr WordTag kUntold = UINT16_MAX;  // Alone: its words are more than these.

  std::array<WordTag, kWords> words{};  // Of the words that have one.
  uint16_t products = 0;                // See RankTables.

  bool told() const { return words[0] != kUntold; }
};
static_assert(sizeof(QueryMarks) == 16);

// The tags of a query's words; `row` are its words, `tags` those of all words.
std::array<WordTag, QueryMarks::kWords> TagsOf(absl::Span<const uint32_t> row, absl::Span<const WordTag> tags);

// The words of one query, to be found among those of many. Not thread-safe.
class TagMatcher {
 public:
  struct Match {
    uint32_t all, hubs;  // Words in both, and those of them that are hubs.
    bool certain;        // Else the queries' words are to be compared.
  };

  void Clear() { words_.clear(); }
  // One of the query's words.
  void Add(WordTag tag, bool is_hub);
  Match Find(const QueryMarks& marks) const {
    Lanes lanes, found{};
    std::memcpy(&lanes, &marks, sizeof(lanes));
    for (const Word& word : words_) found |= reinterpret_cast<Lanes>(lanes == word.tag) & word.bits;
    std::array<uint64_t, 2> halves;
    std::memcpy(&halves, &found, sizeof(halves));
    // The sum of all lanes: none is above 7 * (kAll + kHub + kVague).
    const uint64_t sum = (halves[0] + halves[1]) * 0x0001000100010001U >> 48;
    return {static_cast<uint32_t>(sum % kHub), static_cast<uint32_t>(sum / kHub % (kVague / kHub)),
            sum < kVague && marks.told()};
  }

 private:
  using Lanes [[gnu::vector_size(16)]] = uint16_t;
  static constexpr uint16_t kAll = 1, kHub = 1 << 4, kVague = 1 << 8;

  struct Word {
    Lanes tag;   // In each lane.
    Lanes bits;  // What a lane that holds the tag counts for; 0 in the lane of the products.
  };
  std::vector<Word> words_;
};

}  // namespace kindred
