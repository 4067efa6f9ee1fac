// An index of made-up rows, written straight through IndexWriter, and the requests that shoppers send to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/store/index_root.h"
#include "index/text/normalized_query.h"

namespace kindred::bench {

struct SyntheticIndex {
  size_t queries = 200'000;
  uint32_t seed = 1;
  size_t keywords = 20;  // Of each query.
};

// Adds a version to the root, which is created where missing, and publishes it. Versions of one seed have the same
// queries and, by their number, other keywords. Takes about 150 bytes of memory a query.
absl::StatusOr<IndexVersion> PublishSyntheticIndex(const std::string& root, const SyntheticIndex& index);

// Serialized requests by Zipf's law over the queries of the active version; one in ten, by the same law, from 2,000
// queries that it does not know.
struct Requests {
  std::vector<std::string> single;
  std::vector<std::string> with_recent;  // The same with the queries of the visit, the three before it.
  std::vector<std::string> batches;      // The same, 50 together.
};
inline constexpr int kBatch = 50;

absl::StatusOr<Requests> MakeRequests(const std::string& root, double unknown_share);

}  // namespace kindred::bench
