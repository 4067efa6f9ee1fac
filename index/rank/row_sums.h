// Adds up the rows that tie a source query to others: its own, its words' pools and its products'.
#pragma once

#include <memory>

#include "absl/types/span.h"
#include "index/rank/pair_signals.h"
#include "index/rank/rank_tables.h"
#include "index/rank/sparse_rows.h"

namespace kindred {

// Not thread-safe (it keeps scratch memory between calls).
class RowSums {
 public:
  explicit RowSums(std::shared_ptr<const RankTables> tables) : tables_(std::move(tables)) {}

  // Fastest where sources ascend.
  SourceSums Sum(QueryId source);
  // Of the last source, which may be among them, and the most popular queries where popularity may fill lists: the
  // neighbours of the source's own row first, in its order. Valid until the next Sum().
  absl::Span<const PairSums> touched() const { return sums_.touched(); }
  // nullptr: untouched.
  const PairSums* Find(QueryId query) const { return sums_.Find(query); }

 private:
  void Prefetch(QueryId source) const;
  size_t Touches(QueryId source) const;
  void AddWords(QueryId source, SourceSums& result);
  void AddProducts(QueryId source);

  const std::shared_ptr<const RankTables> tables_;
  SmallAccumulator<PairSums> sums_;
};

}  // namespace kindred
