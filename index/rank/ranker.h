// The ranking: every query that a source's evidence touches, scored by one linear formula (pair_signals.h), and the
// list that a shopper may see. The stage "sources" of ranking: one source query at a time, from rows that earlier
// stages summed up.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/evidence_screen.h"
#include "index/rank/pair_signals.h"
#include "index/rank/rank_options.h"
#include "index/rank/rank_tables.h"
#include "index/rank/respelling_filter.h"
#include "index/rank/row_sums.h"
#include "index/rank/word_tags.h"
#include "index/store/related_list.h"
#include "index/store/related_list_codec.h"

namespace kindred {

// A query scored for a source.
struct ScoredQuery {
  QueryId query;
  uint32_t users;  // Who searched both; 0: no more than chance brings, or none at all.
  uint32_t users_after;
  float score;
  Signals signals;
};

// Not thread-safe (it keeps scratch memory between calls, about 4 bytes a product and what a source's rows take): one
// for each thread, over the same tables.
class Ranker {
 public:
  explicit Ranker(std::shared_ptr<const RankTables> tables);
  // With tables of its own. Table and mined log must outlive the ranker and belong together.
  //   Internal: no word-break data.
  static absl::StatusOr<std::unique_ptr<Ranker>> Create(const EventTable& table, const MinedLog& mined,
                                                        const RankOptions& options);

  // Every query that may be shown and that the source's evidence touches (and the most popular ones, where popular_fill
  // asks for them), the source left out, in no order. Valid until the next call of any method.
  absl::Span<const ScoredQuery> Candidates(QueryId source);
  // Whether anything but popularity ties a candidate to the source. REQUIRES: a place in what Candidates() gave last.
  bool HasEvidence(size_t candidate) const;
  // All candidates, best first in the total order of Candidate.
  std::vector<ScoredQuery> Score(QueryId source);

  // The list to store: Score(), without keywords that lack evidence beyond popular_fill, without respellings of the
  // source and, of several spellings of one keyword among the best, with the one that most users searched. The best are
  // a quarter more than the list holds, or twice as many where those do not fill it. nullopt: nothing to show,
  // or too few people searched the source (see RankTables::MayHaveList()).
  std::optional<RelatedList> Rank(QueryId source);

  // Whether Rank() gives a list, found without ranking where any keyword has evidence at first sight. (Rank() looks for
  // respellings among the first keywords only: a list that had none but these, twice over, would be told of wrongly.)
  bool HasList(QueryId source);

  // The same, as bytes to store: true, and the list in `list`, or false where Rank() gives nullopt.
  //   Internal: a list that cannot be stored, which is a bug.
  absl::StatusOr<bool> Encode(QueryId source, EncodedList& list);

  RankReport report() const { return tables_->report(); }

 private:
  // A query that the source's rows touch.
  struct Touched {
    QueryId query;
    uint32_t sum = 0;                     // Its number among sums_.touched().
    uint32_t users = 0, users_after = 0;  // As in ScoredQuery.
    uint16_t words = 0;                   // In both queries.
    uint16_t shared_words = 0;            // SharedWords::Evident().
    uint16_t products = 0;                // Those clicked after both that the rows count; see SharedProducts().
    uint16_t product_marks = 0;           // QueryMarks::products.

    bool evident() const { return (users | shared_words | products) > 0; }
  };
  enum class Which { kAll, kMayHaveEvidence };
  // A candidate's score, as a number that ascends where the score descends, and its number: in this order lists are,
  // but for candidates of one score.
  using Place = uint64_t;
  using Places = std::vector<Place>;
  static uint64_t ScoreOf(Place place) { return place >> 32; }
  static uint32_t At(Place place) { return static_cast<uint32_t>(place); }

  void StartSource(QueryId source);
  void ScoreAll(QueryId source, Which which);
  void FindCandidates(Which which);
  void AppendPairs();
  Place PlaceOf(uint32_t at) const;
  bool BeforeTied(Place x, Place y) const;
  void SortTied(Places::iterator begin, Places::iterator end) const;
  void KeepFirst(Places& places, size_t limit) const;
  void Sort(Places& places) const;
  void MarkProducts(QueryId source);
  uint32_t SharedProducts(const Touched& touched) const;
  void TakeBest(size_t limit);
  void DropRespellings(QueryId source);
  bool HasEasyKeyword(QueryId source);
  bool FindBest(QueryId source);
  Candidate CandidateButKeyword(uint32_t at) const;

  const std::shared_ptr<const RankTables> tables_;
  RowSums sums_;
  QueryId source_ = 0;
  SourceWords source_words_;
  TagMatcher source_tags_;
  EvidenceScreen screen_;
  std::vector<Touched> touched_;
  absl::Span<const Touched> candidates_;  // The first of touched_. Numbers of candidates are places here.
  SignalColumns columns_;                 // As candidates_.
  std::vector<ScoredQuery> scored_;
  Places places_, unclear_, fill_;
  std::vector<QueryId> best_queries_;    // As places_.
  std::vector<QueryId> product_source_;  // By product: 1 + the last source whose rows did not count it.
  uint16_t product_marks_ = 0;           // Of the same products, as in QueryFacts::products.
  std::optional<RespellingFilter> respellings_;
};

}  // namespace kindred
