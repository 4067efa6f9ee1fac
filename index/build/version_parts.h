// The last part of every build: what one version records of itself, and its publication.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "index/build/build_index.h"
#include "index/build/gate.h"
#include "index/build/load_log.h"
#include "index/build/progress.h"
#include "index/store/index_root.h"
#include "index/store/index_writer.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// The version that is active, as it tells of itself. One that cannot be read is for the server and verify to tell of.
std::optional<index::v1::IndexInfo> ActiveInfo(const IndexRoot& root);

// Looks at what was mined and ranked.
//   InvalidArgument: not one list came of it; with what may be the cause, and what to do about it.
absl::Status CheckHasLists(const BuildResult& result, const MineOptions& options);

// What a build is told where the index's disk is full: RocksDB names path and reason twice, and no remedy.
absl::Status WithRemedy(const absl::Status& status, const std::string& index_dir);

struct VersionParts {
  const BuildOptions& options;
  RankOptions rank;  // As it was ranked: with the learned weights, and the min_users that stand for auto.
  const LoadedLog& log;
  absl::Time start;  // Of the build.
  std::optional<index::v1::IndexInfo> active;
  std::optional<AskedBoth> asked;
  index::v1::IndexInfo info;  // What is recorded besides: held_out, weights_fitted_ms.
};

// Completes the version that `writer` holds the lists of, and publishes it unless it is worse than the active one, or
// not wanted to. Sets info, rows, published, refusal and size_note of `result`, whose other members it records.
//   Errors of IndexWriter::Finish(), WriteBuildReport(), IndexRootWriter::Complete() and Publish().
absl::Status FinishVersion(VersionParts parts, IndexVersion version, IndexRootWriter& root, IndexWriter& writer,
                           BuildResult& result, Progress& progress);

}  // namespace kindred
