// history.html: how versions did at build, on later logs and beside each other, as one page with plots.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/store/index_root.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// `published` is IndexRoot::ActiveStack(). Needs no network: the chart library is in it. What comes from the index is
// shown as text, never as markup.
//   InvalidArgument: Protobuf cannot write a record as JSON.
absl::StatusOr<std::string> FormatHistoryPage(const std::vector<index::v1::IndexInfo>& versions,
                                              const std::vector<IndexVersion>& published,
                                              const std::vector<index::v1::Measurement>& measurements);

}  // namespace kindred
