// Makes one version of what the stages of index/stage left in a folder.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "index/build/build_index.h"
#include "index/build/progress.h"
#include "index/store/index_root.h"

namespace kindred {

// Where the stages of a build of `version` are collected: removed with the build, whether it ends well or not.
std::string ShardsPath(const IndexRootWriter& root, IndexVersion version);

// `folder` holds dictionary, mined and, for each of `parts`, what RankPart() wrote. Row files are taken into the
// version as they are; nothing of them is written again.
//   InvalidArgument: no query has a related keyword.  Errors of BlockFileReader, IndexWriter and FinishVersion().
absl::StatusOr<BuildResult> PublishShards(const BuildOptions& options, const std::string& folder, uint32_t parts,
                                          absl::Time start, IndexVersion version, IndexRootWriter& root,
                                          Progress& progress);

}  // namespace kindred
