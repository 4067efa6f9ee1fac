// The signals of a pair of queries (a, b) from what ranking summed up of it: the formula, and nothing else.
//
// Natural logarithms; U and S are distinct users and sessions with both queries, TU and TS the same summed over every
// query that shares a word with a, each weighted by idf(w); W1 and W2 as in product_walks.h:
//   pair    = ln(U + S + 8 ptok),  ptok = (TU + 20 I p(b)) / (sum_b TU + 20 I),  I = sum of idf over a's words,
//             p(b) = .9 b's share of recent searches + .1 its share of all
//   token   = ln(1 + TS)
//   walk1   = ln(1e-4 + W1)    (its weight is negative: it demotes other names of the same product)
//   walk2   = ln(1e-4 + W2)    (what neighbours of those products are called)
//   jaccard = |words(a) & words(b)| / |words(a) | words(b)|
//   next    = ln(1 + N), N distinct users who searched b right after a
//   co_click = ln(1e-4 + CC)   (CC as in product_walks.h: what people call the other products that they clicked)
//   recent  = ln(V p(b)), V the number of queries: how much more b is searched, lately, than the average query
//   follow_up = ln((F + 10 r) / ((n + 10) r)), of n searches of b the F that came right after another query, r the
//   share
//             of those among all searches: whether b is what people search next, or first
// Measured in docs/relevance.md; smoothing by back-off after Dirichlet smoothing (Zhai and Lafferty, SIGIR 2001), walks
// after Craswell and Szummer (SIGIR 2007).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "index/mine/mined_log.h"
#include "index/store/related_list.h"

namespace kindred {

// Of the whole log.
struct LogTotals {
  double queries = 0, searches = 0, recent = 0, followups = 0;
};

// Of the source a.
struct SourceSums {
  double pool_users = 0;  // sum_b TU(a, b)
  double idf = 1e-9;      // I
  uint32_t words = 0;
};

// Of a and b, summed up from the rows that touch b.
struct PairSums {
  uint32_t id = 0;  // b
  float pool_users = 0, pool_sessions = 0;
  float walk1 = 0, walk2 = 0, co_click = 0;
  uint32_t products = 0;  // Clicked after both; no signal, but counted in the same rows.
};

// Of a and b, where a's own row holds b.
struct PairSearches {
  uint32_t together = 0;  // U + S
  uint32_t next = 0;      // N
};

// Of b.
struct TargetFacts {
  float popularity = 0;  // p(b)
  float recent = 0;      // The signals of b alone.
  float follow_up = 0;
  uint32_t words = 0;
};

// What is known of b alone, for the signals of the same names.
double PopularityOf(const QueryCounts& counts, const LogTotals& totals);
float RecentOf(double popularity, const LogTotals& totals);
float FollowUpOf(const QueryCounts& counts, const LogTotals& totals);

// The signals and scores of all candidates of a source: what a signal is made of is put there pair by pair, then the
// logarithms and divisions of some pairs are done side by side. Not thread-safe.
class SignalColumns {
 public:
  // Leaves it empty, with room for `capacity` pairs of the source.
  void Start(const SourceSums& source, size_t capacity);
  // `shared_words`: in both queries. REQUIRES: size() is below the capacity.
  void Append(const PairSums& pair, const PairSearches& searches, const TargetFacts& target, uint32_t shared_words) {
    Block& block = blocks_[size_ / kLanes];
    const size_t lane = size_ % kLanes;
    const float pool = pair.pool_users + token_prior_ * target.popularity;
    block.signals[kPair][lane] = static_cast<float>(searches.together) + token_weight_ * pool;
    block.signals[kToken][lane] = 1 + pair.pool_sessions;
    block.signals[kWalk1][lane] = kWalkFloor + pair.walk1;
    block.signals[kWalk2][lane] = kWalkFloor + pair.walk2;
    block.signals[kJaccard][lane] = static_cast<float>(static_cast<int32_t>(shared_words));
    block.words[lane] = static_cast<float>(static_cast<int32_t>(words_ + target.words));
    block.signals[kNext][lane] = static_cast<float>(1 + searches.next);
    block.signals[kCoClick][lane] = kWalkFloor + pair.co_click;
    block.signals[kRecent][lane] = target.recent;
    block.signals[kFollowUp][lane] = target.follow_up;
    ++size_;
  }
  // Takes the logarithms and scores every pair by the sum of weight * signal. Once, after the last Append().
  void Finish(const Signals& weights);
  // The same without vector instructions beyond those that the compiler may always use; the same bits.
  void FinishPortably(const Signals& weights);

  size_t size() const { return size_; }
  // Of finished pairs, by number of the Append().
  float score(size_t i) const { return blocks_[i / kLanes].scores[i % kLanes]; }
  Signals signals(size_t i) const;

  static constexpr size_t kLanes = 8;
  using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;
  // Of so many pairs. Every one is full: what is left of the last is filled up with numbers that do no harm.
  struct alignas(sizeof(Lanes)) Block {  // As code for wide vectors expects; GCC would align them for narrow ones.
    std::array<Lanes, kSignalCount> signals;
    Lanes words;  // Of both queries together.
    Lanes scores;
  };

 private:
  static constexpr float kWalkFloor = 1e-4f;

  absl::Span<Block> FilledUp();

  float token_prior_ = 0, token_weight_ = 0;  // 20 I, and 8 / (sum_b TU + 20 I)
  uint32_t words_ = 0;
  size_t size_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace kindred
