// The shoppers of the sample log: who comes back how often, what one searches in a visit, and which products that leads
// to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "index/build/sample_catalogue.h"
#include "index/build/sample_log.h"
#include "index/build/sample_random.h"
#include "index/build/sample_spelling.h"

namespace kindred {

// One row of the log before it is written.
struct SampleRow {
  int64_t time_ms = 0;  // Of the search.
  uint64_t user = 0;    // Number of the user.
  std::string query;
  uint64_t item = 0;         // Number of the product; 0: none.
  absl::string_view action;  // "click", "cart", "purchase"; empty without a product.
};

// Not thread-safe. The catalogue must outlive it.
class SampleShoppers {
 public:
  // For the `rows` rows of the catalogue's market.
  SampleShoppers(uint64_t rows, uint64_t seed, const SampleCatalogue& catalogue);

  // The rows of the next visit, in order of time. Never empty.
  std::vector<SampleRow> Visit(int64_t start_ms);

  // Users are numbered from 0 to users() - 1.
  uint64_t users() const { return users_; }

 private:
  uint64_t DrawUser();
  uint32_t DrawTopic(SampleRandom& random) const;
  uint32_t FirstTopic(uint64_t user);
  uint32_t DrawQuery(uint32_t topic);
  uint32_t NextQuery(uint32_t query);
  std::string Typed(uint32_t query, const SampleTypist& typist);
  uint64_t DrawItem(uint32_t query);
  std::vector<SampleRow> Search(uint32_t query, const SampleTypist& typist, SampleRow search);
  int64_t DrawGapMs();

  const SampleCatalogue& catalogue_;
  SampleRandom random_;
  ZipfSampler zipf_;
  uint64_t users_;
  std::vector<uint32_t> topics_;  // Most popular first.
};

}  // namespace kindred
