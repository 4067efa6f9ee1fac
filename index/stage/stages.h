// A build in stages that run as processes of their own, on any machines: each reads files, writes blocks into a folder,
// and leaves nothing else behind, so that it may be run again. In order:
//
//   read        a part of the log       -> dictionary, events-G of each group of users
//   dictionary  dictionaries            -> dictionary
//   users       events of one group     -> records-P of each part, report; by the dictionary
//   count       records of one part     -> counts
//   mined       counts, reports         -> mined; by the dictionary
//   rank        dictionary, mined       -> rows-M-P.sst of each market M, lists
//
// Together they count and rank what a single process does, with the same functions, and give the same rows whatever
// the numbers of parts. Blocks of many parts are read in order of their file names.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "index/log/event_reader.h"
#include "index/mine/chunk_pool.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_all.h"
#include "index/rank/rank_options.h"

namespace kindred {

// Where a stage writes, and what it may use.
struct StageOptions {
  std::string output_dir;  // Exists.
  SpillOptions spill;
};

// Some of equal parts, from 0.
struct PartOf {
  uint32_t part = 0, parts = 1;
};

// Files of a folder whose names begin so, sorted. NotFound: none.
absl::StatusOr<std::vector<std::string>> BlocksIn(const std::string& dir, absl::string_view prefix);

// Errors of EventReader, but how many rows are bad is judged by MergeDictionaries().
absl::Status ReadPart(const LogOptions& log, uint32_t groups, const StageOptions& options);
// InvalidArgument: `is_whole`, and more than `max_bad_rows` of the rows are bad, or none has a usable search.
absl::Status MergeDictionaryBlocks(absl::Span<const std::string> blocks, bool is_whole, double max_bad_rows,
                                   const StageOptions& options);
absl::Status VisitUsers(const std::string& dictionary, absl::Span<const std::string> events, uint32_t parts,
                        const MineOptions& mine, const StageOptions& options);
absl::Status CountPart(absl::Span<const std::string> records, const MineOptions& mine, const StageOptions& options);
absl::Status MergeCountBlocks(const std::string& dictionary, absl::Span<const std::string> counts,
                              absl::Span<const std::string> reports, const StageOptions& options);
// `threads` make the tables and rank. options.min_users of 0: AutoMinUsers().
absl::Status RankPart(const std::string& dictionary, const std::string& mined, const RankOptions& rank, PartOf part,
                      uint32_t threads, const StageOptions& options);

// A query that has a list.
struct ListedQuery {
  QueryId query;
  uint32_t users, keywords;
};

// What RankPart() wrote of a market.
struct RankedMarket {
  std::vector<ListedQuery> lists;  // Ascending.
  RankReport caps;                 // Of the whole market.
};
absl::StatusOr<std::vector<RankedMarket>> ReadLists(const std::string& path);
// "rows-3-00007.sst", which is there where the part has lists.
std::string RowsName(size_t market, uint32_t part);
std::string ListsName(uint32_t part);

}  // namespace kindred
