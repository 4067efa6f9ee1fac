#include "index/rank/product_walks.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/rank/neighbor_rows.h"
#include "index/rank/ordered_blocks.h"

namespace kindred {
namespace {

// Ascends where a step is less likely, and among equally likely ones by id. REQUIRES: p is not below 0.
uint64_t Unlikeliness(const Step& step) { return uint64_t{~std::bit_cast<uint32_t>(step.p)} << 32 | step.id; }

// Keeps the `cap` likeliest steps, in no order, or with 0 all; true if it cut. By whole numbers, which compare faster.
bool KeepLikeliest(std::vector<Step>& row, uint32_t cap) {
  if (cap == 0 || row.size() <= cap) return false;
  std::vector<uint64_t> order;
  order.reserve(row.size());
  for (const Step& step : row) order.push_back(Unlikeliness(step));
  KeepBest(order, cap, std::less<>());
  row.resize(order.size());
  std::transform(order.begin(), order.end(), row.begin(), [](uint64_t place) {
    return Step{static_cast<uint32_t>(place), std::bit_cast<float>(~static_cast<uint32_t>(place >> 32))};
  });
  return true;
}

struct StepRows {
  explicit StepRows(const std::shared_ptr<SpillMemory>& memory = nullptr) : rows(memory) {}

  SparseRows<Step> rows;
  uint64_t cut = 0;  // Rows that the cap cut.

  // Takes the `cap` likeliest steps of a row, in order of their ids, or in any.
  void Append(std::vector<Step>& row, uint32_t cap, bool in_order = true) {
    cut += KeepLikeliest(row, cap);
    if (in_order) std::sort(row.begin(), row.end(), [](const Step& x, const Step& y) { return x.id < y.id; });
    rows.Append(row);
  }
};

// The queries that may be shown, numbered among themselves, so that what is summed up by their number fits a nearer
// cache. In the order of their ids.
struct ShownNumbers {
  static constexpr uint32_t kNotShown = UINT32_MAX;

  std::vector<uint32_t> number_of;  // By query.
  std::vector<QueryId> query_of;    // By number.
};

ShownNumbers NumberShown(const std::vector<bool>& is_shown) {
  ShownNumbers numbers;
  for (QueryId query = 0; query < is_shown.size(); ++query) {
    numbers.number_of.push_back(is_shown[query] ? static_cast<uint32_t>(numbers.query_of.size())
                                                : ShownNumbers::kNotShown);
    if (is_shown[query]) numbers.query_of.push_back(query);
  }
  return numbers;
}

// One side of the clicks as rows of shares: each count divided by the row's sum. `number_of`, where given, renames the
// steps; those of kNotShown are dropped after the division.
StepRows TransitionRows(const SparseRows<Step>& counts, uint32_t cap, const std::shared_ptr<SpillMemory>& memory,
                        const std::vector<uint32_t>* number_of = nullptr) {
  StepRows result(memory);
  std::vector<Step> row;
  for (uint32_t i = 0; i < counts.rows(); ++i) {
    double sum = 0;
    for (const Step& step : counts[i]) sum += step.p;
    row.clear();
    for (const Step& step : counts[i]) {
      const uint32_t id = number_of == nullptr ? step.id : (*number_of)[step.id];
      if (id != ShownNumbers::kNotShown) row.push_back({id, static_cast<float>(step.p / sum)});
    }
    result.Append(row, cap);
  }
  return result;
}

struct ProductOptions {
  uint32_t columns;  // Ids of the second factor's entries are below this.
  uint32_t row;
  float min_p;
  bool in_order;  // Whether the order of a row's entries matters: what is summed up by id alone needs none.
  const std::vector<uint32_t>* names;          // Of the columns, in the product; ascending. nullptr: their numbers.
  const std::shared_ptr<SpillMemory>& memory;  // Of the product.
  uint32_t threads;
};

// Rows of a product that are made in one go.
constexpr uint32_t kRowBlock = 256;

// Sums of probabilities by id, in one plain array: rows of thousands of steps lead to hundreds of ids.
class ProbabilitySums {
 public:
  explicit ProbabilitySums(uint32_t ids) : sums_(ids) {}

  // Adds p times each step. REQUIRES: nothing is below 0.
  void Add(float p, absl::Span<const Step> row) {
    if (touched_.size() < size_ + row.size()) touched_.resize(2 * (size_ + row.size()));
    float* const sums = sums_.data();
    uint32_t* next = touched_.data() + size_;
    for (const Step& step : row) {
      const float before = sums[step.id];
      *next = step.id;              // An id whose sum stays 0 is noted again and again, which does no harm.
      next += before == 0 ? 1 : 0;  // No branch, which could not be foreseen.
      sums[step.id] = before + p * step.p;
    }
    size_ = static_cast<size_t>(next - touched_.data());
  }
  // Moves what is above `min`, 0 or more, to `row`, in order of first touch, and forgets all.
  void MoveTo(std::vector<Step>& row, float min) {
    row.clear();
    for (const uint32_t id : absl::MakeConstSpan(touched_).first(size_)) {
      if (sums_[id] > min) row.push_back({id, sums_[id]});
      sums_[id] = 0;
    }
    size_ = 0;
  }

 private:
  std::vector<float> sums_;
  std::vector<uint32_t> touched_;  // The first size_ of them.
  size_t size_ = 0;
};

// The product of two sparse matrices.
StepRows Multiply(const SparseRows<Step>& a, const SparseRows<Step>& b, const ProductOptions& options) {
  std::vector<ProbabilitySums> sums_of_worker(options.threads, ProbabilitySums(options.columns));
  const auto make = [&](uint32_t worker, uint32_t block) -> absl::StatusOr<StepRows> {
    ProbabilitySums& sums = sums_of_worker[worker];
    StepRows made;
    std::vector<Step> row;
    for (uint32_t i = block * kRowBlock; i < std::min(a.rows(), (block + 1) * kRowBlock); ++i) {
      for (const Step& first : a[i]) sums.Add(first.p, b[first.id]);
      sums.MoveTo(row, options.min_p);
      if (options.names != nullptr) {
        for (Step& step : row) step.id = (*options.names)[step.id];
      }
      made.Append(row, options.row, options.in_order);
    }
    return made;
  };
  StepRows result(options.memory);
  const auto take = [&](const StepRows& block) {
    result.rows.AppendAll(block.rows);
    result.cut += block.cut;
    return absl::OkStatus();
  };
  // Neither fails.
  RunBlocks<StepRows>((a.rows() + kRowBlock - 1) / kRowBlock, options.threads, make, take).IgnoreError();
  return result;
}

// Whether no word stands in a good part of the queries of those who clicked a product.
std::vector<bool> FindEverybodys(const SparseRows<Step>& by_item, const SparseRows<uint32_t>& words_of_query) {
  absl::flat_hash_map<uint32_t, float> users_of_word;
  std::vector<bool> everybodys;
  for (ItemId item = 0; item < by_item.rows(); ++item) {
    users_of_word.clear();
    float users = 0, most = 0;
    for (const Step& click : by_item[item]) {
      users += click.p;
      for (const uint32_t word : words_of_query[click.id]) most = std::max(most, users_of_word[word] += click.p);
    }
    everybodys.push_back(users >= kMinClicks && most < kMinWordShare * users);
  }
  return everybodys;
}

// u: for each product, the shares of the others that people clicked who clicked it.
StepRows CoClickRows(const MinedLog& mined, uint32_t items, const RankOptions& options) {
  const auto visit = [&](const auto& put) {
    for (const ItemPairCounts& pair : mined.item_pairs) {
      if (pair.users < options.min_pair_users) continue;
      put(pair.a, [&] { return Step{pair.b, static_cast<float>(pair.users)}; });
      put(pair.b, [&] { return Step{pair.a, static_cast<float>(pair.users)}; });
    }
  };
  return TransitionRows(SparseRows<Step>::Collect(items, visit, mined.memory), options.caps.products_of_product,
                        mined.memory);
}

// The steps to queries, which are numbered, with what evidence they are, and for each product whether they are all of
// its evidence.
void MarkEvidence(const SparseRows<Step>& queries_of_product, const ShownNumbers& numbers, ProductWalks& walks) {
  std::vector<uint32_t> wanted(queries_of_product.rows());
  for (const QueryId query : numbers.query_of) {
    for (const ItemId item : walks.evidence_of_query[query]) ++wanted[item];
  }
  std::vector<QueryStep> row;
  for (ItemId item = 0; item < queries_of_product.rows(); ++item) {
    row.clear();
    for (const Step& step : queries_of_product[item]) {
      const QueryId query = numbers.query_of[step.id];
      const absl::Span<const ItemId> items = walks.evidence_of_query[query];
      const bool evident = std::binary_search(items.begin(), items.end(), item);
      row.push_back({.id = query, .evident = evident, .p = step.p});
      wanted[item] -= static_cast<uint32_t>(evident);
    }
    walks.queries_of_product.Append(row);
    walks.all_evident.push_back(wanted[item] == 0);
  }
}

// The products that are evidence for each query.
SparseRows<ItemId> EvidenceRows(const MinedLog& mined, const RankOptions& options,
                                const std::vector<bool>& everybodys) {
  const auto visit = [&](const auto& put) {
    for (const ClickCounts& click : mined.clicks) {
      if (click.users < options.min_shared_users || everybodys[click.item]) continue;
      put(click.query, [&] { return click.item; });
    }
  };
  return SparseRows<ItemId>::Collect(static_cast<uint32_t>(mined.counts.size()), visit, mined.memory);
}

}  // namespace

ProductWalks BuildProductWalks(const MinedLog& mined, MinedLog* spent, const RankOptions& options,
                               const SparseRows<uint32_t>& words_of_query, uint32_t threads) {
  const uint32_t queries = static_cast<uint32_t>(mined.counts.size());
  uint32_t items = 0;
  for (const ClickCounts& click : mined.clicks) items = std::max(items, click.item + 1);
  const auto query_of = [](const ClickCounts& click) { return click.query; };
  const auto item_of = [](const ClickCounts& click) { return click.item; };
  ShownNumbers shown = NumberShown(ShownQueries(mined, options));
  const RankCaps& caps = options.caps;
  const std::shared_ptr<SpillMemory> memory = mined.memory;
  const ProductOptions walk = {.columns = static_cast<uint32_t>(shown.query_of.size()),
                               .row = caps.walk_of_product,
                               .min_p = caps.min_walk,
                               .in_order = false,
                               .names = &shown.query_of,
                               .memory = memory,
                               .threads = threads};

  ProductWalks walks;
  StepRows queries_of_product, all_queries_of_product;
  {
    const auto step = [](const ClickCounts& click) { return Step{click.query, static_cast<float>(click.users)}; };
    const auto by_item = SparseRows<Step>::Group(items, mined.clicks, item_of, step, memory);
    queries_of_product = TransitionRows(by_item, caps.queries_of_product, memory, &shown.number_of);
    all_queries_of_product = TransitionRows(by_item, caps.queries_of_product, memory);
    walks.evidence_of_query = EvidenceRows(mined, options, FindEverybodys(by_item, words_of_query));
  }
  shown.number_of = {};
  walks.queries_of_product_cut = queries_of_product.cut;
  {
    StepRows co_clicks = CoClickRows(mined, items, options);
    if (spent != nullptr) spent->item_pairs = decltype(spent->item_pairs)();
    co_clicks = Multiply(co_clicks.rows, queries_of_product.rows, walk);
    walks.walks_cut += co_clicks.cut;
    walks.co_clicks_of_product = std::move(co_clicks.rows);
  }
  {
    const auto step = [](const ClickCounts& click) { return Step{click.item, static_cast<float>(click.users)}; };
    StepRows products = TransitionRows(SparseRows<Step>::Group(queries, mined.clicks, query_of, step, memory),
                                       caps.products_of_query, memory);
    walks.products_of_query_cut = products.cut;
    walks.products_of_query = std::move(products.rows);
  }
  walks.all_of_query = SparseRows<ItemId>::Group(queries, mined.clicks, query_of, item_of, memory);
  if (spent != nullptr) spent->clicks = decltype(spent->clicks)();
  const StepRows products_of_product = Multiply(all_queries_of_product.rows, walks.products_of_query,
                                                {.columns = items,
                                                 .row = caps.products_of_product,
                                                 .min_p = 0,
                                                 .in_order = true,
                                                 .names = nullptr,
                                                 .memory = memory,
                                                 .threads = threads});
  all_queries_of_product = StepRows();
  StepRows walk_of_product = Multiply(products_of_product.rows, queries_of_product.rows, walk);
  walks.walks_cut += products_of_product.cut + walk_of_product.cut;
  walks.walk_of_product = std::move(walk_of_product.rows);
  walks.queries_of_product = SparseRows<QueryStep>(memory);
  MarkEvidence(queries_of_product.rows, shown, walks);
  return walks;
}

}  // namespace kindred
