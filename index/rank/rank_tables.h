// Everything that ranking one source query reads: what the stages rows, words and products summed up, and the facts of
// each query side by side. Made once for a market; any number of Rankers share it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/neighbor_rows.h"
#include "index/rank/product_walks.h"
#include "index/rank/rank_options.h"
#include "index/rank/word_pools.h"
#include "index/text/respelling.h"

namespace kindred {

// What scoring a candidate reads of it: half a cache line, where the rows that it was counted from are four of them.
struct QueryFacts {
  static constexpr WordId kNoWord = UINT32_MAX;
  float popularity = 0, recent = 0, follow_up = 0;                     // As in TargetFacts.
  std::array<WordId, 4> words = {kNoWord, kNoWord, kNoWord, kNoWord};  // The first ones; the rest: words_of_query.
  uint32_t word_count = 0;
};

// Immutable once made: const use is thread-safe.
class RankTables {
 public:
  // Table and mined log must outlive it and belong together.
  //   Internal: no word-break data.
  static absl::StatusOr<std::shared_ptr<const RankTables>> Create(const EventTable& table, const MinedLog& mined,
                                                                  const RankOptions& options);

  RankReport report() const;
  // Words in both; `words` are those of one query, ascending.
  uint32_t SharedWords(absl::Span<const WordId> words, QueryId query) const {
    if (facts[query].word_count > facts[query].words.size())
      return CountShared(words, this->words.words_of_query[query]);
    uint32_t shared = 0;
    for (const WordId word : words) {
      for (const WordId other : facts[query].words) shared += word == other;
    }
    return shared;
  }

  const EventTable& table;
  const MinedLog& mined;
  const RankOptions options;
  const NeighborRows neighbors;
  WordPools words;
  ProductWalks products;
  std::vector<QueryFacts> facts;          // By query.
  std::vector<SpellingDigest> spellings;  // By query; empty where options.drop_respellings is false.
  std::vector<QueryId> popular;           // May fill a list; empty where options.popular_fill is 0.

 private:
  RankTables(const EventTable& table, const MinedLog& mined, const RankOptions& options);
  void FindFacts();
  void FindPopular();
};

}  // namespace kindred
