// Which queries may go together with a source, found before anything is summed up: of the hundreds that its rows touch,
// few do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "index/rank/rank_tables.h"

namespace kindred {

// Not thread-safe. Takes a bit a query, and what a source notes.
class EvidenceScreen {
 public:
  explicit EvidenceScreen(std::shared_ptr<const RankTables> tables)
      : tables_(std::move(tables)), is_noted_(tables_->marks.size() / kBits + 1) {}

  // Lets through the source, and every query that may have evidence of it but by products that its rows do not count.
  // False, and all is unspecified: these are so many that it would cost more than summing up all `touches`.
  bool Start(QueryId source, const SourceWords& words, size_t touches);
  bool Passes(QueryId query) const { return (is_noted_[query / kBits] >> (query % kBits) & 1) != 0; }

 private:
  static constexpr uint32_t kBits = 64;

  void Note(QueryId query) {
    is_noted_[query / kBits] |= uint64_t{1} << (query % kBits);
    noted_.push_back(query);
  }

  const std::shared_ptr<const RankTables> tables_;
  std::vector<uint64_t> is_noted_;  // A bit by query.
  std::vector<QueryId> noted_;
  std::vector<WordId> telling_;
};

}  // namespace kindred
