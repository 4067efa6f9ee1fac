#include "index/build/publish_shards.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/build/load_log.h"
#include "index/build/version_parts.h"
#include "index/mine/table_parts.h"
#include "index/stage/dictionary.h"
#include "index/stage/mined_blocks.h"
#include "index/stage/stages.h"
#include "index/store/index_writer.h"

namespace kindred {
namespace {

// As a single process loads it, but without the events.
LoadedLog LogOf(LogDictionary dictionary, const SpillOptions& spill) {
  LoadedLog log;
  const auto pool = std::make_shared<ChunkPool>(spill);
  for (TableFrame& frame : dictionary.markets) {
    log.markets.push_back(
        TableParts::Assemble(std::move(frame), pool, Partitions<StoredEvent>(pool, EventTable::kUserPartitions)));
  }
  log.rows = std::move(dictionary.rows);
  log.dropped = std::move(dictionary.dropped);
  log.first_event_ms = dictionary.first_ms;
  log.last_event_ms = dictionary.last_ms;
  return log;
}

absl::Status AddRows(const std::string& path, const EventTable& table, const std::vector<ListedQuery>& lists,
                     IndexWriter& writer, RankedCounts& ranked) {
  std::vector<IndexWriter::Row> rows;
  for (const ListedQuery& list : lists) {
    if (list.query >= table.queries.size()) return absl::DataLossError(absl::StrCat(path, ": a list of no query"));
    rows.push_back({table.queries[list.query], list.users, list.keywords});
    ++ranked.lists;
    ranked.keywords += list.keywords;
  }
  return rows.empty() ? absl::OkStatus() : writer.AddRowFile(table.market, path, rows);
}

absl::StatusOr<std::vector<RankedCounts>> AddAllRows(const std::string& folder, uint32_t parts, const LoadedLog& log,
                                                     IndexWriter& writer) {
  std::vector<RankedCounts> ranked(log.markets.size());
  std::vector<std::vector<RankedMarket>> lists;
  for (uint32_t part = 0; part < parts; ++part) {
    const std::string path = absl::StrCat(folder, "/", ListsName(part));
    ASSIGN_OR_RETURN(std::vector<RankedMarket> of_part, ReadLists(path));
    if (of_part.size() != log.markets.size()) return absl::DataLossError(absl::StrCat(path, ": other markets"));
    lists.push_back(std::move(of_part));
  }
  for (size_t i = 0; i < log.markets.size(); ++i) {
    ranked[i].caps = lists.front()[i].caps;
    for (uint32_t part = 0; part < parts; ++part) {
      RETURN_IF_ERROR(AddRows(absl::StrCat(folder, "/", RowsName(i, part)), log.markets[i], lists[part][i].lists,
                              writer, ranked[i]));
    }
  }
  return ranked;
}

}  // namespace

std::string ShardsPath(const IndexRootWriter& root, IndexVersion version) {
  return absl::StrCat(root.BuildPath(version), "-shards");
}

absl::StatusOr<BuildResult> PublishShards(const BuildOptions& options, const std::string& folder, uint32_t parts,
                                          absl::Time start, IndexVersion version, IndexRootWriter& root,
                                          Progress& progress) {
  if (parts == 0) return absl::InvalidArgumentError("an index of no parts");
  ASSIGN_OR_RETURN(LogDictionary dictionary, ReadDictionary(absl::StrCat(folder, "/dictionary")));
  const LoadedLog log = LogOf(std::move(dictionary), options.resources.Spill());
  BuildResult result;
  ASSIGN_OR_RETURN(result.mined, ReadMineReports(absl::StrCat(folder, "/mined")));
  if (result.mined.size() != log.markets.size()) {
    return absl::DataLossError(absl::StrCat(folder, "/mined: other markets"));
  }
  uint64_t searches = 0;
  for (const MineReport& report : result.mined) searches += report.searches;
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer, IndexWriter::Create(root.BuildPath(version)));
  ASSIGN_OR_RETURN(result.ranked, AddAllRows(folder, parts, log, *writer));
  RETURN_IF_ERROR(CheckHasLists(result, options.mine));
  VersionParts of_version{.options = options,
                          .rank = options.rank,
                          .log = log,
                          .start = start,
                          .active = ActiveInfo(root.root()),
                          .asked = std::nullopt,
                          .info = {}};
  if (of_version.rank.min_users == 0) of_version.rank.min_users = AutoMinUsers(searches);
  RETURN_IF_ERROR(FinishVersion(std::move(of_version), version, root, *writer, result, progress));
  return result;
}

}  // namespace kindred
