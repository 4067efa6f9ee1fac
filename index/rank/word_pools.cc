#include "index/rank/word_pools.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "common/status_macros.h"
#include "index/mine/fingerprint.h"
#include "index/rank/ordered_blocks.h"
#include "index/text/code_points.h"
#include "index/text/word_segmenter.h"

namespace kindred {
namespace {

struct PoolCell {
  uint32_t id = 0;
  float users = 0;
  float sessions = 0;
};

// Of how many people each query's row tells, summed over its neighbours; and all rows together.
struct RowUsers {
  std::vector<double> of_query;
  double all = 0;
};

RowUsers CountRowUsers(const SparseRows<Neighbor>& rows) {
  RowUsers users;
  for (QueryId query = 0; query < rows.rows(); ++query) {
    double sum = 0;
    for (const Neighbor& neighbor : rows[query]) sum += neighbor.users;
    users.of_query.push_back(sum);
    users.all += sum;
  }
  return users;
}

// The share of what people who searched the holders of a word searched too that would hold the word if every query went
// with any other, but itself.
double ChanceCoherence(absl::Span<const QueryId> holders, const RowUsers& users) {
  double held = 0, within = 0;
  for (const QueryId query : holders) held += users.of_query[query];
  for (const QueryId query : holders) {
    const double own = users.of_query[query], others = users.all - own;
    if (others > 0) within += own * (held - own) / others;
  }
  return held > 0 ? within / held : 0;
}

// Whether the word of these queries goes with everything, from its pool.
bool IsHub(absl::Span<const QueryId> holders, const Accumulator<PoolCell>& pool, const RowUsers& users) {
  double within = kPriorCoherence * kPriorSearches, all = kPriorSearches;
  for (const PoolCell& cell : pool.touched()) all += cell.users;
  for (const QueryId query : holders) {
    if (const PoolCell* cell = pool.Find(query)) within += cell->users;
  }
  const double coherence = within / all, chance = ChanceCoherence(holders, users);
  return coherence < kMinCoherence || coherence * (1 - chance) < kMinOddsRatio * chance * (1 - coherence);
}

// A single character of a script that puts no spaces between words.
bool IsTornOff(absl::string_view word) {
  if (word.empty() || static_cast<unsigned char>(word[0]) < 0x80) return false;
  const absl::StatusOr<std::u32string> code_points = DecodeUtf8(word);
  return code_points.ok() && code_points->size() == 1 && IsUnspacedCjk(code_points->front());
}

// Queries and words that are done in one go.
constexpr uint32_t kQueryBlock = 1024, kWordBlock = 64;

// The words of a block of queries, one query after the other.
struct QueryWords {
  std::vector<absl::string_view> words;   // Of the queries' texts.
  std::vector<Fingerprint> fingerprints;  // Of the words.
  std::vector<uint32_t> sizes;            // Words of each query.
};

QueryWords CutQueries(absl::Span<const NormalizedView> queries, absl::Span<const QueryCounts> counts,
                      WordSegmenter& segmenter) {
  constexpr size_t kTextsAhead = 8;  // Texts lie in the order in which they were met, not in that of the queries.
  QueryWords result;
  for (size_t i = 0; i < queries.size(); ++i) {
    __builtin_prefetch(queries[std::min(i + kTextsAhead, queries.size() - 1)].text().data());
    std::vector<absl::string_view> words;
    if (counts[i].searches > 0) words = segmenter.DistinctWords(queries[i]);
    result.sizes.push_back(static_cast<uint32_t>(words.size()));
    result.words.insert(result.words.end(), words.begin(), words.end());
  }
  result.fingerprints.reserve(result.words.size());
  for (const absl::string_view word : result.words) result.fingerprints.push_back(FingerprintOf(word));
  return result;
}

// How many words ahead those of queries are looked up.
constexpr size_t kWordsAhead = 16;

struct Dictionary {
  SparseRows<WordId> words_of_query;
  std::vector<bool> torn_off;  // By word.
};

// Words are numbered in the order of the queries, and in byte order within one.
absl::StatusOr<Dictionary> CutAll(absl::Span<const NormalizedView> queries, const MinedLog& mined, uint32_t threads) {
  std::vector<std::unique_ptr<WordSegmenter>> segmenters;
  for (uint32_t i = 0; i < threads; ++i) {
    ASSIGN_OR_RETURN(segmenters.emplace_back(), WordSegmenter::Create());
  }
  Dictionary result{.words_of_query = SparseRows<WordId>(mined.memory), .torn_off = {}};
  FingerprintTable ids;
  std::vector<WordId> row;
  const auto cut = [&](uint32_t worker, uint32_t block) -> absl::StatusOr<QueryWords> {
    const size_t begin = size_t{block} * kQueryBlock;
    return CutQueries(queries.subspan(begin, kQueryBlock),
                      absl::MakeConstSpan(mined.counts).subspan(begin, kQueryBlock), *segmenters[worker]);
  };
  const auto number = [&](const QueryWords& block) {
    size_t at = 0;
    for (const uint32_t size : block.sizes) {
      row.clear();
      for (const size_t end = at + size; at < end; ++at) {
        ids.Prefetch(block.fingerprints[std::min(at + kWordsAhead, block.fingerprints.size() - 1)]);
        WordId id = ids.Find(block.fingerprints[at]);
        if (id == FingerprintTable::kNone) {
          id = static_cast<WordId>(ids.size());
          ids.Set(block.fingerprints[at], id);
          result.torn_off.push_back(IsTornOff(block.words[at]));
        }
        row.push_back(id);
      }
      std::sort(row.begin(), row.end());
      result.words_of_query.Append(row);
    }
    return absl::OkStatus();
  };
  const auto blocks = static_cast<uint32_t>((queries.size() + kQueryBlock - 1) / kQueryBlock);
  RETURN_IF_ERROR(RunBlocks<QueryWords>(blocks, threads, cut, number));
  return result;
}

// The queries of each word, ascending.
SparseRows<QueryId> Transposed(const SparseRows<WordId>& words_of_query, uint32_t words,
                               const std::shared_ptr<SpillMemory>& memory) {
  const auto visit = [&](const auto& put) {
    for (QueryId query = 0; query < words_of_query.rows(); ++query) {
      for (const WordId word : words_of_query[query]) put(word, [query] { return query; });
    }
  };
  return SparseRows<QueryId>::Collect(words, visit, memory);
}

SparseRows<QueryId> ShownOf(const SparseRows<QueryId>& queries_of_word, const MinedLog& mined,
                            const RankOptions& options) {
  const std::vector<bool> is_shown = ShownQueries(mined, options);
  SparseRows<QueryId> shown(mined.memory);
  std::vector<QueryId> row;
  for (WordId word = 0; word < queries_of_word.rows(); ++word) {
    row.clear();
    for (const QueryId query : queries_of_word[word]) {
      if (is_shown[query]) row.push_back(query);
    }
    shown.Append(row);
  }
  return shown;
}

// What WordPools says of a block of words.
struct PoolBlock {
  SparseRows<PoolEntry> pools;
  std::vector<double> user_sums;
  std::vector<bool> is_hub;
  uint64_t cut = 0;
};

// How many rows ahead those of a pool are fetched.
constexpr size_t kRowsAhead = 4;

// Adds the next word's.
void AppendPool(absl::Span<const QueryId> holders, const NeighborRows& neighbors, const RowUsers& users, uint32_t cap,
                Accumulator<PoolCell>& pool, PoolBlock& block) {
  double user_sum = 0;
  for (size_t i = 0; i < holders.size(); ++i) {
    neighbors.rows.PrefetchPlace(holders[std::min(i + 2 * kRowsAhead, holders.size() - 1)]);
    neighbors.rows.PrefetchRow(holders[std::min(i + kRowsAhead, holders.size() - 1)]);
    const QueryId query = holders[i];
    user_sum += neighbors.user_sums[query];
    for (const Neighbor& neighbor : neighbors.rows[query]) {
      PoolCell& cell = pool.at(neighbor.query);
      cell.users += static_cast<float>(neighbor.users);
      cell.sessions += static_cast<float>(neighbor.sessions);
    }
  }
  block.user_sums.push_back(user_sum);
  block.is_hub.push_back(IsHub(holders, pool, users));
  std::vector<PoolEntry> row;
  row.reserve(pool.touched().size());
  for (const PoolCell& cell : pool.touched()) row.push_back({cell.id, cell.users, cell.sessions});
  pool.Clear();
  block.cut += KeepBest(row, cap, [](const PoolEntry& x, const PoolEntry& y) {
    const float a = x.users + x.sessions, b = y.users + y.sessions;
    return a != b ? a > b : x.query < y.query;
  });
  block.pools.Append(row);
}

}  // namespace

absl::StatusOr<WordPools> BuildWordPools(absl::Span<const NormalizedView> queries, const MinedLog& mined,
                                         const NeighborRows& neighbors, const RankOptions& options, uint32_t threads) {
  ASSIGN_OR_RETURN(Dictionary dictionary, CutAll(queries, mined, threads));
  const auto words = static_cast<uint32_t>(dictionary.torn_off.size());
  const SparseRows<QueryId> queries_of_word = Transposed(dictionary.words_of_query, words, mined.memory);
  const auto known_queries = static_cast<double>(
      std::count_if(mined.counts.begin(), mined.counts.end(), [](const QueryCounts& c) { return c.searches > 0; }));
  WordPools result;
  result.pools = SparseRows<PoolEntry>(mined.memory);
  result.words_of_query = std::move(dictionary.words_of_query);
  std::vector<uint32_t> holders;
  for (WordId word = 0; word < words; ++word) {
    holders.push_back(static_cast<uint32_t>(queries_of_word[word].size()));
    result.idf.push_back(std::log(1 + known_queries / (1. + holders.back())));
  }
  result.tags = TagsOfWords(holders);
  result.shown_of_word = ShownOf(queries_of_word, mined, options);
  const RowUsers users = CountRowUsers(neighbors.rows);

  std::vector<Accumulator<PoolCell>> pools(threads, Accumulator<PoolCell>(static_cast<uint32_t>(queries.size())));
  const auto make = [&](uint32_t worker, uint32_t block) -> absl::StatusOr<PoolBlock> {
    PoolBlock made;
    for (WordId word = block * kWordBlock; word < std::min(words, (block + 1) * kWordBlock); ++word) {
      AppendPool(queries_of_word[word], neighbors, users, options.caps.word_pool, pools[worker], made);
    }
    return made;
  };
  const auto take = [&](const PoolBlock& block) {
    result.pools.AppendAll(block.pools);
    result.user_sums.insert(result.user_sums.end(), block.user_sums.begin(), block.user_sums.end());
    result.is_hub.insert(result.is_hub.end(), block.is_hub.begin(), block.is_hub.end());
    result.pools_cut += block.cut;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(RunBlocks<PoolBlock>((words + kWordBlock - 1) / kWordBlock, threads, make, take));
  for (WordId word = 0; word < words; ++word) {
    if (dictionary.torn_off[word]) result.is_hub[word] = true;
  }
  return result;
}

}  // namespace kindred
