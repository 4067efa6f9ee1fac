// Takes respellings out of a list: of its source, and of each other.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "index/mine/event_table.h"
#include "index/rank/rank_tables.h"
#include "index/text/respelling.h"

namespace kindred {

// Not thread-safe (it keeps scratch memory between calls).
class RespellingFilter {
 public:
  // REQUIRES: the tables were made with options.drop_respellings.
  explicit RespellingFilter(std::shared_ptr<const RankTables> tables);

  // The places of those that stay, ascending. Of several spellings of one keyword, the one that most users searched
  // does, then the first; a spelling that is dropped drops no other. Valid until the next call. REQUIRES: fewer than
  // 2^16 candidates.
  const std::vector<uint32_t>& Keep(QueryId source, absl::Span<const QueryId> candidates);

 private:
  // Places found by a part of their digests: a pair of which no part is equal are no respellings.
  class Chains {
   public:
    void Clear(size_t places);
    // `words`: of the query, for ForEachIfOthers().
    void Add(uint32_t place, uint32_t part, uint32_t words);
    // Each place whose part has the hash of this one.
    template <typename Visit>
    void ForEach(uint32_t part, Visit visit) const {
      for (uint32_t at = heads_[part % kHeads].first; at != 0; at = next_[at - 1]) visit(at - 1);
    }
    // The same where one of them may have another number of words than this.
    template <typename Visit>
    void ForEachIfOthers(uint32_t part, uint32_t words, Visit visit) const {
      const uint32_t own = words < kManyWords ? BitOf(words) : 0;
      if ((heads_[part % kHeads].words & ~own) != 0) ForEach(part, visit);
    }

   private:
    static constexpr uint32_t kHeads = 1024;
    struct Head {
      uint16_t first = 0;  // 1 + place; 0: none.
      uint16_t words = 0;  // A bit for each number of words that occurs; the last for all larger ones.
    };
    static constexpr uint32_t kManyWords = 15;
    static uint16_t BitOf(uint32_t words) { return static_cast<uint16_t>(1U << std::min(words, kManyWords)); }

    std::array<Head, kHeads> heads_{};
    std::vector<uint16_t> next_;  // By place.
  };

  void FindAlike();
  void DropRepeats(absl::Span<const QueryId> candidates);
  bool AreRespellings(QueryId a, QueryId b);
  // Valid until the next call but one.
  const SpellingForm& FormOf(QueryId query);

  const std::shared_ptr<const RankTables> tables_;
  std::vector<uint32_t> places_;         // Of candidates that do not respell the source; then the result.
  std::vector<SpellingDigest> digests_;  // Of those. From here on their numbers are the places.
  Chains shapes_, stripped_, starts_;
  std::vector<uint32_t> users_;
  struct Alike {
    uint32_t place;  // Alike another, it stays if one of them goes.
    uint32_t next;   // 1 + the next of the other; 0: none.
  };
  std::vector<Alike> alike_;
  std::vector<uint32_t> last_alike_;  // By place that may go: 1 + the first; 0: none.
  std::vector<uint64_t> by_users_;    // Of those.
  std::vector<uint8_t> goes_;
  // The forms that were asked for last, at the place of their id modulo the size: sources that follow one another share
  // words, hence candidates.
  struct Form {
    QueryId query = UINT32_MAX;
    std::unique_ptr<const SpellingForm> form;
  };
  std::vector<Form> forms_;
  // What was found last of pairs, at a place by the hash of both: (lower id) << 32 | higher id, twice that, and 1 if
  // so.
  std::vector<uint64_t> answers_;
  std::unique_ptr<const SpellingForm> evicted_;  // The last one that made room for another.
};

}  // namespace kindred
