#include "index/rank/row_sums.h"

namespace kindred {
namespace {

constexpr auto kItself = [](QueryId query) { return query; };
constexpr auto kQuery = [](const auto& entry) { return entry.query; };
constexpr auto kId = [](const auto& entry) { return entry.id; };
constexpr auto kTouch = [](PairSums&, const auto&) {};

}  // namespace

// The rows of the next source, and the places of those of the next but one: memory answers while this one is summed up.
void RowSums::Prefetch(QueryId source) const {
  const WordPools& words = tables_->words;
  const ProductWalks& products = tables_->products;
  const auto each = [&](QueryId query, auto of_word, auto of_product) {
    if (query >= words.words_of_query.rows()) return;
    for (const WordId word : words.words_of_query[query]) of_word(word);
    for (const Step& product : products.products_of_query[query]) of_product(product.id);
  };
  each(
      source + 1, [&](WordId word) { words.pools.PrefetchRow(word); },
      [&](ItemId item) {
        products.queries_of_product.PrefetchRow(item);
        products.walk_of_product.PrefetchRow(item);
        products.co_clicks_of_product.PrefetchRow(item);
      });
  each(
      source + 2, [&](WordId word) { words.pools.PrefetchPlace(word); },
      [&](ItemId item) {
        products.queries_of_product.PrefetchPlace(item);
        products.walk_of_product.PrefetchPlace(item);
        products.co_clicks_of_product.PrefetchPlace(item);
      });
}

size_t RowSums::Touches(QueryId source) const {
  const RankTables& t = *tables_;
  size_t touches = t.neighbors.rows[source].size() + t.popular.size();
  for (const WordId word : t.words.words_of_query[source]) touches += t.words.pools[word].size();
  for (const Step& product : t.products.products_of_query[source]) {
    touches += t.products.queries_of_product[product.id].size() + t.products.walk_of_product[product.id].size() +
               t.products.co_clicks_of_product[product.id].size();
  }
  return touches;
}

template <typename Row, typename IdOf, typename Add>
void RowSums::AddRow(const Row& row, IdOf id_of, Add add) {
  if (screen_ == nullptr) return sums_.Sum(row, id_of, add);
  if (passing_.size() <= row.size()) passing_.resize(row.size() + 1);
  uint32_t* next = passing_.data();
  for (uint32_t i = 0; i < row.size(); ++i) {
    *next = i;
    next += screen_->Passes(id_of(row[i])) ? 1 : 0;  // No branch, which could not be foreseen.
  }
  sums_.Sum(
      absl::MakeConstSpan(passing_.data(), next), [&](uint32_t i) { return id_of(row[i]); },
      [&](PairSums& sum, uint32_t i) { add(sum, row[i]); });
}

void RowSums::AddWords(QueryId source, SourceSums& result) {
  const WordPools& words = tables_->words;
  for (const WordId word : words.words_of_query[source]) {
    const double idf = words.idf[word];
    result.idf += idf;
    result.pool_users += idf * words.user_sums[word];
    const auto weight = static_cast<float>(idf);
    AddRow(words.pools[word], kQuery, [weight](PairSums& sum, const PoolEntry& entry) {
      sum.pool_users += weight * entry.users;
      sum.pool_sessions += weight * entry.sessions;
    });
  }
}

void RowSums::AddProducts(QueryId source) {
  const ProductWalks& products = tables_->products;
  for (const Step& product : products.products_of_query[source]) {
    const float p = product.p;
    const uint32_t counts = products.all_evident[product.id] ? 1 : 0;
    AddRow(products.queries_of_product[product.id], kId, [p, counts](PairSums& sum, const QueryStep& step) {
      sum.walk1 += p * step.p;
      sum.products += step.evident & counts;
    });
    AddRow(products.walk_of_product[product.id], kId,
           [p](PairSums& sum, const Step& step) { sum.walk2 += p * step.p; });
    AddRow(products.co_clicks_of_product[product.id], kId,
           [p](PairSums& sum, const Step& step) { sum.co_click += p * step.p; });
  }
}

SourceSums RowSums::Sum(QueryId source, const EvidenceScreen* screen) {
  screen_ = screen;
  Prefetch(source);
  sums_.Clear(Touches(source));
  sums_.Sum(tables_->neighbors.rows[source], kQuery, kTouch);
  SourceSums result;
  result.words = static_cast<uint32_t>(tables_->words.words_of_query[source].size());
  AddWords(source, result);
  AddProducts(source);
  sums_.Sum(tables_->popular, kItself, kTouch);
  if (const PairSums* self = sums_.Find(source)) result.pool_users -= self->pool_users;
  return result;
}

}  // namespace kindred
