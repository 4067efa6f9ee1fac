// Takes respellings out of a list: of its source, and of each other.
#pragma once

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
  // does, then the first; a spelling that is dropped drops no other. Valid until the next call.
  const std::vector<uint32_t>& Keep(QueryId source, absl::Span<const QueryId> candidates);

 private:
  // The candidates kept so far, found by a part of their digests: a pair of which no part is equal are no respellings.
  class Chains {
   public:
    void Clear(size_t candidates);
    void Add(uint32_t place, uint32_t part);
    // Whether `is` says so of a place whose part has the hash of this one.
    template <typename Is>
    bool Any(uint32_t part, Is is) const {
      for (uint32_t at = heads_[part % kHeads]; at != 0; at = next_[at - 1]) {
        if (is(at - 1)) return true;
      }
      return false;
    }

   private:
    static constexpr uint32_t kHeads = 256;
    std::array<uint32_t, kHeads> heads_{};  // 1 + place; 0: none.
    std::vector<uint32_t> next_;            // By place.
  };

  bool Repeats(uint32_t place, absl::Span<const QueryId> candidates);
  bool AreRespellings(QueryId a, QueryId b);
  // Valid until the next call but one.
  const SpellingForm& FormOf(QueryId query);

  const std::shared_ptr<const RankTables> tables_;
  std::vector<uint64_t> by_users_;
  std::vector<SpellingDigest> digests_;  // Of the candidates.
  Chains shapes_, stripped_, starts_;
  std::vector<uint32_t> result_;
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
