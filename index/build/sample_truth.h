// The truth that the sample log plants: which topics a query belongs to. For tests and evaluation.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "index/build/sample_catalogue.h"
#include "index/build/sample_log.h"

namespace kindred {

// Immutable; const methods are thread-safe.
class SampleTruth {
 public:
  // The truth of a market of the log that WriteSampleLog(options) writes. REQUIRES: options that it accepts.
  SampleTruth(SampleMarket market, const SampleOptions& options);

  // Numbers of the topics that `query` belongs to, ascending; a brand may belong to several. Takes any spelling of the
  // log (typed, displayed or normalized: case, width, spaces and Simplified characters do not matter). Empty: a
  // half-typed query, personal data, or no query of the log.
  std::vector<uint32_t> TopicsOf(absl::string_view query) const;

  // Whether shoppers of one topic want the other too, either way round: it names what is bought along with it, or is
  // named after it ("switch", "switch 遊戲").
  bool Related(uint32_t a, uint32_t b) const;

  // Whether people search it beside everything, though it has a topic.
  bool IsBlockbuster(absl::string_view query) const;

  // The topic of queries that go with everything, such as "免運": related to nothing.
  uint32_t hub_topic() const { return catalogue_.hub_topic(); }
  // The usual query of a topic other than the hub topic, and its category: "藍牙耳機", "3C".
  absl::string_view TopicName(uint32_t topic) const { return catalogue_.topics()[topic].heads[0]; }
  absl::string_view Category(uint32_t topic) const { return catalogue_.topics()[topic].category; }

 private:
  void Learn(absl::string_view spelling, uint32_t topic);

  SampleCatalogue catalogue_;
  absl::flat_hash_map<uint64_t, absl::InlinedVector<uint32_t, 2>> topics_;  // By hash of the folded spelling.
  absl::flat_hash_set<uint64_t> blockbusters_;                              // Likewise.
  absl::flat_hash_set<std::pair<uint32_t, uint32_t>> related_;              // First below second.
};

}  // namespace kindred
