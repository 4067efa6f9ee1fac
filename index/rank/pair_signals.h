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

#include <cstdint>

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
  uint32_t users = 0, users_after = 0, users_next = 0, sessions = 0;
  bool evident = false;  // Neighbor::evident.
  float pool_users = 0, pool_sessions = 0;
  float walk1 = 0, walk2 = 0, co_click = 0;
};

// Of b.
struct TargetFacts {
  double popularity = 0;  // p(b)
  float recent = 0;       // The signals of b alone.
  float follow_up = 0;
  uint32_t words = 0;
  uint32_t shared_words = 0;
};

// What is known of b alone, for the signals of the same names.
double PopularityOf(const QueryCounts& counts, const LogTotals& totals);
float RecentOf(double popularity, const LogTotals& totals);
float FollowUpOf(const QueryCounts& counts, const LogTotals& totals);

Signals SignalsOf(const SourceSums& source, const PairSums& pair, const TargetFacts& target);

}  // namespace kindred
