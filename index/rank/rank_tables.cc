#include "index/rank/rank_tables.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/rank/pair_signals.h"

namespace kindred {
namespace {

// The popular queries that may fill a list: so many by all searches, by recent ones, and as follow-ups. Without any
// of them as candidates hit@10 was the same.
constexpr uint32_t kMostSearched = 60, kMostRecent = 60, kMostFollowed = 40;

// Queries whose facts are found in one go.
constexpr uint32_t kQueryBlock = 1024;

constexpr size_t kMaxQueries = size_t{1} << 31;

}  // namespace

RankTables::RankTables(const EventTable& table, const MinedLog& mined, const RankOptions& options)
    : table(table), mined(mined), options(options), neighbors(BuildNeighborRows(mined, options)) {}

absl::StatusOr<std::shared_ptr<const RankTables>> RankTables::Create(const EventTable& table, const MinedLog& mined,
                                                                     const RankOptions& options, uint32_t threads) {
  if (table.queries.size() > kMaxQueries) {
    return absl::InvalidArgumentError(
        absl::StrCat(table.queries.size(), " queries in a market: ", kMaxQueries, " at most can be ranked"));
  }
  std::shared_ptr<RankTables> tables(new RankTables(table, mined, options));
  ASSIGN_OR_RETURN(tables->words, BuildWordPools(table.queries, mined, tables->neighbors, options, threads));
  tables->products = BuildProductWalks(mined, options, tables->words.words_of_query, threads);
  tables->FindFacts(threads);
  if (options.popular_fill > 0) tables->FindPopular();
  return tables;
}

SourceWords RankTables::WordsOf(QueryId source) const {
  SourceWords result{.words = words.words_of_query[source], .is_hub = {}};
  for (const WordId word : result.words) result.is_hub.push_back(words.is_hub[word] ? 1 : 0);
  return result;
}

SharedWords RankTables::WordsShared(const SourceWords& source, QueryId query) const {
  SharedWords result;
  size_t i = 0;
  for (const WordId word : words.words_of_query[query]) {
    while (i < source.words.size() && source.words[i] < word) ++i;
    if (i == source.words.size()) break;
    if (source.words[i] != word) continue;
    ++result.all;
    result.hubs += source.is_hub[i];
  }
  return result;
}

void RankTables::FindFacts(uint32_t threads) {
  LogTotals totals;
  for (const QueryCounts& counts : mined.counts) {
    totals.queries += counts.searches > 0;
    totals.searches += counts.searches;
    totals.recent += counts.recent;
    totals.followups += counts.followups;
  }
  const auto queries = static_cast<QueryId>(table.queries.size());
  marks.resize(queries);
  facts.resize(queries);
  keywords.resize(queries);
  if (options.drop_respellings) spellings.resize(queries);
  ParallelFor(threads, (queries + kQueryBlock - 1) / kQueryBlock, [&](uint32_t, size_t i) {
    const auto block = static_cast<uint32_t>(i);
    for (QueryId query = block * kQueryBlock; query < std::min(queries, (block + 1) * kQueryBlock); ++query) {
      if (mined.counts[query].searches > 0) FindFactsOf(query, totals);
    }
  });
}

void RankTables::FindFactsOf(QueryId query, const LogTotals& totals) {
  const double popularity = PopularityOf(mined.counts[query], totals);
  const absl::Span<const WordId> own = words.words_of_query[query];
  facts[query] = {.popularity = static_cast<float>(popularity),
                  .recent = RecentOf(popularity, totals),
                  .follow_up = FollowUpOf(mined.counts[query], totals),
                  .words = static_cast<uint32_t>(own.size())};
  marks[query].words = TagsOf(own, words.tags);
  for (const ItemId item : products.evidence_of_query[query]) marks[query].products |= MarkOfProduct(item);
  keywords[query] = {.display = table.spellings[mined.counts[query].display].display,
                     .fingerprint = QueryFingerprint(table.queries[query]),
                     .users = mined.counts[query].users};
  if (options.drop_respellings) spellings[query] = SpellingForm(table.queries[query]).digest();
}

void RankTables::FindPopular() {
  std::vector<QueryId> shown;
  for (QueryId query = 0; query < mined.counts.size(); ++query) {
    if (MayBeShown(mined.counts[query], options)) shown.push_back(query);
  }
  const auto take = [&](uint32_t limit, auto key) {
    std::vector<QueryId> order = shown;
    const auto end = order.begin() + std::min<size_t>(limit, order.size());
    std::partial_sort(order.begin(), end, order.end(), [&](QueryId x, QueryId y) {
      const double a = key(mined.counts[x]), b = key(mined.counts[y]);
      return a != b ? a > b : x < y;
    });
    popular.insert(popular.end(), order.begin(), end);
  };
  take(kMostSearched, [](const QueryCounts& c) { return static_cast<double>(c.searches); });
  take(kMostRecent, [](const QueryCounts& c) { return c.recent; });
  take(kMostFollowed, [](const QueryCounts& c) { return static_cast<double>(c.followups); });
}

std::vector<std::pair<absl::string_view, size_t>> RankTables::PartBytes() const {
  const auto bytes = [](const auto& vector) { return vector.capacity() * sizeof(vector[0]); };
  return {{"rows", neighbors.rows.bytes() + bytes(neighbors.user_sums)},
          {"words of queries", words.words_of_query.bytes()},
          {"word pools", words.pools.bytes() + bytes(words.idf) + bytes(words.user_sums)},
          {"products of queries", products.products_of_query.bytes()},
          {"queries of products", products.queries_of_product.bytes()},
          {"walks", products.walk_of_product.bytes()},
          {"co-clicks", products.co_clicks_of_product.bytes()},
          {"evidence", products.evidence_of_query.bytes() + products.all_of_query.bytes()},
          {"facts", bytes(marks) + bytes(facts) + bytes(keywords)},
          {"spellings", bytes(spellings)}};
}

RankReport RankTables::report() const {
  return {.rows_cut = neighbors.rows_cut,
          .word_pools_cut = words.pools_cut,
          .products_of_query_cut = products.products_of_query_cut,
          .queries_of_product_cut = products.queries_of_product_cut,
          .walks_cut = products.walks_cut};
}

}  // namespace kindred
