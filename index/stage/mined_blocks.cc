#include "index/stage/mined_blocks.h"

#include <algorithm>
#include <tuple>
#include <utility>

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

template <typename T>
void AppendArray(BlockFileReader& reader, LargeSpillVector<T>& to) {
  const std::vector<T> more = reader.Array<T>();
  to.insert(to.end(), more.begin(), more.end());
}

void ReadCounts(BlockFileReader& reader, MinedLog& mined) {
  for (const CountsOfQuery& query : reader.Array<CountsOfQuery>()) {
    if (query.query >= mined.counts.size()) return reader.Fail("counts of no query");
    mined.counts[query.query] = query.counts;
  }
  AppendArray(reader, mined.pairs);
  AppendArray(reader, mined.clicks);
  AppendArray(reader, mined.item_pairs);
  mined.report.pairs.pairs += reader.Number();
}

// Each key once.
template <typename Count, typename Key>
bool Ascends(const LargeSpillVector<Count>& counts, Key key) {
  return std::adjacent_find(counts.begin(), counts.end(),
                            [&](const Count& a, const Count& b) { return !(key(a) < key(b)); }) == counts.end();
}

absl::Status CheckOrder(const MinedLog& mined) {
  if (Ascends(mined.pairs, [](const PairCounts& c) { return std::pair(c.a, c.b); }) &&
      Ascends(mined.clicks, [](const ClickCounts& c) { return std::pair(c.query, c.item); }) &&
      Ascends(mined.item_pairs, [](const ItemPairCounts& c) { return std::pair(c.a, c.b); })) {
    return absl::OkStatus();
  }
  return absl::DataLossError("counts are out of order: a part was counted twice, or parts are of two builds");
}

absl::Status ReadReports(absl::Span<const std::string> paths, std::vector<MinedLog>& markets, uint64_t& events,
                         uint64_t& records) {
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kUsers));
    events += reader.Number();
    records += reader.Number();
    const std::vector<MineReport> reports = reader.Array<MineReport>();
    if (reports.size() != markets.size()) reader.Fail("other markets than the dictionary's");
    RETURN_IF_ERROR(reader.Finish());
    for (size_t i = 0; i < reports.size(); ++i) markets[i].report += reports[i];
  }
  return absl::OkStatus();
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

absl::StatusOr<std::vector<MinedLog>> MergeCounts(const LogDictionary& dictionary, absl::Span<const std::string> counts,
                                                  absl::Span<const std::string> reports) {
  std::vector<MinedLog> markets(dictionary.markets.size());
  uint64_t events = 0, records = 0, counted = 0, read = 0;
  for (size_t i = 0; i < markets.size(); ++i) {
    markets[i].counts.resize(dictionary.markets[i].queries.size());
    read += dictionary.markets[i].events;
  }
  RETURN_IF_ERROR(ReadReports(reports, markets, events, records));
  for (const std::string& path : counts) {
    ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kCounts));
    counted += reader.Number();
    if (reader.Number() != markets.size()) reader.Fail("other markets than the dictionary's");
    for (MinedLog& market : markets) ReadCounts(reader, market);
    RETURN_IF_ERROR(reader.Finish());
  }
  if (events != read || counted != records) {
    return absl::DataLossError(absl::StrCat("of ", read, " events that were read ", events, " were mined, and of ",
                                            records, " records ", counted,
                                            " were counted: a part is missing or came twice"));
  }
  for (MinedLog& market : markets) {
    market.report.pairs.kept_pairs = market.pairs.size();
    RETURN_IF_ERROR(CheckOrder(market));
  }
  return markets;
}

absl::Status WriteMined(const std::string& path, absl::Span<const MinedLog> markets) {
  BlockFileWriter writer(path, BlockKind::kMined);
  writer.Number(markets.size());
  for (const MinedLog& market : markets) {
    writer.Array(market.counts);
    writer.Array(market.pairs);
    writer.Array(market.clicks);
    writer.Array(market.item_pairs);
    writer.Array(std::vector<MineReport>{market.report});
  }
  return writer.Finish();
}

absl::StatusOr<std::vector<MinedLog>> ReadMined(const std::string& path) {
  ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kMined));
  std::vector<MinedLog> markets;
  for (uint64_t n = reader.Number(); n > 0 && reader.status().ok(); --n) {
    MinedLog& market = markets.emplace_back();
    AppendArray(reader, market.counts);
    AppendArray(reader, market.pairs);
    AppendArray(reader, market.clicks);
    AppendArray(reader, market.item_pairs);
    const std::vector<MineReport> report = reader.Array<MineReport>();
    if (report.size() == 1) market.report = report.front();
  }
  RETURN_IF_ERROR(reader.Finish());
  return markets;
}

}  // namespace kindred
