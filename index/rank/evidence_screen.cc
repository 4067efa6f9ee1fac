#include "index/rank/evidence_screen.h"

#include <algorithm>

namespace kindred {
namespace {

// To note a query is cheap: a bit in a near cache, from rows one after the other.
constexpr size_t kNotesForTouch = 8;

}  // namespace

bool EvidenceScreen::Start(QueryId source, const SourceWords& words, size_t touches) {
  const ProductWalks& products = tables_->products;
  const SparseRows<QueryId>& holders = tables_->words.shown_of_word;
  for (const QueryId query : noted_) is_noted_[query / kBits] = 0;
  noted_.clear();
  // A word that goes with everything is evidence for those alone that hold all words.
  telling_.clear();
  for (size_t i = 0; i < words.words.size(); ++i) {
    if (words.is_hub[i] == 0) telling_.push_back(words.words[i]);
  }
  if (telling_.empty() && !words.words.empty()) {
    telling_.push_back(*std::min_element(words.words.begin(), words.words.end(),
                                         [&](WordId x, WordId y) { return holders[x].size() < holders[y].size(); }));
  }
  size_t notes = 0;
  for (const WordId word : telling_) notes += holders[word].size();
  if (notes > kNotesForTouch * touches) return false;

  Note(source);
  for (const WordId word : telling_) {
    for (const QueryId query : holders[word]) Note(query);
  }
  for (const Neighbor& neighbor : tables_->neighbors.rows[source]) {
    if (neighbor.evident != 0) Note(neighbor.query);
  }
  for (const Step& product : products.products_of_query[source]) {
    if (!products.all_evident[product.id]) continue;
    for (const QueryStep& step : products.queries_of_product[product.id]) {
      if (step.evident != 0) Note(step.id);
    }
  }
  return true;
}

}  // namespace kindred
