#include "index/build/sample_truth.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "index/build/sample_characters.h"
#include "index/build/sample_random.h"
#include "index/build/sample_spelling.h"

namespace kindred {
namespace {

// Equal for all spellings of a query that differ in case, width, spaces, or Traditional and Simplified characters. Not
// NormalizeQuery(), so that a mistake there shows in a measure taken with this.
uint64_t FoldedHash(absl::string_view spelling) {
  uint64_t hash = 0;
  for (char32_t c : SampleCodePoints(spelling)) {
    if (c == U'\u3000') continue;
    if (c > 0xFF00 && c < 0xFF5F) c -= 0xFEE0;
    // Punctuation that a normal form may keep or drop.
    if (c < 0x80 && !(c >= U'0' && c <= U'9') && !(c >= U'a' && c <= U'z') && !(c >= U'A' && c <= U'Z')) continue;
    if (c >= U'A' && c <= U'Z') c += 0x20;
    hash = SampleHash(hash ^ SampleSimplified(c));
  }
  return hash;
}

}  // namespace

SampleTruth::SampleTruth(SampleMarket market, const SampleOptions& options)
    : catalogue_(market, SampleMarketRows(market, options.rows), options.seed) {
  for (const SampleQuery& query : catalogue_.queries()) {
    Learn(query.text, query.topic);
    for (uint64_t variant = 0; variant < kLatinSlips; ++variant) Learn(LatinSlip(query.text, variant), query.topic);
    if (query.topic == hub_topic()) continue;
    const SampleTopic& topic = catalogue_.topics()[query.topic];
    for (const std::string& respelling : topic.respellings) {
      Learn(Respelled(query.text, topic.heads[0], respelling), query.topic);
    }
  }
  for (uint32_t topic = 0; topic < hub_topic(); ++topic) {
    for (const std::string& complement : catalogue_.topics()[topic].complements) {
      for (const uint32_t other : TopicsOf(complement)) related_.insert(std::minmax(topic, other));
    }
    for (uint32_t other = 0; other < hub_topic(); ++other) {
      if (absl::StrContains(TopicName(other), TopicName(topic))) related_.insert(std::minmax(topic, other));
    }
  }
  for (const uint32_t query : catalogue_.blockbusters()) {
    blockbusters_.insert(FoldedHash(catalogue_.queries()[query].text));
  }
}

bool SampleTruth::IsBlockbuster(absl::string_view query) const { return blockbusters_.contains(FoldedHash(query)); }

bool SampleTruth::Related(uint32_t a, uint32_t b) const { return related_.contains(std::minmax(a, b)); }

void SampleTruth::Learn(absl::string_view spelling, uint32_t topic) {
  auto& topics = topics_[FoldedHash(spelling)];
  const auto at = std::lower_bound(topics.begin(), topics.end(), topic);
  if (at == topics.end() || *at != topic) topics.insert(at, topic);
}

std::vector<uint32_t> SampleTruth::TopicsOf(absl::string_view query) const {
  const auto found = topics_.find(FoldedHash(query));
  if (found == topics_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

}  // namespace kindred
