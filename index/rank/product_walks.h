// Which queries lead to the same products: the stage "products" of ranking.
//
// With C[q,p] the distinct users who clicked product p after query q: f_q(p) = C[q,p] / sum_p C[q,.] is where a query
// leads, r_p(q) = C[q,p] / sum_q C[.,p] which query led to a product. A walk of two clicks from query a ends at query b
// with
//   W1(b) = sum_p f_a(p) r_p(b),
// and one of four clicks with W2(b) = sum_q W1(q) sum_p f_q(p) r_p(b). The rows of the last two steps are summed up for
// each product, so that a source query only adds a few rows. A walk over people instead ends with
//   CC(b) = sum_p f_a(p) sum_p' u(p'|p) r_p'(b),
// where u(p'|p) is the share of p' among the other products that people clicked who clicked p.
#pragma once

#include <cstdint>
#include <vector>

#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"
#include "index/rank/sparse_rows.h"

namespace kindred {

// A step of a walk: to the id, with the probability.
struct Step {
  uint32_t id;
  float p;
};

// A step from a product to a query.
struct QueryStep {
  uint32_t id : 31;
  uint32_t evident : 1;  // The product stands in the query's evidence_of_query.
  float p;
};

struct ProductWalks {
  SparseRows<Step> products_of_query;        // f: the likeliest of each row, ascending by id.
  SparseRows<QueryStep> queries_of_product;  // r, to queries that may be shown, ascending by id.
  std::vector<bool> all_evident;             // By product: no cap cut an evident step off its queries_of_product.
  // Sum of r over the walks product -> query -> product, to queries that may be shown, in no order.
  SparseRows<Step> walk_of_product;
  SparseRows<Step> co_clicks_of_product;  // Sum of r over the products that people clicked too, likewise.
  // Products of a topic clicked by at least min_shared_users users after each query, and by any; ascending.
  SparseRows<ItemId> evidence_of_query;
  SparseRows<ItemId> all_of_query;
  // Rows that the caps cut.
  uint64_t products_of_query_cut = 0, queries_of_product_cut = 0, walks_cut = 0;
};

// A product is everybody's, an offer on the front page, where no word stands in at least this share of the queries of
// those who clicked it (kMinClicks or more, so that there is something to tell by): it is no evidence that two queries
// go together.
inline constexpr double kMinWordShare = .2;
inline constexpr uint32_t kMinClicks = 10;

// `words_of_query`: WordPools::words_of_query. `spent`: nullptr, or `mined`, whose clicks and pairs of products are
// then given back once they were read. In the mined log's memory. The same for any number of threads, which must be
// above 0.
ProductWalks BuildProductWalks(const MinedLog& mined, MinedLog* spent, const RankOptions& options,
                               const SparseRows<uint32_t>& words_of_query, uint32_t threads = 1);

}  // namespace kindred
