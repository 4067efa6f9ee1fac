#include "index/build/sample_truth.h"

#include <algorithm>

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

SampleTruth::SampleTruth(const SampleOptions& options) : catalogue_(options.rows, options.seed) {
  for (const SampleQuery& query : catalogue_.queries()) {
    Learn(query.text, query.topic);
    for (uint64_t variant = 0; variant < kLatinSlips; ++variant) Learn(LatinSlip(query.text, variant), query.topic);
    if (query.topic == hub_topic()) continue;
    const SampleTopic& topic = catalogue_.topics()[query.topic];
    for (const std::string& respelling : topic.respellings) {
      Learn(Respelled(query.text, topic.heads[0], respelling), query.topic);
    }
  }
}

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
