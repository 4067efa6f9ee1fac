// Adds up the rows that tie a source query to others: its own, its words' pools and its products'.
#pragma once

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "index/rank/evidence_screen.h"
#include "index/rank/pair_signals.h"
#include "index/rank/rank_tables.h"
#include "index/rank/sparse_rows.h"

namespace kindred {

// Not thread-safe (it keeps scratch memory between calls).
class RowSums {
 public:
  explicit RowSums(std::shared_ptr<const RankTables> tables) : tables_(std::move(tables)) {}

  // Fastest where sources ascend. `screen`: nullptr, or only the queries that pass are touched, besides the neighbours
  // of the source's own row; the source must pass.
  SourceSums Sum(QueryId source, const EvidenceScreen* screen = nullptr);
  // Of the last source, which may be among them, and the most popular queries where popularity may fill lists: the
  // neighbours of the source's own row first, in its order. Valid until the next Sum().
  absl::Span<const PairSums> touched() const { return sums_.touched(); }
  // At most so many times the rows of the source touch a query.
  size_t Touches(QueryId source) const;
  // nullptr: untouched.
  const PairSums* Find(QueryId query) const { return sums_.Find(query); }

 private:
  void Prefetch(QueryId source) const;
  template <typename Row, typename IdOf, typename Add>
  void AddRow(const Row& row, IdOf id_of, Add add);
  void AddWords(QueryId source, SourceSums& result);
  void AddProducts(QueryId source);

  const std::shared_ptr<const RankTables> tables_;
  SmallAccumulator<PairSums> sums_;
  const EvidenceScreen* screen_ = nullptr;
  std::vector<uint32_t> passing_;  // Of a row, the places of what passes.
};

}  // namespace kindred
