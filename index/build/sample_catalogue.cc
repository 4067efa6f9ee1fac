#include "index/build/sample_catalogue.h"

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kindred {
namespace {

constexpr uint64_t kHeapsOctave = 6509953083;  // 2^32 * 2^0.6
constexpr uint64_t kZipfOctave = 2223214495;   // 2^32 * 2^-0.95
constexpr uint64_t kQueriesPerTenRows06 = 80;  // Gives some 50,000 distinct queries in a million rows.
constexpr size_t kMinTopicQueries = 8;
constexpr int kMaxWords = 4;                     // Shoppers seldom type more.
constexpr absl::string_view kJapanese = "日系";  // The category of Japanese queries.

// Kinds of words that refine, a bit each: the topic's modifiers, then its attributes.
constexpr uint64_t kModifierBit = 1;
constexpr uint64_t KindBit(size_t attributes) { return uint64_t{2} << attributes; }

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The queries of one topic, in the making.
class TopicWriter {
 public:
  TopicWriter(const SampleTopic& topic, std::vector<const SampleAttributes*> attributes, SampleRandom& random)
      : topic_(topic), attributes_(std::move(attributes)), random_(random) {
    for (size_t kind = 0; kind < attributes_.size(); ++kind) {
      if (attributes_[kind]->category == topic.category && topic.category != kJapanese) own_kinds_ |= KindBit(kind);
    }
  }

  // The queries that every topic has, in order of popularity.
  void AddCore() {
    const std::string& head = topic_.heads[0];
    Add(head, 0, shelves_++);
    for (size_t i = 1; i < topic_.heads.size(); ++i) Add(topic_.heads[i], 0, shelves_++);
    const size_t longest = std::max({topic_.models.size(), topic_.brands.size(), topic_.modifiers.size()});
    for (size_t i = 0; i < longest; ++i) {  // Taken in turn: each list has popular entries and rare ones.
      if (i < topic_.models.size()) AddNames(topic_.models[i]);
      if (i < topic_.brands.size()) AddBrand(topic_.brands[i]);
      if (i < topic_.modifiers.size()) AddModifier(topic_.modifiers[i]);
      if (i < topic_.complements.size()) AddGeneral(topic_.complements[i], shelves_++);
    }
    core_ = queries_.size();
  }

  // Refines until there are `count` queries, or new ones are hard to find.
  void AddTail(size_t count) {
    const ZipfSampler popular(std::max(count, core_));
    for (size_t tries = 0; queries_.size() < count && tries < 6 * count; ++tries) {
      // Half of the tail hangs on what is popular, half on anything.
      const size_t size = queries_.size();
      const uint32_t parent =
          static_cast<uint32_t>(random_.Chance(500) ? popular.Draw(size, random_) : random_.Below(size));
      if (words_[parent] >= kMaxWords) continue;
      if (random_.Chance(300) && parent < core_ && kinds_[parent] == 0) {
        Refine(parent, kModifierBit, topic_.modifiers[random_.Below(topic_.modifiers.size())]);
        continue;
      }
      const size_t kind = random_.Below(attributes_.size());
      const std::vector<std::string>& words = attributes_[kind]->words;
      Refine(parent, KindBit(kind), words[popular.Draw(std::min(words.size(), count), random_)]);
    }
  }

  // Leaves the writer empty. Parents are numbers within the topic.
  std::vector<SampleQuery> Take(size_t count) {
    if (queries_.size() > count) queries_.resize(count);
    return std::move(queries_);
  }

 private:
  // Without a parent the query refines none. Where the query is there already, nothing is added.
  bool Add(std::string text, std::optional<uint32_t> parent, uint32_t shelf) {
    if (!texts_.insert(text).second) return false;
    const uint32_t number = static_cast<uint32_t>(queries_.size());
    queries_.push_back({std::move(text), 0, parent.value_or(number), shelf});
    kinds_.push_back(0);
    words_.push_back(parent && *parent != number ? words_[*parent] + 1 : 1);
    return true;
  }

  // A query that the topic's own words do not fit: "sony 入耳式", "手機殼 256g".
  void AddGeneral(const std::string& text, uint32_t shelf) {
    if (Add(text, std::nullopt, shelf)) kinds_.back() = own_kinds_;
  }

  void AddNames(const std::vector<std::string>& names) {
    const uint32_t shelf = shelves_++;
    const uint32_t first = static_cast<uint32_t>(queries_.size());
    for (const std::string& name : names) Add(name, first < queries_.size() ? first : 0, shelf);
  }

  void AddBrand(const std::string& brand) {
    const uint32_t shelf = shelves_++;
    Add(absl::StrCat(brand, " ", topic_.heads[0]), 0, shelf);
    AddGeneral(brand, shelf);
  }

  // "藍牙耳機 運動", and as one word "運動藍牙耳機" where both are Chinese or Japanese.
  void AddModifier(const std::string& modifier) {
    const uint32_t shelf = shelves_++;
    const std::string& head = topic_.heads[0];
    if (!IsAscii(modifier) && !IsAscii(head)) Add(absl::StrCat(modifier, head), 0, shelf);
    Add(absl::StrCat(head, " ", modifier), 0, shelf);
  }

  void Refine(uint32_t parent, uint64_t kind, const std::string& word) {
    if ((kinds_[parent] & kind) != 0 || absl::StrContains(queries_[parent].text, word)) return;
    const uint32_t shelf = kind == kModifierBit ? shelves_++ : queries_[parent].shelf;
    if (Add(absl::StrCat(queries_[parent].text, " ", word), parent, shelf)) kinds_.back() = kinds_[parent] | kind;
  }

  const SampleTopic& topic_;
  const std::vector<const SampleAttributes*> attributes_;
  SampleRandom& random_;
  uint64_t own_kinds_ = kModifierBit;  // Of words that only the topic's own names take.
  std::vector<SampleQuery> queries_;
  std::vector<uint64_t> kinds_;  // By query: the kinds of words added, a bit each; a query takes one of a kind.
  std::vector<int> words_;       // By query.
  absl::flat_hash_set<std::string> texts_;
  uint32_t shelves_ = 0;
  size_t core_ = 0;
};

// Japanese topics have words of their own; all others share "*".
std::vector<const SampleAttributes*> AttributesOf(const SampleTopic& topic,
                                                  const std::vector<SampleAttributes>& attributes) {
  std::vector<const SampleAttributes*> wanted;
  for (const SampleAttributes& candidate : attributes) {
    const bool shared = candidate.category == "*" && topic.category != kJapanese;
    if (shared || candidate.category == topic.category) wanted.push_back(&candidate);
  }
  return wanted;
}

}  // namespace

SampleCatalogue::SampleCatalogue(SampleMarket market, uint64_t rows, uint64_t seed) : topics_(SampleTopics(market)) {
  SampleRandom random(SampleHash(seed ^ 0x7361'6d70'6c65u));
  const uint64_t wanted = (SamplePower(rows, kHeapsOctave) >> 32) * kQueriesPerTenRows06 / 10;
  for (uint32_t topic = 0; topic < topics_.size(); ++topic) {
    const uint64_t share = wanted / topics_.size();
    AddTopic(topic, std::max<size_t>(kMinTopicQueries, share / 2 + random.Below(share + 1)), random);
  }
  first_.push_back(static_cast<uint32_t>(queries_.size()));
  for (std::string& hub : SampleHubQueries(market)) {
    const uint32_t number = static_cast<uint32_t>(queries_.size());
    queries_.push_back({std::move(hub), hub_topic(), number, number - first_.back()});
  }
  first_.push_back(static_cast<uint32_t>(queries_.size()));
  LinkRefinements();
  // By name: the same text may be a query of several topics.
  for (const std::string& name : SampleBlockbusters(market)) {
    const auto at =
        std::find_if(queries_.begin(), queries_.end(), [&](const SampleQuery& q) { return q.text == name; });
    if (at != queries_.end()) blockbusters_.push_back(static_cast<uint32_t>(at - queries_.begin()));
  }
}

void SampleCatalogue::AddTopic(uint32_t topic, size_t count, SampleRandom& random) {
  static const auto* const attributes = new std::vector<SampleAttributes>(SampleAttributesOfCategories());
  TopicWriter writer(topics_[topic], AttributesOf(topics_[topic], *attributes), random);
  writer.AddCore();
  writer.AddTail(count);
  const uint32_t first = static_cast<uint32_t>(queries_.size());
  first_.push_back(first);
  for (SampleQuery& query : writer.Take(count)) {
    queries_.push_back({std::move(query.text), topic, first + query.parent, query.shelf});
  }
}

void SampleCatalogue::LinkRefinements() {
  first_refinement_.assign(queries_.size() + 1, 0);
  const auto refines = [&](uint32_t query) { return queries_[query].parent != query; };
  for (uint32_t query = 0; query < queries_.size(); ++query) {
    if (refines(query)) ++first_refinement_[queries_[query].parent + 1];
  }
  for (size_t i = 1; i < first_refinement_.size(); ++i) first_refinement_[i] += first_refinement_[i - 1];
  refinements_.resize(first_refinement_.back());
  std::vector<uint32_t> next = first_refinement_;
  for (uint32_t query = 0; query < queries_.size(); ++query) {
    if (refines(query)) refinements_[next[queries_[query].parent]++] = query;
  }
}

absl::Span<const SampleQuery> SampleCatalogue::QueriesOf(uint32_t topic) const {
  return absl::MakeConstSpan(queries_).subspan(first_[topic], first_[topic + 1] - first_[topic]);
}

absl::Span<const uint32_t> SampleCatalogue::Refinements(uint32_t query) const {
  const uint32_t first = first_refinement_[query];
  return absl::MakeConstSpan(refinements_).subspan(first, first_refinement_[query + 1] - first);
}

ZipfSampler::ZipfSampler(size_t limit) {
  uint64_t sum = 0;
  cumulated_.reserve(limit);
  for (size_t k = 1; k <= limit; ++k) cumulated_.push_back(sum += SamplePower(k, kZipfOctave));
}

size_t ZipfSampler::Draw(size_t n, SampleRandom& random) const {
  // 2^32 per unit of weight: the sum passes 2^32, hence a draw in units of the sum's 2^-32 part.
  const uint64_t sum = cumulated_[n - 1];
  const uint64_t unit = (sum >> 32) + 1;
  const uint64_t target = std::min(sum - 1, random.Below(sum / unit + 1) * unit);
  return std::upper_bound(cumulated_.begin(), cumulated_.begin() + static_cast<ptrdiff_t>(n), target) -
         cumulated_.begin();
}

}  // namespace kindred
