#include "index/build/sample_shoppers.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "index/build/sample_noise.h"

namespace kindred {
namespace {

// Chances in a thousand.
constexpr uint64_t kAnotherSearch = 600;  // Geometric visits of 2.5 searches.
constexpr uint64_t kStaysInTopic = 700;
constexpr uint64_t kStaysInCategory = 300;  // Of the steps that leave the topic.
constexpr uint64_t kFavouriteTopic = 450;
constexpr uint64_t kHubQuery = 25;
constexpr uint64_t kBlockbuster = 25;
constexpr uint64_t kJunk = 2;
constexpr uint64_t kHalfTyped = 45;
constexpr uint64_t kClicks = 600;
constexpr uint64_t kClicksAgain = 250;
constexpr uint64_t kIntoCart = 70;
constexpr uint64_t kBuys = 350;  // Of what is in the cart.

constexpr size_t kTopicsCutOff = 10;
constexpr size_t kMaxVisitRows = 100;
constexpr uint64_t kRowsPerUser = 8;
constexpr uint64_t kFavourites = 3;
constexpr uint64_t kMaxTopicItems = 4096;

// The number that the log shows for product `index` of a topic: scattered, each once (the modulus is prime).
uint64_t ItemNumber(uint32_t topic, uint64_t index) {
  return 1'000'000 + (topic * kMaxTopicItems + index + 1) * 7919 % 8'999'993;
}

size_t LongestTopic(const SampleCatalogue& catalogue) {
  size_t longest = catalogue.topics().size() + kTopicsCutOff;
  for (uint32_t topic = 0; topic <= catalogue.hub_topic(); ++topic) {
    longest = std::max(longest, catalogue.QueriesOf(topic).size());
  }
  return longest;
}

}  // namespace

SampleShoppers::SampleShoppers(uint64_t rows, uint64_t seed, const SampleCatalogue& catalogue)
    : catalogue_(catalogue),
      random_(SampleHash(seed ^ 0x7368'6f70u)),
      zipf_(LongestTopic(catalogue)),
      users_(std::max<uint64_t>(20, rows / kRowsPerUser)) {
  // The categories take turns, each with the topic that it names first: earphones, consoles, nappies; then neighbours
  // change places, so that seeds differ.
  absl::flat_hash_map<std::string, uint32_t> turns;
  std::vector<std::pair<uint32_t, uint32_t>> order;  // Turn, topic.
  for (uint32_t topic = 0; topic < catalogue.topics().size(); ++topic) {
    order.emplace_back(turns[catalogue.topics()[topic].category]++, topic);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [turn, topic] : order) topics_.push_back(topic);
  for (size_t i = 1; i < topics_.size(); ++i) std::swap(topics_[i], topics_[i - random_.Below(std::min<size_t>(i, 8))]);
}

std::vector<SampleRow> SampleShoppers::Visit(int64_t start_ms) {
  SampleRow search;
  search.time_ms = start_ms;
  search.user = DrawUser();
  const SampleTypist typist = TypistOf(search.user);
  std::vector<SampleRow> rows;
  uint32_t query = DrawQuery(FirstTopic(search.user));
  do {
    for (SampleRow& row : Search(query, typist, search)) rows.push_back(std::move(row));
    search.time_ms = rows.back().time_ms + DrawGapMs();
    query = NextQuery(query);
  } while (random_.Chance(kAnotherSearch) && rows.size() < kMaxVisitRows);
  return rows;
}

// Pareto: the chance of a user falls with rank^(-2/3), levelled for the few on top so that they stay human.
uint64_t SampleShoppers::DrawUser() {
  constexpr uint64_t kOne = uint64_t{1} << 21;
  constexpr uint64_t kFloor = kOne / 20;
  const uint64_t x = kFloor + random_.Below(kOne - kFloor);
  const uint64_t cube = (x * x * x - kFloor * kFloor * kFloor) >> 31;  // Below 2^32.
  const uint64_t step = users_ / kOne + 1;
  return std::min(users_ - 1, ((cube * users_) >> 32) + random_.Below(step));
}

uint32_t SampleShoppers::DrawTopic(SampleRandom& random) const {
  // Zipf's law without its top: shops have large departments, but none that is a tenth of the trade.
  size_t rank = 0;
  do rank = zipf_.Draw(topics_.size() + kTopicsCutOff, random);
  while (rank < kTopicsCutOff);
  return topics_[rank - kTopicsCutOff];
}

// People come back to what they like: each user has a few favourite topics.
uint32_t SampleShoppers::FirstTopic(uint64_t user) {
  if (!random_.Chance(kFavouriteTopic)) return DrawTopic(random_);
  SampleRandom taste(SampleHash(user * kFavourites + random_.Below(kFavourites)));
  return DrawTopic(taste);
}

uint32_t SampleShoppers::DrawQuery(uint32_t topic) {
  return catalogue_.FirstOf(topic) + static_cast<uint32_t>(zipf_.Draw(catalogue_.QueriesOf(topic).size(), random_));
}

uint32_t SampleShoppers::NextQuery(uint32_t query) {
  const SampleQuery& now = catalogue_.queries()[query];
  if (!random_.Chance(kStaysInTopic)) {
    uint32_t topic = DrawTopic(random_);
    if (random_.Chance(kStaysInCategory)) {  // Topics of a category stand side by side.
      topic = std::min(now.topic + static_cast<uint32_t>(random_.Below(5)), catalogue_.hub_topic() - 1);
    }
    return DrawQuery(topic);
  }
  const uint64_t step = random_.Below(1000);
  if (step < 120) return query;
  if (step < 270) return now.parent;
  const auto refinements = catalogue_.Refinements(query);
  if (step < 650 && !refinements.empty()) {
    return refinements[zipf_.Draw(refinements.size(), random_)];
  }
  return DrawQuery(now.topic);
}

std::string SampleShoppers::Typed(uint32_t query, const SampleTypist& typist) {
  if (random_.Chance(kJunk)) return JunkQuery(random_);
  const SampleQuery& wanted = catalogue_.queries()[query];
  const bool hub = wanted.topic == catalogue_.hub_topic();
  return TypeQuery(wanted.text, hub ? nullptr : &catalogue_.topics()[wanted.topic], typist, random_);
}

// Mostly the products of the query's shelf, the first ones more; else what sells best in the topic, or anything of it;
// now and then what the front page offers to everybody.
uint64_t SampleShoppers::DrawItem(uint32_t query) {
  constexpr uint64_t kShelfItems = 12, kBestsellers = 4, kOffers = 6;
  const SampleQuery& wanted = catalogue_.queries()[query];
  const uint64_t items = std::min<uint64_t>(kMaxTopicItems, 30 + catalogue_.QueriesOf(wanted.topic).size() / 4);
  const uint64_t chance = random_.Below(1000);
  if (chance < 20) return ItemNumber(catalogue_.hub_topic(), random_.Below(kOffers));
  if (chance < 200) return ItemNumber(wanted.topic, random_.Below(kBestsellers));
  if (chance < 260) return ItemNumber(wanted.topic, random_.Below(items));
  const uint64_t shelf = SampleHash(uint64_t{wanted.topic} << 32 | wanted.shelf) % items;
  const uint64_t place = std::min(random_.Below(kShelfItems), random_.Below(kShelfItems));
  return ItemNumber(wanted.topic, (shelf + place) % items);
}

// The rows of one search, with the time and user of `search`.
std::vector<SampleRow> SampleShoppers::Search(uint32_t query, const SampleTypist& typist, SampleRow search) {
  std::vector<SampleRow> rows;
  if (random_.Chance(kHubQuery)) query = DrawQuery(catalogue_.hub_topic());
  if (random_.Chance(kBlockbuster)) query = catalogue_.blockbusters()[random_.Below(catalogue_.blockbusters().size())];
  search.query = Typed(query, typist);
  if (random_.Chance(kHalfTyped)) {
    if (auto half = HalfTyped(catalogue_.queries()[query].text, random_)) {
      rows.push_back({search.time_ms, search.user, *std::move(half), 0, ""});
      search.time_ms += 1000 + static_cast<int64_t>(random_.Below(1900));
    }
  }
  if (!random_.Chance(kClicks)) {
    rows.push_back(std::move(search));
    return rows;
  }
  do {
    search.item = DrawItem(query);
    search.action = "click";
    rows.push_back(search);
    if (!random_.Chance(kIntoCart)) continue;
    search.action = "cart";
    rows.push_back(search);
    if (!random_.Chance(kBuys)) continue;
    search.action = "purchase";
    rows.push_back(search);
  } while (random_.Chance(kClicksAgain));
  return rows;
}

// Most look again within two minutes; one visit in thirty has a long pause, still shorter than half an hour.
int64_t SampleShoppers::DrawGapMs() {
  if (random_.Chance(20)) return 600'000 + static_cast<int64_t>(random_.Below(1'100'000));
  const uint64_t longest = 1 + random_.Below(180'000);
  return 5000 + static_cast<int64_t>(random_.Below(longest));
}

}  // namespace kindred
