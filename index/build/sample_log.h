// A made-up search log of a price-comparison shop in Taiwan and Japan, for trials and benchmarks: the truth that it
// plants is known (index/build/sample_truth.h), and the same options give the same bytes on every machine.
#pragma once

#include <cstdint>
#include <ostream>

#include "absl/status/status.h"
#include "index/build/sample_vocabulary.h"

namespace kindred {

struct SampleOptions {
  uint64_t rows = 100000;  // Data rows, 1 to kMaxSampleRows.
  uint64_t seed = 1;
};

inline constexpr uint64_t kMaxSampleRows = 1'000'000'000;

// An eighth of the rows is Japan's, the rest Taiwan's; no user is in both.
inline uint64_t SampleMarketRows(SampleMarket market, uint64_t rows) {
  return market == SampleMarket::kJapan ? rows / 8 : rows - rows / 8;
}

// Writes tab-separated rows in order of time, after the header "user_id time query item action market": one row a
// search, and where it led to clicks, one a click (cart, purchase), all with the time of the search. The 90 days end
// with November 2025 in Taipei, Singles' Day within. Needs memory for the distinct queries (some 100 bytes each), not
// for the rows.
//   InvalidArgument: rows out of range.  Unavailable: the stream takes no more (disk full, pipe closed).
absl::Status WriteSampleLog(const SampleOptions& options, std::ostream& out);

}  // namespace kindred
