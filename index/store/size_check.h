// Whether a version may follow the one that is served: a log that was cut short, or that of another shop, gives an
// index that is sound and nearly empty.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "index/store/index_root.h"

namespace kindred::index::v1 {
class IndexInfo;
}

namespace kindred {

// In a version's folder, where an operator puts a file of this name: it is taken whatever its size.
inline constexpr char kAcceptSizeName[] = "ACCEPT_SIZE";

// The server's --min_size_ratio, where none is given.
inline constexpr double kDefaultMinSizeRatio = .5;

// How many queries of a version have a list, over all markets.
uint64_t CountLists(const index::v1::IndexInfo& info);

// Compares how many queries have a list. A version with a lower number than `before` always passes: somebody went back
// to it. REQUIRES: min_ratio is 0 (all pass) to 1.
//   FailedPrecondition: `next` has fewer than min_ratio of the queries of `before`; says how to overrule that.
absl::Status CheckSize(const IndexRoot& root, const index::v1::IndexInfo& next, const index::v1::IndexInfo& before,
                       double min_ratio);

}  // namespace kindred
