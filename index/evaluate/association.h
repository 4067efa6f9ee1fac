// How strongly two queries go together, by the measures that are usual in text and basket mining. Each takes counts of
// distinct users (or sessions) and orders the neighbours of one source; none is a probability.
#pragma once

#include <cstdint>

namespace kindred {

// Counts of one kind. REQUIRES: 1 <= both <= min(from, to), from + to - both <= all.
struct TogetherCounts {
  uint64_t both = 0;  // Did both.
  uint64_t from = 0;  // Did the one ...
  uint64_t to = 0;    // ... the other.
  uint64_t all = 0;   // Did anything.
};

// both / sqrt(from * to): the cosine of the two 0-1 vectors over users. Source: Salton and McGill, 1983; as the
// similarity of items, Sarwar et al., WWW 2001.
double CosineScore(const TogetherCounts& counts);

// ln(P(both)^2 / (P(from) P(to))) with P(x) = x / all: pointwise mutual information, its preference for the rare taken
// off. Source: Daille, PhD thesis, Paris 7, 1994. Of the same counts it orders as the cosine does, of which it is twice
// the logarithm, so the two baselines count different things.
double PmiSquaredScore(const TogetherCounts& counts);

// 2 (H(cells) - H(rows) - H(columns) + N ln N) with H(k) = sum of k ln k over the 2 x 2 table of who did which: the
// log-likelihood ratio of "they go together" to "they are independent". The statistic is large for pairs that shun each
// other too: for those (both * all < from * to) it is taken negative. Source: Dunning, Computational Linguistics 19(1),
// 1993.
double LogLikelihoodScore(const TogetherCounts& counts);
// Whether that score is surely below `least`, told by `both` alone where from and to are at most half of all.
// `log_rarity` is ln(all / from). G^2 / 2 = sum of O ln(O / E) over four cells: the first is at most both * log_rarity,
// as to >= both; the next two are not positive; the last is at most d + d^2 / E <= 3 * both with d = both - E(both), E
// >= all / 4.
bool LogLikelihoodIsBelow(const TogetherCounts& counts, double log_rarity, double least);

}  // namespace kindred
