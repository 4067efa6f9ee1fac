// All queries of the sample log in their usual spelling, by topic: names, brands, products, complements, and a long
// tail of these with one more word after another, as shoppers refine.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "index/build/sample_random.h"
#include "index/build/sample_vocabulary.h"

namespace kindred {

struct SampleQuery {
  std::string text;
  uint32_t topic = 0;
  uint32_t parent = 0;  // The query that this one refines; itself where it refines none.
  uint32_t shelf = 0;   // Queries of one shelf want the same products: a product's names, a query and its refinements.
};

// Immutable. Thread-safe.
class SampleCatalogue {
 public:
  // A market's catalogue for its `rows` rows: grows with rows^0.6, as vocabularies do (Heaps' law).
  SampleCatalogue(SampleMarket market, uint64_t rows, uint64_t seed);

  const std::vector<SampleTopic>& topics() const { return topics_; }
  // Hub queries stand under a topic number of their own, after the last topic.
  uint32_t hub_topic() const { return static_cast<uint32_t>(topics_.size()); }

  const std::vector<SampleQuery>& queries() const { return queries_; }
  // Numbers of the queries that are searched beside everything, though each has a topic. Never empty.
  const std::vector<uint32_t>& blockbusters() const { return blockbusters_; }
  // Most popular first, by Zipf's law.
  absl::Span<const SampleQuery> QueriesOf(uint32_t topic) const;
  // Where QueriesOf(topic) begins in queries().
  uint32_t FirstOf(uint32_t topic) const { return first_[topic]; }
  // Numbers of the queries that refine query number `query`, most popular first.
  absl::Span<const uint32_t> Refinements(uint32_t query) const;

 private:
  void AddTopic(uint32_t topic, size_t count, SampleRandom& random);
  void LinkRefinements();

  std::vector<SampleTopic> topics_;
  std::vector<SampleQuery> queries_;
  std::vector<uint32_t> blockbusters_;
  std::vector<uint32_t> first_;             // By topic, and the end.
  std::vector<uint32_t> refinements_;       // Grouped by parent.
  std::vector<uint32_t> first_refinement_;  // By query, and the end.
};

// Draws 0, 1, 2, ... n - 1 with the chances of Zipf's law, 1 / (1 + k)^0.95.
class ZipfSampler {
 public:
  // REQUIRES: limit >= 1.
  explicit ZipfSampler(size_t limit);
  // REQUIRES: 1 <= n <= limit.
  size_t Draw(size_t n, SampleRandom& random) const;

 private:
  std::vector<uint64_t> cumulated_;  // cumulated_[k]: weights of 0 to k.
};

}  // namespace kindred
