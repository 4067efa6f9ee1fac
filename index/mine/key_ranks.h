// The order of an event table's strings and products, whatever order they came in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/large_page_allocator.h"
#include "index/text/normalized_query.h"

namespace kindred {

// Each id's place in the order of the keys. REQUIRES: distinct keys, and the ids 0, 1, 2 ... in any order.
template <typename Key>
std::vector<uint32_t> RanksOf(std::vector<std::pair<Key, uint32_t>> keys) {
  std::sort(keys.begin(), keys.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<uint32_t> rank(keys.size());
  for (uint32_t i = 0; i < keys.size(); ++i) rank[keys[i].second] = i;
  return rank;
}

// The ids 0, 1, ... below `queries` in the order of query(id). REQUIRES: distinct queries.
LargePageVector<uint32_t> OrderOfQueries(uint32_t queries, absl::FunctionRef<NormalizedView(uint32_t id)> query);

}  // namespace kindred
