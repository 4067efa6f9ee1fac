// Takes respellings out of a list: of its source, and of each other.
#pragma once

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
  // The digests of those kept so far, member by member, so that one look compares several.
  struct Kept {
    std::vector<uint32_t> places, shapes, stripped, starts;
    std::vector<SpellingDigest> digests;
    void Clear();
    void Add(uint32_t place, const SpellingDigest& digest);
    bool AnyEqualPart(const SpellingDigest& digest) const;
  };

  bool Repeats(uint32_t place, absl::Span<const QueryId> candidates);
  bool AreRespellings(QueryId a, QueryId b);
  std::shared_ptr<const SpellingForm> FormOf(QueryId query);

  const std::shared_ptr<const RankTables> tables_;
  std::vector<uint64_t> by_users_;
  Kept kept_;
  std::vector<uint32_t> result_;
  // The forms that were asked for last, at the place of their id modulo the size: sources that follow one another share
  // words, hence candidates.
  struct Form {
    QueryId query = UINT32_MAX;
    std::shared_ptr<const SpellingForm> form;
  };
  std::vector<Form> forms_;
};

}  // namespace kindred
