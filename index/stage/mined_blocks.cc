#include "index/stage/mined_blocks.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/stage/block_file.h"

namespace kindred {
namespace {

struct CountsOfQuery {
  QueryId query;
  QueryCounts counts;
};

// Ascending by query.
std::vector<CountsOfQuery> SumUp(std::vector<QuerySum> sums, std::vector<SpellingSum> spellings) {
  std::sort(sums.begin(), sums.end(), [](const QuerySum& a, const QuerySum& b) { return a.query < b.query; });
  std::sort(spellings.begin(), spellings.end(), [](const SpellingSum& a, const SpellingSum& b) {
    return std::tie(a.query, a.spelling) < std::tie(b.query, b.spelling);
  });
  std::vector<CountsOfQuery> result;
  size_t s = 0;
  for (size_t i = 0; i < sums.size();) {
    QuerySum sum{.query = sums[i].query};
    for (; i < sums.size() && sums[i].query == sum.query; ++i) {
      sum.users += sums[i].users;
      sum.searches += sums[i].searches;
      sum.followups += sums[i].followups;
      sum.recent += sums[i].recent;
      sum.last_found = std::max(sum.last_found, sums[i].last_found);
    }
    QueryCountsMaker maker(sum);
    while (s < spellings.size() && spellings[s].query <= sum.query) {
      const SpellingId spelling = spellings[s].spelling;
      uint32_t users = 0;
      for (; s < spellings.size() && spellings[s].spelling == spelling; ++s) users += spellings[s].users;
      maker.Offer(spelling, users);
    }
    result.push_back({sum.query, maker.counts});
  }
  return result;
}

void AddUsers(absl::Span<const QueryUsers> users, std::vector<CountsOfQuery>& counts) {
  size_t i = 0;
  for (const QueryUsers& query : users) {
    while (counts[i].query < query.query) ++i;  // Who has a day has a search.
    counts[i].counts.users = query.users;
  }
}

// A market as it is merged. The arrays lie in the files of the parts.
struct MergedMarket {
  std::vector<QueryCounts> counts;
  std::vector<absl::Span<const PairCounts>> pairs;
  std::vector<absl::Span<const ClickCounts>> clicks;
  std::vector<absl::Span<const ItemPairCounts>> item_pairs;
  MineReport report;
};

void ReadCounts(BlockFileReader& reader, MergedMarket& market) {
  for (const CountsOfQuery& query : reader.Array<CountsOfQuery>()) {
    if (query.query >= market.counts.size()) return reader.Fail("counts of no query");
    market.counts[query.query] = query.counts;
  }
  market.pairs.push_back(reader.Array<PairCounts>());
  market.clicks.push_back(reader.Array<ClickCounts>());
  market.item_pairs.push_back(reader.Array<ItemPairCounts>());
  market.report.pairs.kept_pairs += market.pairs.back().size();
  market.report.pairs.pairs += reader.Number();
}

// All parts' arrays as one. False: they are out of order.
template <typename Count, typename Key>
bool Join(absl::Span<const absl::Span<const Count>> parts, Key key, BlockFileWriter& writer) {
  uint64_t size = 0;
  const Count* last = nullptr;
  bool ascends = true;
  for (const absl::Span<const Count> part : parts) {
    size += part.size();
    for (const Count& count : part) {
      ascends &= last == nullptr || key(*last) < key(count);  // Each key once.
      last = &count;
    }
  }
  writer.BeginArray(size);
  for (const absl::Span<const Count> part : parts) writer.Part(part);
  writer.EndArray();
  return ascends;
}

bool WriteMarket(const MergedMarket& market, BlockFileWriter& writer) {
  writer.Array(market.counts);
  bool ascends = Join<PairCounts>(
      market.pairs, [](const PairCounts& c) { return std::pair(c.a, c.b); }, writer);
  ascends &= Join<ClickCounts>(
      market.clicks, [](const ClickCounts& c) { return std::pair(c.query, c.item); }, writer);
  ascends &= Join<ItemPairCounts>(
      market.item_pairs, [](const ItemPairCounts& c) { return std::pair(c.a, c.b); }, writer);
  writer.Array(absl::MakeConstSpan(&market.report, 1));
  return ascends;
}

absl::Status ReadReports(absl::Span<const std::string> paths, std::vector<MergedMarket>& markets, uint64_t& events,
                         uint64_t& records) {
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kUsers));
    events += reader.Number();
    records += reader.Number();
    const absl::Span<const MineReport> reports = reader.Array<MineReport>();
    if (reports.size() != markets.size()) reader.Fail("other markets than the dictionary's");
    RETURN_IF_ERROR(reader.Finish());
    for (size_t i = 0; i < reports.size(); ++i) markets[i].report += reports[i];
  }
  return absl::OkStatus();
}

// A market as it lies in the merged file.
struct MinedArrays {
  absl::Span<const QueryCounts> counts;
  absl::Span<const PairCounts> pairs;
  absl::Span<const ClickCounts> clicks;
  absl::Span<const ItemPairCounts> item_pairs;
  MineReport report;
};

absl::Status ForEachMined(const std::string& path, absl::FunctionRef<void(const MinedArrays&)> visit) {
  ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kMined));
  for (uint64_t n = reader.Number(); n > 0 && reader.status().ok(); --n) {
    MinedArrays market = {.counts = reader.Array<QueryCounts>(),
                          .pairs = reader.Array<PairCounts>(),
                          .clicks = reader.Array<ClickCounts>(),
                          .item_pairs = reader.Array<ItemPairCounts>(),
                          .report = {}};
    const absl::Span<const MineReport> report = reader.Array<MineReport>();
    if (report.size() != 1) reader.Fail("no report of a market");
    if (reader.status().ok()) market.report = report.front();
    visit(market);
  }
  return reader.Finish();
}

}  // namespace

absl::Status WriteUsersReport(const std::string& path, const UsersReport& report) {
  BlockFileWriter writer(path, BlockKind::kUsers);
  writer.Number(report.events);
  writer.Number(report.records);
  writer.Array(report.markets);
  return writer.Finish();
}

absl::Status WriteCounts(const std::string& path, const std::shared_ptr<ChunkPool>& pool, const MineOptions& options,
                         std::vector<PartRecords> markets, uint64_t records) {
  BlockFileWriter writer(path, BlockKind::kCounts);
  writer.Number(records);
  writer.Number(markets.size());
  for (PartRecords& market : markets) {
    const CountedRecords counted = CountRecords(pool, options, market.wanted_days, market.records);
    RETURN_IF_ERROR(pool->status());
    std::vector<CountsOfQuery> counts = SumUp(std::move(market.queries), std::move(market.spellings));
    AddUsers(counted.query_users, counts);
    writer.Array(counts);
    writer.Array(counted.pairs);
    writer.Array(counted.clicks);
    writer.Array(counted.item_pairs);
    writer.Number(counted.distinct_pairs);
  }
  return writer.Finish();
}

absl::Status MergeCounts(const LogDictionary& dictionary, absl::Span<const std::string> counts,
                         absl::Span<const std::string> reports, const std::string& path) {
  std::vector<MergedMarket> markets(dictionary.markets.size());
  uint64_t events = 0, records = 0, counted = 0, read = 0;
  for (size_t i = 0; i < markets.size(); ++i) {
    markets[i].counts.resize(dictionary.markets[i].queries.size());
    read += dictionary.markets[i].events;
  }
  RETURN_IF_ERROR(ReadReports(reports, markets, events, records));
  std::vector<BlockFileReader> readers;
  for (const std::string& part : counts) {
    ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(part, BlockKind::kCounts));
    counted += reader.Number();
    if (reader.Number() != markets.size()) reader.Fail("other markets than the dictionary's");
    for (MergedMarket& market : markets) ReadCounts(reader, market);
    RETURN_IF_ERROR(reader.Finish());
    readers.push_back(std::move(reader));
  }
  if (events != read || counted != records) {
    return absl::DataLossError(absl::StrCat("of ", read, " events that were read ", events, " were mined, and of ",
                                            records, " records ", counted,
                                            " were counted: a part is missing or came twice"));
  }
  BlockFileWriter writer(path, BlockKind::kMined);
  writer.Number(markets.size());
  for (const MergedMarket& market : markets) {
    if (WriteMarket(market, writer)) continue;
    return absl::DataLossError(
        absl::StrCat(path, ": counts are out of order: a part was counted twice, or parts are of two builds"));
  }
  return writer.Finish();
}

absl::StatusOr<std::vector<MinedLog>> ReadMined(const std::string& path) {
  std::vector<MinedLog> markets;
  RETURN_IF_ERROR(ForEachMined(path, [&](const MinedArrays& arrays) {
    MinedLog& market = markets.emplace_back();
    market.counts.assign(arrays.counts.begin(), arrays.counts.end());
    market.pairs.assign(arrays.pairs.begin(), arrays.pairs.end());
    market.clicks.assign(arrays.clicks.begin(), arrays.clicks.end());
    market.item_pairs.assign(arrays.item_pairs.begin(), arrays.item_pairs.end());
    market.report = arrays.report;
  }));
  return markets;
}

absl::StatusOr<std::vector<MineReport>> ReadMineReports(const std::string& path) {
  std::vector<MineReport> reports;
  RETURN_IF_ERROR(ForEachMined(path, [&](const MinedArrays& arrays) { reports.push_back(arrays.report); }));
  return reports;
}

}  // namespace kindred
