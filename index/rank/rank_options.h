// Parameters of the ranking: the formula's weights, who may be shown, and the caps that bound the work.
#pragma once

#include <cstdint>

#include "index/store/related_list.h"

namespace kindred {

// score = sum of weight * signal, in the order of Signal. Learned by conditional logit on a shop's log of 45,000
// searches (2011), where they barely moved between five time cuts, and rounded; docs/relevance.md.
inline constexpr Signals kDefaultWeights = {.13f, .13f, -.11f, .22f, 1.6f, .27f, .18f, .28f, .43f};

// How far heavy users, hub products and common words may spread. 0: no cap. Each was measured on a log of 10 million
// rows for its time and on real shoppers for its cost in hit@10 (baseline .296, standard error .015).
struct RankCaps {
  uint32_t row = 160;                 // Neighbours of a query. 300 to 50 score .296.
  uint32_t word_pool = 200;           // Neighbours of a word. 1,000 to 50 score .296.
  uint32_t products_of_query = 20;    // .296.
  uint32_t queries_of_product = 100;  // .298.
  uint32_t products_of_product = 50;  // .297.
  uint32_t walk_of_product = 200;     // Queries two clicks away: .297.
  float min_walk = 1e-5f;             // Smaller walk entries are dropped: .296.
};

struct RankOptions {
  Signals weights = kDefaultWeights;
  uint32_t min_users = 2;         // Fewest distinct users who searched a keyword that may be shown.
  uint32_t min_pair_users = 2;    // Fewest who searched two queries, for the pair to count.
  uint32_t min_shared_users = 2;  // Fewest who clicked a product after the keyword, for it to count as shared evidence.
  uint32_t popular_fill = 0;      // Keywords of a list without evidence, at most; the first ones in rank count.
  bool drop_respellings = true;   // Of the query and of each other.
  uint32_t list_size = 50;        // At most kMaxCandidates.
  RankCaps caps;
};

// What the caps cut, for the report.
struct RankReport {
  uint64_t rows_cut = 0;
  uint64_t word_pools_cut = 0;
  uint64_t products_of_query_cut = 0;
  uint64_t queries_of_product_cut = 0;
  uint64_t walks_cut = 0;
};

}  // namespace kindred
