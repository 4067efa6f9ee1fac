#include "index/rank/rank_tables.h"

#include <algorithm>
#include <utility>
#include <vector>

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

// Fewest users of a query that gets a list of its own; the others are answered through near queries, which costs
// nothing at build time. On a thin log every list helps (hit@10 .275 beside .270, answered .987 beside .969); on a
// large one most queries are one person's, and ranking them doubles the time.
uint32_t MinSourceUsers(uint32_t min_users) { return min_users < 5 ? 1 : 2; }

constexpr size_t kMaxQueries = size_t{1} << 31;

}  // namespace

absl::StatusOr<std::shared_ptr<const RankTables>> RankTables::Create(const EventTable& table, const MinedLog& mined,
                                                                     const RankOptions& options, uint32_t threads) {
  std::shared_ptr<RankTables> tables(new RankTables(table, options));
  RETURN_IF_ERROR(tables->Fill(mined, nullptr, threads));
  return tables;
}

absl::StatusOr<std::shared_ptr<const RankTables>> RankTables::Create(const EventTable& table, MinedLog&& mined,
                                                                     const RankOptions& options, uint32_t threads) {
  std::shared_ptr<RankTables> tables(new RankTables(table, options));
  RETURN_IF_ERROR(tables->Fill(mined, &mined, threads));
  return tables;
}

absl::Status RankTables::Fill(const MinedLog& mined, MinedLog* spent, uint32_t threads) {
  if (table.queries.size() > kMaxQueries) {
    return absl::InvalidArgumentError(
        absl::StrCat(table.queries.size(), " queries in a market: ", kMaxQueries, " at most can be ranked"));
  }
  memory = mined.memory;
  const auto memory_status = [&] { return memory == nullptr ? absl::OkStatus() : memory->status(); };
  neighbors = BuildNeighborRows(mined, options);
  if (spent != nullptr) spent->pairs = decltype(spent->pairs)();
  RETURN_IF_ERROR(memory_status());
  ASSIGN_OR_RETURN(words, BuildWordPools(table.queries, mined, neighbors, options, threads));
  RETURN_IF_ERROR(memory_status());
  if (memory != nullptr) memory->TrimHeap();
  products = BuildProductWalks(mined, spent, options, words.words_of_query, threads);
  RETURN_IF_ERROR(memory_status());
  FindFacts(mined, threads);
  if (options.popular_fill > 0) FindPopular(mined.counts);
  if (spent != nullptr) spent->counts = decltype(spent->counts)();
  return memory_status();
}

bool RankTables::MayHaveList(QueryId source) const {
  return keywords[source].users >= MinSourceUsers(options.min_users);
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

void RankTables::FindFacts(const MinedLog& mined, uint32_t threads) {
  const absl::Span<const QueryCounts> counts = mined.counts;
  LogTotals totals;
  for (const QueryCounts& of_query : counts) {
    totals.queries += of_query.searches > 0;
    totals.searches += of_query.searches;
    totals.recent += of_query.recent;
    totals.followups += of_query.followups;
  }
  const auto queries = static_cast<QueryId>(table.queries.size());
  marks = LargeSpillVector<QueryMarks>(queries, mined.memory);
  facts = LargeSpillVector<TargetFacts>(queries, mined.memory);
  keywords = LargeSpillVector<KeywordFacts>(queries, mined.memory);
  if (options.drop_respellings) spellings = LargeSpillVector<SpellingDigest>(queries, mined.memory);
  ParallelFor(threads, (queries + kQueryBlock - 1) / kQueryBlock, [&](uint32_t, size_t i) {
    const auto block = static_cast<uint32_t>(i);
    for (QueryId query = block * kQueryBlock; query < std::min(queries, (block + 1) * kQueryBlock); ++query) {
      if (counts[query].searches > 0) FindFactsOf(query, counts[query], totals);
    }
  });
}

// Of a long tail, most queries are neither shown nor have a list.
void RankTables::FindFactsOf(QueryId query, const QueryCounts& counts, const LogTotals& totals) {
  keywords[query] = {.display = table.spellings[counts.display].display, .users = counts.users};
  const bool is_shown = MayBeShown(counts, options);
  if (options.drop_respellings && (is_shown || MayHaveList(query))) {
    spellings[query] = SpellingForm(table.queries[query]).digest();
  }
  if (!is_shown) return;
  keywords[query].fingerprint = QueryFingerprint(table.queries[query]);
  const double popularity = PopularityOf(counts, totals);
  const absl::Span<const WordId> own = words.words_of_query[query];
  facts[query] = {.popularity = static_cast<float>(popularity),
                  .recent = RecentOf(popularity, totals),
                  .follow_up = FollowUpOf(counts, totals),
                  .words = static_cast<uint32_t>(own.size())};
  marks[query].words = TagsOf(own, words.tags);
  for (const ItemId item : products.evidence_of_query[query]) marks[query].products |= MarkOfProduct(item);
}

void RankTables::FindPopular(absl::Span<const QueryCounts> counts) {
  std::vector<QueryId> shown;
  for (QueryId query = 0; query < counts.size(); ++query) {
    if (MayBeShown(counts[query], options)) shown.push_back(query);
  }
  const auto take = [&](uint32_t limit, auto key) {
    std::vector<QueryId> order = shown;
    const auto end = order.begin() + std::min<size_t>(limit, order.size());
    std::partial_sort(order.begin(), end, order.end(), [&](QueryId x, QueryId y) {
      const double a = key(counts[x]), b = key(counts[y]);
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
