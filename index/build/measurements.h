// How versions do on logs that came after them: measured, and kept in the file MEASUREMENTS beside the versions.
//
// The file has one measurement a line, as Protobuf JSON, and is only ever appended to. It is no part of a version,
// which never changes; a line that does not parse, such as one that a crash cut short, is passed over and counted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "index/build/load_log.h"
#include "index/evaluate/ranking_metrics.h"
#include "index/lookup/recommender.h"
#include "index/mine/user_history.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// Ages are told apart by this much.
inline constexpr absl::Duration kAgeStep = absl::Hours(24 * 7);

// A figure as a version or a measurement keeps it.
index::v1::QualityFigure QualityFigureOf(const char* name, const Figure& figure);

// Asks a version the pairs of the sessions that came after the last event it was built from, those of each kAgeStep for
// themselves; steps without a pair are left out. Where the log holds nothing later (or the version does not tell what
// it was built from), all of it is asked: one measurement, without an age.
//   NotFound: nobody searched two things in one session.  Errors of Recommender::Recommend().
absl::StatusOr<std::vector<index::v1::Measurement>> MeasureVersion(const Recommender& recommender, const LoadedLog& log,
                                                                   const HistoryOptions& history);

// Synced, and all of them or none. Lines of several processes do not mix. Of none, it leaves an empty file and tells
// whether it could.  Codes: ErrnoStatus().
absl::Status AppendMeasurements(const std::string& index_dir, absl::Span<const index::v1::Measurement> measurements);

struct KeptMeasurements {
  std::vector<index::v1::Measurement> measurements;
  uint64_t bad_lines = 0;
};

// In the order in which they were appended, of the same sessions the last ones; no file: none.  Codes: ErrnoStatus().
absl::StatusOr<KeptMeasurements> ReadMeasurements(const std::string& index_dir);

}  // namespace kindred
