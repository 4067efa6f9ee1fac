// Normalized queries for tests, made in one word.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/string_view.h"
#include "index/text/normalized_query.h"

namespace kindred::testing {

// REQUIRES: raw normalizes.
inline NormalizedQuery Query(absl::string_view raw) {
  absl::StatusOr<NormalizedQuery> query = NormalizeQuery(raw);
  if (!query.ok()) {
    std::cerr << "\"" << raw << "\": " << query.status() << '\n';
    std::abort();
  }
  return *std::move(query);
}

inline std::string Normal(absl::string_view raw) { return std::string(Query(raw).text()); }

}  // namespace kindred::testing
