#include "index/rank/product_walks.h"

#include <algorithm>

namespace kindred {
namespace {

struct Sum {
  bool touched = false;
  float p = 0;
};

bool Likelier(const Step& x, const Step& y) { return x.p != y.p ? x.p > y.p : x.id < y.id; }

// Rows of `clicks` by one side, each divided by its sum; entries of which `keep` says no are dropped after the
// division.
template <typename RowOf, typename IdOf, typename Keep>
SparseRows<Step> TransitionRows(const std::vector<ClickCounts>& clicks, uint32_t rows, RowOf row_of, IdOf id_of,
                                Keep keep, uint32_t cap, uint64_t& cut) {
  const auto counts = SparseRows<Step>::Group(rows, clicks, row_of, [&](const ClickCounts& click) {
    return Step{id_of(click), static_cast<float>(click.users)};
  });
  SparseRows<Step> result;
  std::vector<Step> row;
  for (uint32_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (const Step& step : counts[i]) sum += step.p;
    row.clear();
    for (const Step& step : counts[i]) {
      if (keep(step.id)) row.push_back({step.id, static_cast<float>(step.p / sum)});
    }
    cut += KeepBest(row, cap, Likelier);
    std::sort(row.begin(), row.end(), [](const Step& x, const Step& y) { return x.id < y.id; });
    result.Append(row);
  }
  return result;
}

// The product of two sparse matrices, `cap` best entries a row of at least `min_p`.
SparseRows<Step> Multiply(const SparseRows<Step>& a, const SparseRows<Step>& b, uint32_t columns, uint32_t cap,
                          float min_p, uint64_t& cut) {
  Accumulator<Sum> sums(columns);
  SparseRows<Step> result;
  std::vector<Step> row;
  for (uint32_t i = 0; i < a.rows(); ++i) {
    for (const Step& first : a[i]) {
      for (const Step& second : b[first.id]) sums.at(second.id).p += first.p * second.p;
    }
    row.clear();
    for (const uint32_t id : sums.touched()) {
      if (sums[id].p > min_p) row.push_back({id, sums[id].p});
    }
    sums.Clear();
    cut += KeepBest(row, cap, Likelier);
    std::sort(row.begin(), row.end(), [](const Step& x, const Step& y) { return x.id < y.id; });
    result.Append(row);
  }
  return result;
}

}  // namespace

ProductWalks BuildProductWalks(const MinedLog& mined, const RankOptions& options, RankReport& report) {
  const uint32_t queries = static_cast<uint32_t>(mined.counts.size());
  uint32_t items = 0;
  for (const ClickCounts& click : mined.clicks) items = std::max(items, click.item + 1);
  const auto query_of = [](const ClickCounts& click) { return click.query; };
  const auto item_of = [](const ClickCounts& click) { return click.item; };
  const auto any = [](uint32_t) { return true; };
  const auto shown = [&](QueryId query) { return mined.counts[query].users >= options.min_users; };
  const RankCaps& caps = options.caps;

  ProductWalks walks;
  walks.products_of_query = TransitionRows(mined.clicks, queries, query_of, item_of, any, caps.products_of_query,
                                           report.products_of_query_cut);
  walks.queries_of_product = TransitionRows(mined.clicks, items, item_of, query_of, shown, caps.queries_of_product,
                                            report.queries_of_product_cut);
  uint64_t ignored = 0;
  const SparseRows<Step> all_queries_of_product =
      TransitionRows(mined.clicks, items, item_of, query_of, any, caps.queries_of_product, ignored);
  const SparseRows<Step> products_of_product =
      Multiply(all_queries_of_product, walks.products_of_query, items, caps.products_of_product, 0, report.walks_cut);
  walks.walk_of_product = Multiply(products_of_product, walks.queries_of_product, queries, caps.walk_of_product,
                                   caps.min_walk, report.walks_cut);

  std::vector<ClickCounts> supported;
  std::copy_if(mined.clicks.begin(), mined.clicks.end(), std::back_inserter(supported),
               [&](const ClickCounts& click) { return click.users >= options.min_shared_users; });
  walks.evidence_of_query = SparseRows<ItemId>::Group(queries, supported, query_of, item_of);
  walks.all_of_query = SparseRows<ItemId>::Group(queries, mined.clicks, query_of, item_of);
  return walks;
}

}  // namespace kindred
