// The flags that build, watch, mine and evaluate share: which log, and how it is mined and ranked.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/build/resources.h"
#include "index/evaluate/weight_fit.h"
#include "index/log/event_reader.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"

namespace kindred {

// Names of the flags of a log, of mining and of resources, and `others`.
std::vector<std::string> MineFlagsAnd(std::vector<std::string> others);
// Those, of ranking too.
std::vector<std::string> LogFlagsAnd(std::vector<std::string> others);

// Each checks the flags that it reads. BadUsage(): one is missing or out of its range; it is named.
absl::StatusOr<LogOptions> LogOptionsFromFlags();
// With the files that folders and globs of --input hold now, each once. NotFound: one holds none.  Else as
// ListLogFiles().
absl::StatusOr<LogOptions> LogOptionsWithFiles();
absl::StatusOr<MineOptions> MineOptionsFromFlags();
// `index_dir`: where a command writes an index; empty: it writes none.
absl::StatusOr<Resources> ResourcesFromFlags(const std::string& index_dir = "");
absl::StatusOr<RankOptions> RankOptionsFromFlags();  // min_users of 0: auto. With the weights of WeightsFromFlags().
absl::StatusOr<WeightChoice> WeightsFromFlags();

}  // namespace kindred
