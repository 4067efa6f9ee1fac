#include "index/stage/stages.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "index/mine/record_counter.h"
#include "index/mine/user_visitor.h"
#include "index/rank/rank_all.h"
#include "index/stage/block_file.h"
#include "index/stage/dictionary.h"
#include "index/stage/event_blocks.h"
#include "index/stage/mined_blocks.h"
#include "index/stage/record_blocks.h"
#include "index/store/files.h"
#include "index/store/format.h"
#include "index/store/row_file.h"

namespace kindred {
namespace {

// Ranges of a market's pairs, at most, unless they would not fit a core's memory: each takes a chunk.
constexpr uint64_t kMostRanges = 1024;

std::string In(const StageOptions& options, absl::string_view name) {
  return absl::StrCat(options.output_dir, "/", name);
}

// Reads a part of the log into one table a market, on one thread.
absl::StatusOr<std::vector<EventTable>> Load(const LogOptions& log, const SpillOptions& spill,
                                             LogDictionary& dictionary) {
  LogOptions options = log;
  options.max_bad_rows = 1;  // A part may have many; the whole log is judged.
  options.is_part = true;
  ASSIGN_OR_RETURN(const std::unique_ptr<EventReader> reader, EventReader::Open(options));
  EventTableBuilder builder(spill);
  EventTableBuilder::Shard* const shard = builder.NewShard();
  EventBatch batch;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader->NextBatch(batch));
    if (!more) break;
    for (const SearchEvent& event : batch.events) {
      dictionary.first_ms = std::min(dictionary.first_ms, event.time_ms);
      dictionary.last_ms = std::max(dictionary.last_ms, event.time_ms);
    }
    RETURN_IF_ERROR(shard->Add(batch.events));
    RETURN_IF_ERROR(builder.status());
  }
  dictionary.rows = reader->report();
  dictionary.dropped = builder.dropped();
  return builder.Finish();
}

MarketRecords RecordsOf(const EventTable& table, uint32_t parts, const MineOptions& mine, MineReport& report) {
  const RecordRanges ranges(table, kMostRanges, parts);
  QueryCounter queries(table, mine.popularity_half_life, NowMs(table, {}), 1);
  UserVisitor visitor(table, mine, {}, ranges, &queries);
  for (uint32_t partition = 0; partition < EventTable::kUserPartitions; ++partition) visitor.Visit(partition);
  visitor.Finish();
  report += visitor.report();
  return {.ranges = ranges,
          .wanted_days = DaysAsked(table, {}, mine),
          .records = std::move(visitor.records),
          .queries = queries.QuerySums(),
          .spellings = queries.SpellingSums()};
}

absl::StatusOr<std::vector<ListedQuery>> WriteLists(const EventTable& table,
                                                    const std::shared_ptr<const RankTables>& tables, PartOf part,
                                                    uint32_t threads, const std::string& path) {
  std::vector<ListedQuery> lists;
  std::unique_ptr<RowFile> file;
  const auto add = [&](QueryId query, const EncodedList& list) -> absl::Status {
    if (file == nullptr) {
      ASSIGN_OR_RETURN(file, RowFile::Create(path, RowKind::kQuery));
    }
    lists.push_back({query, list.users, list.keywords});
    return file->Add(QueryKey(table.market, table.queries[query].text()), list.value);
  };
  const uint64_t queries = table.queries.size();
  const auto begin = static_cast<QueryId>(queries * part.part / part.parts);
  const auto end = static_cast<QueryId>(queries * (part.part + 1) / part.parts);
  RETURN_IF_ERROR(RankRange(tables, {begin, end}, threads, add));
  if (file != nullptr) RETURN_IF_ERROR(file->Finish());
  return lists;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> BlocksIn(const std::string& dir, absl::string_view prefix) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(dir));
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    if (absl::StartsWith(name, prefix)) paths.push_back(absl::StrCat(dir, "/", name));
  }
  if (paths.empty()) return absl::NotFoundError(absl::StrCat(dir, ": holds no file ", prefix, "*"));
  return paths;
}

absl::Status ReadPart(const LogOptions& log, uint32_t groups, const StageOptions& options) {
  LogDictionary dictionary;
  ASSIGN_OR_RETURN(std::vector<EventTable> tables, Load(log, options.spill, dictionary));
  std::vector<ReadMarket> markets;
  for (EventTable& table : tables) {
    ReadMarket& market = markets.emplace_back();
    market.groups.resize(groups);
    for (auto& group : market.groups) group.reserve(table.events() / groups * 9 / 8);  // Users are not alike.
    TableParts::TakeEvents(
        table, [&](const StoredEvent& event) { market.groups[GroupOfUser(event.user, groups)].push_back(event); });
    RETURN_IF_ERROR(table.pool()->status());
    market.frame = TableParts::TakeFrame(table);
  }
  for (uint32_t group = 0; group < groups; ++group) {
    RETURN_IF_ERROR(WriteEvents(In(options, absl::StrCat("events-", group)), absl::MakeSpan(markets), group));
  }
  for (ReadMarket& market : markets) dictionary.markets.push_back(std::move(market.frame));
  return WriteDictionary(In(options, "dictionary"), dictionary);
}

absl::Status MergeDictionaryBlocks(absl::Span<const std::string> blocks, bool is_whole, double max_bad_rows,
                                   const StageOptions& options) {
  ASSIGN_OR_RETURN(const LogDictionary dictionary, ReadDictionaries(blocks));
  if (is_whole) {
    RETURN_IF_ERROR(CheckBadRows(dictionary.rows, max_bad_rows));
    if (dictionary.markets.empty()) return NoUsableSearch("the log", dictionary.rows, dictionary.dropped);
  }
  return WriteDictionary(In(options, "dictionary"), dictionary);
}

absl::Status VisitUsers(const std::string& dictionary, absl::Span<const std::string> events, uint32_t parts,
                        const MineOptions& mine, const StageOptions& options) {
  const auto pool = std::make_shared<ChunkPool>(options.spill);
  UsersReport report;
  ASSIGN_OR_RETURN(LogDictionary of_log, ReadDictionary(dictionary));
  ASSIGN_OR_RETURN(std::vector<EventTable> tables, ReadEvents(events, of_log, pool, report.events));
  std::vector<MarketRecords> markets;
  for (EventTable& table : tables) {
    markets.push_back(RecordsOf(table, parts, mine, report.markets.emplace_back()));
    RETURN_IF_ERROR(pool->status());
    table = EventTable();
  }
  for (uint32_t part = 0; part < parts; ++part) {
    ASSIGN_OR_RETURN(const uint64_t records,
                     WriteRecords(In(options, absl::StrCat("records-", part)), markets, part, parts));
    RETURN_IF_ERROR(pool->status());
    report.records += records;
  }
  return WriteUsersReport(In(options, "report"), report);
}

absl::Status CountPart(absl::Span<const std::string> records, const MineOptions& mine, const StageOptions& options) {
  const auto pool = std::make_shared<ChunkPool>(options.spill);
  uint64_t read = 0;
  ASSIGN_OR_RETURN(std::vector<PartRecords> markets, ReadRecords(records, pool, read));
  return WriteCounts(In(options, "counts"), pool, mine, std::move(markets), read);
}

absl::Status MergeCountBlocks(const std::string& dictionary, absl::Span<const std::string> counts,
                              absl::Span<const std::string> reports, const StageOptions& options) {
  ASSIGN_OR_RETURN(const LogDictionary of_log, ReadDictionary(dictionary));
  return MergeCounts(of_log, counts, reports, In(options, "mined"));
}

absl::Status RankPart(const std::string& dictionary, const std::string& mined, const RankOptions& rank, PartOf part,
                      uint32_t threads, const StageOptions& options) {
  ASSIGN_OR_RETURN(LogDictionary of_log, ReadDictionary(dictionary));
  ASSIGN_OR_RETURN(std::vector<MinedLog> markets, ReadMined(mined));
  if (markets.size() != of_log.markets.size()) return absl::DataLossError(absl::StrCat(mined, ": other markets"));
  RankOptions ranking = rank;
  uint64_t searches = 0;
  for (const MinedLog& market : markets) searches += market.report.searches;
  if (ranking.min_users == 0) ranking.min_users = AutoMinUsers(searches);
  const auto pool = std::make_shared<ChunkPool>(options.spill);
  BlockFileWriter lists(In(options, ListsName(part.part)), BlockKind::kLists);
  lists.Number(markets.size());
  for (size_t i = 0; i < markets.size(); ++i) {
    const EventTable table = TableParts::Assemble(std::move(of_log.markets[i]), pool,
                                                  Partitions<StoredEvent>(pool, EventTable::kUserPartitions));
    ASSIGN_OR_RETURN(const auto tables, RankTables::Create(table, std::move(markets[i]), ranking, threads));
    ASSIGN_OR_RETURN(const std::vector<ListedQuery> listed,
                     WriteLists(table, tables, part, threads, In(options, RowsName(i, part.part))));
    lists.Array(listed);
    lists.Array(std::vector<RankReport>{tables->report()});
  }
  return lists.Finish();
}

absl::StatusOr<std::vector<RankedMarket>> ReadLists(const std::string& path) {
  ASSIGN_OR_RETURN(BlockFileReader reader, BlockFileReader::Open(path, BlockKind::kLists));
  std::vector<RankedMarket> markets;
  for (uint64_t n = reader.Number(); n > 0 && reader.status().ok(); --n) {
    RankedMarket& market = markets.emplace_back();
    const absl::Span<const ListedQuery> lists = reader.Array<ListedQuery>();
    market.lists.assign(lists.begin(), lists.end());
    const absl::Span<const RankReport> caps = reader.Array<RankReport>();
    if (caps.size() == 1) {
      market.caps = caps.front();
    } else {
      reader.Fail("no report of a market");
    }
  }
  RETURN_IF_ERROR(reader.Finish());
  return markets;
}

std::string RowsName(size_t market, uint32_t part) { return absl::StrFormat("rows-%d-%05d.sst", market, part); }
std::string ListsName(uint32_t part) { return absl::StrFormat("lists-%05d", part); }

}  // namespace kindred
