#include "index/mine/event_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/status_macros.h"
#include "index/mine/fingerprint.h"
#include "index/mine/key_ranks.h"
#include "index/mine/query_screen.h"
#include "index/text/display_form.h"

namespace kindred {
namespace {

// A spelling that is left out has the number of the reason, counted down from here.
constexpr uint32_t kLastReason = UINT32_MAX - 1, kFirstReason = kLastReason - 0xFFFF;
constexpr int64_t kMinuteMs = 60 * 1000;
constexpr uint32_t kSampledEvent = 64;  // One of so many counts for about_events().
constexpr size_t kBlock = 64;           // Events whose look-ups overlap.

Found FoundOf(const SearchEvent& event) {
  if (!event.hits.has_value()) return Found::kUnknown;
  return *event.hits == 0 ? Found::kNothing : Found::kSomething;
}

template <typename T>
void AddAt(std::vector<T>& counts, size_t at) {
  if (counts.size() <= at) counts.resize(std::max(at + 1, counts.size() * 2));
  ++counts[at];
}

}  // namespace

std::optional<QueryId> EventTable::Find(NormalizedView query) const {
  const auto found = std::lower_bound(queries.begin(), queries.end(), query);
  if (found == queries.end() || *found != query) return std::nullopt;
  return static_cast<QueryId>(found - queries.begin());
}

void EventTable::ForgetEvents() {
  for (uint32_t i = 0; i < events_by_user_.partitions(); ++i) events_by_user_.Clear(i);
  std::vector<Fingerprint>().swap(item_fingerprints);
  pool_->Trim();
}

uint64_t EventTable::EventsBefore(int64_t time_ms) const {
  uint64_t events = 0;
  for (const auto& [minute, count] : minutes_) {
    if (minute * kMinuteMs >= time_ms / kMinuteMs * kMinuteMs) break;
    events += count;
  }
  return events;
}

// All strings of a market, by fingerprint. Thread-safe.
class EventTableBuilder::Dictionary {
 public:
  // The number of a spelling, or of the reason why it is left out.
  uint32_t Spell(absl::string_view raw, const Fingerprint& raw_key, EventTableBuilder& builder);
  uint32_t Item(const Fingerprint& fingerprint) {
    const absl::MutexLock lock(&mutex_);
    uint32_t& number = items_[fingerprint];
    if (number == FingerprintTable::kNone) {
      number = static_cast<uint32_t>(item_fingerprints_.size());
      item_fingerprints_.push_back(fingerprint);
    }
    return number;
  }
  bool full() const {
    const absl::MutexLock lock(&mutex_);
    return std::max(displays_.size(), item_fingerprints_.size()) >= kFirstReason;
  }

  // Moves the strings into the table in their order, and tells the place of each number in it. For one thread.
  void MoveTo(EventTable& table);

 private:
  // A display form, or a normal form that nobody typed so: most are both, and share a place.
  struct Display {
    uint32_t query = FingerprintTable::kNone;
    bool typed = false;
    bool typed_as_is = false;  // Typed so, and shown so.
    absl::string_view text;    // In texts_, where it was typed.
  };

  uint32_t NumberOf(const Fingerprint& text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    uint32_t& number = numbers_[text];
    if (number == FingerprintTable::kNone) {
      number = static_cast<uint32_t>(displays_.size());
      displays_.emplace_back();
    }
    return number;
  }

  mutable absl::Mutex mutex_;
  FingerprintTable numbers_ ABSL_GUARDED_BY(mutex_), items_ ABSL_GUARDED_BY(mutex_);
  std::vector<NormalizedView> queries_ ABSL_GUARDED_BY(mutex_);
  std::vector<Display> displays_ ABSL_GUARDED_BY(mutex_);
  StringArena texts_ ABSL_GUARDED_BY(mutex_);
  std::vector<Fingerprint> item_fingerprints_ ABSL_GUARDED_BY(mutex_);

  friend class EventTableBuilder;
};

// A display form is the key of its query in every list, so two queries must not share one: where it does not normalize
// to the query that was typed, the normal form itself is shown. Hence its fingerprint tells the spelling.
uint32_t EventTableBuilder::Dictionary::Spell(absl::string_view raw, const Fingerprint& raw_key,
                                              EventTableBuilder& builder) {
  {
    const absl::MutexLock lock(&mutex_);  // Another thread may have met it.
    const uint32_t number = numbers_.Find(raw_key);
    if (number != FingerprintTable::kNone && displays_[number].typed_as_is) return number;
  }
  if (const ScreenReason reason = ScreenQuery(raw); reason != ScreenReason::kNone) {
    return builder.ReasonNumber(ScreenReasonName(reason));
  }
  const absl::StatusOr<NormalizedQuery> query = NormalizeQuery(raw);
  if (!query.ok()) return builder.ReasonNumber("not UTF-8, or too long");
  if (query->empty()) return builder.ReasonNumber("nothing but punctuation");
  const std::string as_typed = builder.detail_ == TableDetail::kAll ? DisplayForm(raw) : "";
  absl::string_view display = builder.detail_ == TableDetail::kAll ? as_typed : query->text();
  if (display != raw && display != query->text()) {
    if (const auto shown = NormalizeQuery(display); !shown.ok() || *shown != *query) display = query->text();
  }
  const Fingerprint key = display == raw ? raw_key : FingerprintOf(display);
  const Fingerprint query_key = display == query->text() ? key : FingerprintOf(query->text());
  const absl::MutexLock lock(&mutex_);
  const uint32_t number = NumberOf(key);
  displays_[number].typed_as_is |= display == raw;
  if (displays_[number].typed) return number;
  displays_[number].typed = true;
  const uint32_t same_text = displays_[number].query;  // A query whose normal form it is.
  displays_[number].text = same_text == FingerprintTable::kNone ? texts_.Add(display) : queries_[same_text].text();
  uint32_t& query_number = displays_[query_key == key ? number : NumberOf(query_key)].query;
  if (query_number == FingerprintTable::kNone) {
    query_number = static_cast<uint32_t>(queries_.size());
    const NormalizedView known(*query);
    queries_.push_back(known.In(query_key == key ? displays_[number].text : texts_.Add(known.text())));
  }
  displays_[number].query = query_number;
  return number;
}

void EventTableBuilder::Dictionary::MoveTo(EventTable& table) {
  const absl::MutexLock lock(&mutex_);
  numbers_ = FingerprintTable();
  items_ = FingerprintTable();
  std::vector<std::pair<SortedText, uint32_t>> texts;
  texts.reserve(queries_.size());
  for (uint32_t i = 0; i < queries_.size(); ++i) texts.emplace_back(queries_[i].text(), i);
  const std::vector<uint32_t> query_rank = RanksOf(std::move(texts));
  table.queries.resize(queries_.size());
  for (uint32_t i = 0; i < queries_.size(); ++i) table.queries[query_rank[i]] = queries_[i];

  table.texts_ = std::move(texts_);
  // By query, then by text.
  std::vector<uint32_t> end_of_query(queries_.size() + 1);
  for (const Display& display : displays_) {
    if (display.typed) ++end_of_query[query_rank[display.query] + 1];
  }
  std::partial_sum(end_of_query.begin(), end_of_query.end(), end_of_query.begin());
  std::vector<uint32_t> order(end_of_query.back());
  for (uint32_t i = 0; i < displays_.size(); ++i) {
    if (displays_[i].typed) order[end_of_query[query_rank[displays_[i].query]]++] = i;
  }
  table.spellings.resize(order.size());
  table.spelling_ids_.resize(displays_.size());
  SpellingId spelling = 0;
  const Display* const displays = displays_.data();
  for (QueryId query = 0; query < queries_.size(); ++query) {
    std::sort(order.begin() + spelling, order.begin() + end_of_query[query],
              [&](uint32_t x, uint32_t y) { return displays[x].text < displays[y].text; });
    for (; spelling < end_of_query[query]; ++spelling) {
      table.spellings[spelling] = {displays_[order[spelling]].text, query};
      table.spelling_ids_[order[spelling]] = {spelling, query};
    }
  }

  std::vector<std::pair<Fingerprint, uint32_t>> items;
  for (uint32_t i = 0; i < item_fingerprints_.size(); ++i) items.emplace_back(item_fingerprints_[i], i);
  const std::vector<uint32_t> item_rank = RanksOf(std::move(items));
  table.item_ids_.assign(item_rank.begin(), item_rank.end());
  table.item_fingerprints.resize(item_rank.size());
  for (uint32_t i = 0; i < item_rank.size(); ++i) table.item_fingerprints[item_rank[i]] = item_fingerprints_[i];
}

// One thread's part of a market. The tables of numbers save it the dictionary's lock, and the normalizer.
struct EventTableBuilder::Shard::Market {
  explicit Market(Dictionary* dictionary, const std::shared_ptr<ChunkPool>& pool)
      : dictionary(dictionary), events(pool, EventTable::kUserPartitions) {}

  void Store(const SearchEvent& event, uint32_t spelling, uint32_t item) {
    const uint64_t user = XXH3_64bits(event.user.data(), event.user.size());
    const auto time = static_cast<uint64_t>(event.time_ms);
    events.Append(user >> 56, {.user = user,
                               .time_bits = time << 4 | static_cast<uint64_t>(event.action) << 2 |
                                            static_cast<uint64_t>(FoundOf(event)),
                               .spelling = spelling,
                               .item = item});
    if (events_seen++ % kSampledEvent == 0) AddAt(sampled_events_of_spelling, spelling);
    tells_found |= event.hits.has_value();
    first_ms = std::min(first_ms, event.time_ms);
    last_ms = std::max(last_ms, event.time_ms);
    const auto minute = static_cast<uint32_t>(event.time_ms / kMinuteMs);
    if (minute != last_minute) CountMinute();
    last_minute = minute;
    ++in_last_minute;
  }

  // Logs are mostly in order of time.
  void CountMinute() {
    if (in_last_minute > 0) minutes[last_minute] += std::exchange(in_last_minute, 0);
  }

  Dictionary* const dictionary;
  FingerprintTable spellings, items;
  Partitions<StoredEvent> events;
  uint64_t events_seen = 0;
  std::vector<uint32_t> sampled_events_of_spelling;
  absl::flat_hash_map<uint32_t, uint64_t> minutes;  // But for what CountMinute() has yet to add.
  uint32_t last_minute = 0;
  uint64_t in_last_minute = 0;
  int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
  bool tells_found = false;
};

EventTableBuilder::Shard::Shard(EventTableBuilder* builder) : builder_(builder) {}
EventTableBuilder::Shard::~Shard() = default;

absl::StatusOr<EventTableBuilder::Shard::Market*> EventTableBuilder::Shard::MarketOf(absl::string_view name) {
  auto it = markets_.find(name);
  if (it == markets_.end()) {
    ASSIGN_OR_RETURN(Dictionary * dictionary, builder_->DictionaryOf(name));
    auto market = std::make_unique<Market>(dictionary, builder_->pool_);
    it = markets_.emplace(std::string(name), std::move(market)).first;
  }
  return it->second.get();
}

absl::Status EventTableBuilder::Shard::Add(absl::Span<const SearchEvent> events) {
  while (!events.empty()) {
    const absl::string_view market = events.front().market;
    size_t end = 1;
    while (end < std::min(kBlock, events.size()) && events[end].market == market) ++end;
    ASSIGN_OR_RETURN(Market * known, MarketOf(market));
    RETURN_IF_ERROR(AddBlock(*known, events.subspan(0, end)));
    events.remove_prefix(end);
  }
  return absl::OkStatus();
}

absl::Status EventTableBuilder::Shard::AddBlock(Market& market, absl::Span<const SearchEvent> events) {
  Fingerprint spellings[kBlock], items[kBlock];
  const bool one_item = builder_->detail_ == TableDetail::kQueries;
  for (size_t i = 0; i < events.size(); ++i) {
    spellings[i] = FingerprintOf(events[i].query);
    market.spellings.Prefetch(spellings[i]);
    if (one_item || events[i].item.empty()) continue;
    items[i] = FingerprintOf(events[i].item);
    market.items.Prefetch(items[i]);
  }
  bool is_new = false;
  for (size_t i = 0; i < events.size(); ++i) {
    uint32_t& spelling = market.spellings[spellings[i]];
    if (spelling == FingerprintTable::kNone) {
      spelling = market.dictionary->Spell(events[i].query, spellings[i], *builder_);
      is_new = true;
    }
    if (spelling >= kFirstReason) {
      AddAt(dropped_, kLastReason - spelling);
      continue;
    }
    uint32_t item = kNoItem;
    if (!events[i].item.empty() && one_item) {
      item = 0;
    } else if (!events[i].item.empty()) {
      uint32_t& number = market.items[items[i]];
      if (number == FingerprintTable::kNone) {
        number = market.dictionary->Item(items[i]);
        is_new = true;
      }
      item = number;
    }
    market.Store(events[i], spelling, item);
  }
  if (is_new && market.dictionary->full()) {
    return absl::InternalError("the log has more than 4 billion distinct queries or products");
  }
  return absl::OkStatus();
}

EventTableBuilder::EventTableBuilder(SpillOptions spill, TableDetail detail)
    : pool_(std::make_shared<ChunkPool>(std::move(spill))), detail_(detail) {}
EventTableBuilder::~EventTableBuilder() = default;

EventTableBuilder::Shard* EventTableBuilder::NewShard() {
  const absl::MutexLock lock(&mutex_);
  shards_.push_back(std::unique_ptr<Shard>(new Shard(this)));
  return shards_.back().get();
}

absl::Status EventTableBuilder::Add(const SearchEvent& event) {
  if (own_shard_ == nullptr) own_shard_ = NewShard();
  return own_shard_->Add(absl::MakeConstSpan(&event, 1));
}

absl::StatusOr<EventTableBuilder::Dictionary*> EventTableBuilder::DictionaryOf(absl::string_view market) {
  const absl::MutexLock lock(&mutex_);
  auto it = dictionaries_.find(market);
  if (it == dictionaries_.end()) {
    if (dictionaries_.size() == kMostMarkets) {
      return absl::InvalidArgumentError(absl::StrCat("the log has more than ", kMostMarkets, " markets, \"", market,
                                                     "\" among them; is market the right column? See --columns"));
    }
    it = dictionaries_.emplace(std::string(market), std::make_unique<Dictionary>()).first;
    if (detail_ == TableDetail::kQueries) it->second->Item(Fingerprint{});  // Its number is 0.
  }
  return it->second.get();
}

uint32_t EventTableBuilder::ReasonNumber(absl::string_view reason) {
  const absl::MutexLock lock(&mutex_);
  const auto it = std::find(reasons_.begin(), reasons_.end(), reason);
  const auto index = static_cast<uint32_t>(it - reasons_.begin());
  if (it == reasons_.end()) reasons_.emplace_back(reason);
  return kLastReason - index;
}

std::map<std::string, uint64_t> EventTableBuilder::dropped() const {
  const absl::MutexLock lock(&mutex_);
  std::map<std::string, uint64_t> dropped;
  for (const auto& shard : shards_) {
    for (size_t i = 0; i < shard->dropped_.size(); ++i) {
      if (shard->dropped_[i] > 0) dropped[reasons_[i]] += shard->dropped_[i];
    }
  }
  return dropped;
}

EventTable EventTableBuilder::FinishMarket(const std::string& name, Dictionary& dictionary) {
  EventTable table;
  table.market = name;
  table.pool_ = pool_;
  table.events_by_user_ = Partitions<StoredEvent>(pool_, EventTable::kUserPartitions);
  const absl::MutexLock lock(&mutex_);
  for (const auto& shard : shards_) {
    const auto it = shard->markets_.find(name);
    if (it == shard->markets_.end()) continue;
    it->second->spellings = FingerprintTable();
    it->second->items = FingerprintTable();
  }
  dictionary.MoveTo(table);
  table.about_events_of_query_.resize(table.queries.size());
  table.first_ms_ = INT64_MAX;
  table.last_ms_ = INT64_MIN;
  for (const auto& shard : shards_) {
    const auto it = shard->markets_.find(name);
    if (it == shard->markets_.end()) continue;
    Shard::Market& part = *it->second;
    table.events_by_user_.Merge(std::move(part.events));
    const std::vector<uint32_t>& sampled = part.sampled_events_of_spelling;
    for (size_t i = 0; i < std::min(sampled.size(), table.spelling_ids_.size()); ++i) {
      table.about_events_of_query_[table.spelling_ids_[i].query] += sampled[i] * kSampledEvent;
    }
    part.CountMinute();
    table.minutes_.insert(table.minutes_.end(), part.minutes.begin(), part.minutes.end());
    table.first_ms_ = std::min(table.first_ms_, part.first_ms);
    table.last_ms_ = std::max(table.last_ms_, part.last_ms);
    table.tells_found_ |= part.tells_found;
  }
  std::sort(table.minutes_.begin(), table.minutes_.end());
  size_t distinct = 0;
  for (const auto& [minute, events] : table.minutes_) {
    table.events_ += events;
    if (distinct > 0 && table.minutes_[distinct - 1].first == minute) {
      table.minutes_[distinct - 1].second += events;
    } else {
      table.minutes_[distinct++] = {minute, events};
    }
  }
  table.minutes_.resize(distinct);
  return table;
}

std::vector<EventTable> EventTableBuilder::Finish() {
  std::map<std::string, std::unique_ptr<Dictionary>, std::less<>> dictionaries;
  {
    const absl::MutexLock lock(&mutex_);
    dictionaries = std::move(dictionaries_);
    dictionaries_.clear();
  }
  std::vector<EventTable> tables;
  for (const auto& [name, dictionary] : dictionaries) {
    EventTable table = FinishMarket(name, *dictionary);
    if (table.events() > 0) tables.push_back(std::move(table));
  }
  const absl::MutexLock lock(&mutex_);
  shards_.clear();
  own_shard_ = nullptr;
  return tables;
}

}  // namespace kindred
