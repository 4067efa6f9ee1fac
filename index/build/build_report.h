// report.json: how a version was built, for people and dashboards. Layout: index/store/FORMAT.md.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "index/build/build_index.h"
#include "index/build/progress.h"
#include "kindred/index/v1/build_report.pb.h"

namespace kindred {

inline constexpr char kBuildReportName[] = "report.json";

// What each cap cut of a market, by the cap's name.
std::vector<std::pair<const char*, uint64_t>> CapsCut(const MineReport& mined, const RankedCounts& ranked);

// REQUIRES: `result` has its info, and a report of mining and ranking for each of info.markets.
index::v1::BuildReport MakeBuildReport(const BuildResult& result, const std::vector<StageTime>& stages);

// Into the version's folder, synced. InvalidArgument: Protobuf cannot write it as JSON. Other codes: ErrnoStatus().
absl::Status WriteBuildReport(const std::string& folder, const BuildResult& result,
                              const std::vector<StageTime>& stages);

}  // namespace kindred
