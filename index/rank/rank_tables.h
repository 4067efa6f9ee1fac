// Everything that ranking one source query reads: what the stages rows, words and products summed up, and the facts of
// each query side by side. Made once for a market; any number of Rankers share it.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/spill_memory.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/neighbor_rows.h"
#include "index/rank/pair_signals.h"
#include "index/rank/product_walks.h"
#include "index/rank/rank_options.h"
#include "index/rank/word_pools.h"
#include "index/rank/word_tags.h"
#include "index/text/respelling.h"

namespace kindred {

// One bit of sixteen: two sets without a common bit have no common product.
inline uint16_t MarkOfProduct(ItemId item) { return static_cast<uint16_t>(1U << (item * 0x9E3779B1U >> 28)); }

// What a list says of a keyword.
struct KeywordFacts {
  absl::string_view display;  // Of the table's own.
  uint32_t fingerprint = 0;   // QueryFingerprint(), of a query that may be shown.
  uint32_t users = 0;
};

// The words of the query that is ranked.
struct SourceWords {
  absl::Span<const WordId> words;  // Distinct, ascending.
  std::vector<uint32_t> is_hub;    // WordPools::is_hub of each.
};

// Words in both of two queries.
struct SharedWords {
  uint32_t all = 0;
  uint32_t hubs = 0;  // Of those, WordPools::is_hub.

  // A word that goes with everything ("of", "free shipping") tells nothing, unless the keyword holds the whole source
  // query.
  uint32_t Evident(const SourceWords& source) const { return all == source.words.size() ? all : all - hubs; }
};

// Immutable once made: const use is thread-safe.
class RankTables {
 public:
  // The table must outlive it and belong to the mined log, in whose memory it lies. The same for any number of threads,
  // which must be above 0.
  //   Internal: no word-break data.  InvalidArgument: more than 2^31 queries.  Errors of SpillMemory::status().
  static absl::StatusOr<std::shared_ptr<const RankTables>> Create(const EventTable& table, const MinedLog& mined,
                                                                  const RankOptions& options, uint32_t threads = 1);
  // The same in less memory: each part of the mined log is given back once it was read. The report stays.
  static absl::StatusOr<std::shared_ptr<const RankTables>> Create(const EventTable& table, MinedLog&& mined,
                                                                  const RankOptions& options, uint32_t threads = 1);

  RankReport report() const;
  // What each part takes in memory, for reports.
  std::vector<std::pair<absl::string_view, size_t>> PartBytes() const;
  // Whether enough people searched a query that gets a list of its own.
  bool MayHaveList(QueryId source) const;
  SourceWords WordsOf(QueryId source) const;
  // Words in both queries. TagMatcher tells them faster, of most.
  SharedWords WordsShared(const SourceWords& source, QueryId query) const;

  const EventTable& table;
  const RankOptions options;
  std::shared_ptr<SpillMemory> memory;  // The mined log's, of all below; nullptr: the heap's.
  NeighborRows neighbors;
  WordPools words;
  ProductWalks products;
  LargeSpillVector<QueryMarks> marks;       // By query that may be shown; products: MarkOfProduct() of each of
                                            // evidence_of_query.
  LargeSpillVector<TargetFacts> facts;      // By query that may be shown.
  LargeSpillVector<KeywordFacts> keywords;  // By query.
  // By query that may be shown or have a list; empty where options.drop_respellings is false.
  LargeSpillVector<SpellingDigest> spellings;
  std::vector<QueryId> popular;  // May fill a list; empty where options.popular_fill is 0.

 private:
  RankTables(const EventTable& table, const RankOptions& options) : table(table), options(options) {}
  // `spent`: `mined`, where it may be given back, or else nullptr.
  absl::Status Fill(const MinedLog& mined, MinedLog* spent, uint32_t threads);
  void FindFacts(const MinedLog& mined, uint32_t threads);
  void FindFactsOf(QueryId query, const QueryCounts& counts, const LogTotals& totals);
  void FindPopular(absl::Span<const QueryCounts> counts);
};

}  // namespace kindred
