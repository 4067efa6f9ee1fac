#include "index/stage/record_blocks.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace kindred {
namespace {

// The first range of a part, in [0, ranges].
uint32_t FirstRange(uint32_t part, uint32_t ranges, uint32_t parts) {
  return static_cast<uint32_t>((uint64_t{part} * ranges + parts - 1) / parts);
}

template <typename Record>
uint64_t WriteKind(const Partitions<Record>& records, uint32_t part, uint32_t parts, BlockFileWriter& writer) {
  const uint32_t ranges = records.partitions();
  uint64_t all = 0;
  writer.Number(ranges);
  for (uint32_t range = FirstRange(part, ranges, parts); range < FirstRange(part + 1, ranges, parts); ++range) {
    const uint64_t count = records.records(range);
    writer.BeginArray(count);
    records.ForEach(range, [&](absl::Span<const Record> some) { writer.Part(some); });
    writer.EndArray();
    all += count;
  }
  return all;
}

// Sums ascend by query.
template <typename Sum>
void WriteSums(const std::vector<Sum>& sums, const IdRanges& ranges, uint32_t part, uint32_t parts,
               BlockFileWriter& writer) {
  const auto begin = std::partition_point(sums.begin(), sums.end(), [&](const Sum& sum) {
    return PartOfRange(ranges[sum.query], ranges.ranges(), parts) < part;
  });
  const auto end = std::partition_point(begin, sums.end(), [&](const Sum& sum) {
    return PartOfRange(ranges[sum.query], ranges.ranges(), parts) == part;
  });
  writer.Array(absl::MakeConstSpan(sums.data() + (begin - sums.begin()), static_cast<size_t>(end - begin)));
}

template <typename Record>
uint64_t ReadKind(BlockFileReader& reader, uint32_t part, uint32_t parts, const std::shared_ptr<ChunkPool>& pool,
                  Partitions<Record>& records) {
  const uint64_t ranges = reader.Number();
  if (ranges == 0 || ranges > UINT16_MAX + 1) {
    reader.Fail("no number of ranges");
    return 0;
  }
  const auto of_market = static_cast<uint32_t>(ranges);
  const uint32_t first = FirstRange(part, of_market, parts), last = FirstRange(part + 1, of_market, parts);
  if (records.partitions() == 0) records = Partitions<Record>(pool, last - first);
  if (records.partitions() != last - first) {
    reader.Fail("other ranges than in the blocks before; blocks of two builds?");
    return 0;
  }
  uint64_t all = 0;
  for (uint32_t range = first; range < last; ++range) {
    const absl::Span<const Record> some = reader.Array<Record>();
    records.Append(range - first, some);
    all += some.size();
  }
  return all;
}

template <typename Sum>
void AppendSums(BlockFileReader& reader, std::vector<Sum>& sums) {
  const absl::Span<const Sum> more = reader.Array<Sum>();
  sums.insert(sums.end(), more.begin(), more.end());
}

}  // namespace

absl::StatusOr<uint64_t> WriteRecords(const std::string& path, absl::Span<const MarketRecords> markets, uint32_t part,
                                      uint32_t parts) {
  BlockFileWriter writer(path, BlockKind::kRecords);
  writer.Number(part);
  writer.Number(parts);
  writer.Number(markets.size());
  uint64_t all = 0;
  for (const MarketRecords& market : markets) {
    writer.Number(market.wanted_days);
    all += WriteKind(market.records.pairs, part, parts, writer);
    all += WriteKind(market.records.query_days, part, parts, writer);
    all += WriteKind(market.records.clicks, part, parts, writer);
    all += WriteKind(market.records.item_pairs, part, parts, writer);
    WriteSums(market.queries, market.ranges.queries, part, parts, writer);
    WriteSums(market.spellings, market.ranges.queries, part, parts, writer);
  }
  RETURN_IF_ERROR(writer.Finish());
  return all;
}

absl::StatusOr<std::vector<PartRecords>> ReadRecords(absl::Span<const std::string> paths,
                                                     const std::shared_ptr<ChunkPool>& pool, uint64_t& records) {
  std::vector<PartRecords> markets;
  records = 0;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kRecords));
    const uint64_t part = reader.Number(), parts = reader.Number(), count = reader.Number();
    if (part >= parts || parts > UINT32_MAX) reader.Fail("no part of the records");
    while (markets.size() < std::min<uint64_t>(count, EventTableBuilder::kMostMarkets) && &path == &paths.front()) {
      markets.emplace_back(pool);
    }
    if (markets.size() != count) reader.Fail("other markets than in the blocks before; blocks of two builds?");
    for (size_t i = 0; i < markets.size() && reader.status().ok(); ++i) {
      PartRecords& market = markets[i];
      const auto p = static_cast<uint32_t>(part), of = static_cast<uint32_t>(parts);
      market.wanted_days = static_cast<uint32_t>(reader.Number());
      records += ReadKind(reader, p, of, pool, market.records.pairs);
      records += ReadKind(reader, p, of, pool, market.records.query_days);
      records += ReadKind(reader, p, of, pool, market.records.clicks);
      records += ReadKind(reader, p, of, pool, market.records.item_pairs);
      AppendSums(reader, market.queries);
      AppendSums(reader, market.spellings);
    }
    RETURN_IF_ERROR(reader.Finish());
    RETURN_IF_ERROR(pool->status());
  }
  return markets;
}

}  // namespace kindred
