#include "index/rank/word_pools.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/status_macros.h"
#include "index/text/code_points.h"
#include "index/text/word_segmenter.h"

namespace kindred {
namespace {

struct PoolCell {
  uint32_t id = 0;
  float users = 0;
  float sessions = 0;
};

// Of what people who searched the queries that hold a word searched too, the share that holds it likewise.
double Coherence(absl::Span<const QueryId> holders, const Accumulator<PoolCell>& pool) {
  double within = kPriorCoherence * kPriorSearches, all = kPriorSearches;
  for (const PoolCell& cell : pool.touched()) all += cell.users;
  for (const QueryId query : holders) {
    if (const PoolCell* cell = pool.Find(query)) within += cell->users;
  }
  return within / all;
}

// A single character of a script that puts no spaces between words.
bool IsTornOff(absl::string_view word) {
  const absl::StatusOr<std::u32string> code_points = DecodeUtf8(word);
  return code_points.ok() && code_points->size() == 1 && IsUnspacedCjk(code_points->front());
}

}  // namespace

bool IsAmong(absl::Span<const WordId> row, WordId word) { return std::binary_search(row.begin(), row.end(), word); }

absl::StatusOr<WordPools> BuildWordPools(absl::Span<const NormalizedQuery> queries, const MinedLog& mined,
                                         const NeighborRows& neighbors, const RankOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<WordSegmenter> segmenter, WordSegmenter::Create());
  WordPools result;
  absl::flat_hash_map<std::string, WordId> ids;
  std::vector<std::pair<WordId, QueryId>> occurrences;
  std::vector<WordId> words;
  std::vector<bool> torn_off;  // By word.
  uint32_t known_queries = 0;
  for (QueryId query = 0; query < queries.size(); ++query) {
    words.clear();
    if (mined.counts[query].searches > 0) {
      ++known_queries;
      for (std::string& word : segmenter->DistinctWords(queries[query])) {
        const bool torn = IsTornOff(word);
        const auto [id, is_new] = ids.try_emplace(std::move(word), static_cast<WordId>(ids.size()));
        if (is_new) torn_off.push_back(torn);
        words.push_back(id->second);
        occurrences.emplace_back(words.back(), query);
      }
      std::sort(words.begin(), words.end());
    }
    result.words_of_query.Append(words);
  }
  const auto queries_of_word = SparseRows<QueryId>::Group(
      static_cast<uint32_t>(ids.size()), occurrences, [](const auto& o) { return o.first; },
      [](const auto& o) { return o.second; });

  Accumulator<PoolCell> pool(static_cast<uint32_t>(queries.size()));
  std::vector<PoolEntry> row;
  for (WordId word = 0; word < queries_of_word.rows(); ++word) {
    const absl::Span<const QueryId> holders = queries_of_word[word];
    result.idf.push_back(std::log(1 + static_cast<double>(known_queries) / (1 + static_cast<double>(holders.size()))));
    double user_sum = 0;
    for (const QueryId query : holders) {
      user_sum += neighbors.user_sums[query];
      for (const Neighbor& neighbor : neighbors.rows[query]) {
        PoolCell& cell = pool.at(neighbor.query);
        cell.users += static_cast<float>(neighbor.users);
        cell.sessions += static_cast<float>(neighbor.sessions);
      }
    }
    result.user_sums.push_back(user_sum);
    result.is_hub.push_back(torn_off[word] || Coherence(holders, pool) < kMinCoherence);
    row.clear();
    for (const PoolCell& cell : pool.touched()) row.push_back({cell.id, cell.users, cell.sessions});
    pool.Clear();
    result.pools_cut += KeepBest(row, options.caps.word_pool, [](const PoolEntry& x, const PoolEntry& y) {
      const float a = x.users + x.sessions, b = y.users + y.sessions;
      return a != b ? a > b : x.query < y.query;
    });
    result.pools.Append(row);
  }
  return result;
}

}  // namespace kindred
