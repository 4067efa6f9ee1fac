#include "index/mine/event_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

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

// Makes one count a minute, ascending.
void JoinMinutes(std::vector<std::pair<uint32_t, uint64_t>>& minutes) {
  std::sort(minutes.begin(), minutes.end());
  size_t distinct = 0;
  for (const auto& [minute, events] : minutes) {
    if (distinct > 0 && minutes[distinct - 1].first == minute) {
      minutes[distinct - 1].second += events;
    } else {
      minutes[distinct++] = {minute, events};
    }
  }
  minutes.resize(distinct);
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

// A spelling that a thread has not met before.
struct EventTableBuilder::NewSpelling {
  absl::string_view raw;
  Fingerprint key;                            // Of it.
  uint32_t number = FingerprintTable::kNone;  // To be found: its own, or that of the reason why it is left out.
};

// All strings of a market, by fingerprint. Thread-safe.
class EventTableBuilder::Dictionary {
 public:
  // is_shared: several threads add, and what one has normalized is kept for the others.
  explicit Dictionary(bool is_shared) : is_shared_(is_shared) {}

  // Finds the numbers of all, or gives them some: several at once, so that their look-ups overlap and the lock is
  // taken seldom.
  void Spell(absl::Span<NewSpelling> spellings, EventTableBuilder& builder);
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
  struct Normalized {
    NewSpelling* spelling;
    NormalizedQuery query;
    std::string display;  // Empty: the query's text.
    Fingerprint key{}, query_key{};

    absl::string_view display_text() const { return display.empty() ? query.text() : display; }
  };

  // Those that no thread has met. Of the others, numbers are set.
  void FindKnown(absl::Span<NewSpelling> spellings) ABSL_LOCKS_EXCLUDED(mutex_);
  static std::vector<Normalized> NormalizeNew(absl::Span<NewSpelling> spellings, EventTableBuilder& builder);
  uint32_t AddSpelling(const Normalized& spelling) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint32_t NumberOf(const Fingerprint& text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    uint32_t& number = numbers_[text];
    if (number == FingerprintTable::kNone) {
      number = static_cast<uint32_t>(displays_.size());
      displays_.emplace_back();
    }
    return number;
  }

  const bool is_shared_;
  mutable absl::Mutex mutex_;
  FingerprintTable numbers_ ABSL_GUARDED_BY(mutex_), items_ ABSL_GUARDED_BY(mutex_);
  FingerprintTable numbers_as_typed_ ABSL_GUARDED_BY(mutex_);  // Of spellings that are not shown so, where shared.
  std::vector<NormalizedView> queries_ ABSL_GUARDED_BY(mutex_);
  std::vector<Display> displays_ ABSL_GUARDED_BY(mutex_);
  StringArena texts_ ABSL_GUARDED_BY(mutex_);
  std::vector<Fingerprint> item_fingerprints_ ABSL_GUARDED_BY(mutex_);

  friend class EventTableBuilder;
};

void EventTableBuilder::Dictionary::Spell(absl::Span<NewSpelling> spellings, EventTableBuilder& builder) {
  FindKnown(spellings);
  const std::vector<Normalized> normalized = NormalizeNew(spellings, builder);
  const absl::MutexLock lock(&mutex_);
  for (const Normalized& spelling : normalized) {
    numbers_.Prefetch(spelling.key);
    numbers_.Prefetch(spelling.query_key);
  }
  for (const Normalized& spelling : normalized) spelling.spelling->number = AddSpelling(spelling);
  if (!is_shared_) return;
  for (const NewSpelling& spelling : spellings) {
    if (numbers_.Find(spelling.key) != spelling.number) numbers_as_typed_[spelling.key] = spelling.number;
  }
}

void EventTableBuilder::Dictionary::FindKnown(absl::Span<NewSpelling> spellings) {
  const absl::MutexLock lock(&mutex_);
  for (const NewSpelling& spelling : spellings) {
    numbers_.Prefetch(spelling.key);
    numbers_as_typed_.Prefetch(spelling.key);
  }
  for (NewSpelling& spelling : spellings) {
    const uint32_t number = numbers_.Find(spelling.key);
    const bool is_known = number != FingerprintTable::kNone && displays_[number].typed_as_is;
    spelling.number = is_known ? number : numbers_as_typed_.Find(spelling.key);
  }
}

// A display form is the key of its query in every list, so two queries must not share one: where it does not normalize
// to the query that was typed, the normal form itself is shown. Hence its fingerprint tells the spelling.
std::vector<EventTableBuilder::Dictionary::Normalized> EventTableBuilder::Dictionary::NormalizeNew(
    absl::Span<NewSpelling> spellings, EventTableBuilder& builder) {
  std::vector<Normalized> all;
  for (NewSpelling& spelling : spellings) {
    if (spelling.number != FingerprintTable::kNone) continue;
    if (const ScreenReason reason = ScreenQuery(spelling.raw); reason != ScreenReason::kNone) {
      spelling.number = builder.ReasonNumber(ScreenReasonName(reason));
      continue;
    }
    absl::StatusOr<NormalizedQuery> query = NormalizeQuery(spelling.raw);
    if (!query.ok() || query->empty()) {
      spelling.number = builder.ReasonNumber(query.ok() ? "nothing but punctuation" : "not UTF-8, or too long");
      continue;
    }
    Normalized& made = all.emplace_back(Normalized{&spelling, *std::move(query), ""});
    if (builder.detail_ == TableDetail::kAll) {
      made.display = DisplayForm(spelling.raw);
      if (made.display != spelling.raw && made.display != made.query.text()) {
        if (const auto shown = NormalizeQuery(made.display); !shown.ok() || *shown != made.query) made.display.clear();
      }
    }
    const absl::string_view display = made.display_text(), text = made.query.text();
    made.key = display == spelling.raw ? spelling.key : FingerprintOf(display);
    made.query_key = display == text ? made.key : FingerprintOf(text);
  }
  return all;
}

uint32_t EventTableBuilder::Dictionary::AddSpelling(const Normalized& spelling) {
  const uint32_t number = NumberOf(spelling.key);
  displays_[number].typed_as_is |= spelling.key == spelling.spelling->key;
  if (displays_[number].typed) return number;
  displays_[number].typed = true;
  const uint32_t same_text = displays_[number].query;  // A query whose normal form it is.
  displays_[number].text =
      same_text == FingerprintTable::kNone ? texts_.Add(spelling.display_text()) : queries_[same_text].text();
  const bool is_query = spelling.query_key == spelling.key;
  uint32_t& query_number = displays_[is_query ? number : NumberOf(spelling.query_key)].query;
  if (query_number == FingerprintTable::kNone) {
    query_number = static_cast<uint32_t>(queries_.size());
    const NormalizedView known(spelling.query);
    queries_.push_back(known.In(is_query ? displays_[number].text : texts_.Add(known.text())));
  }
  displays_[number].query = query_number;
  return number;
}

void EventTableBuilder::Dictionary::MoveTo(EventTable& table) {
  const absl::MutexLock lock(&mutex_);
  numbers_ = FingerprintTable();
  numbers_as_typed_ = FingerprintTable();
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
    if (in_last_minute == 0) return;
    minutes.emplace_back(last_minute, std::exchange(in_last_minute, 0));
    if (minutes.size() < most_minutes) return;
    JoinMinutes(minutes);
    most_minutes = std::max(most_minutes, 2 * minutes.size());
  }

  Dictionary* const dictionary;
  FingerprintTable spellings, items;
  Partitions<StoredEvent> events;
  uint64_t events_seen = 0;
  std::vector<uint32_t> sampled_events_of_spelling;
  std::vector<std::pair<uint32_t, uint64_t>> minutes;  // But for what CountMinute() has yet to add; some repeat.
  size_t most_minutes = 1 << 16;                       // Until they are joined.
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
  uint32_t numbers[kBlock];
  new_spellings_.clear();
  for (size_t i = 0; i < events.size(); ++i) {
    numbers[i] = market.spellings[spellings[i]];
    if (numbers[i] == FingerprintTable::kNone) new_spellings_.push_back({events[i].query, spellings[i]});
  }
  bool is_new = !new_spellings_.empty();
  if (is_new) market.dictionary->Spell(absl::MakeSpan(new_spellings_), *builder_);
  for (const NewSpelling& spelling : new_spellings_) market.spellings[spelling.key] = spelling.number;
  for (size_t i = 0; i < events.size(); ++i) {
    const bool was_new = numbers[i] == FingerprintTable::kNone;
    const uint32_t spelling = was_new ? market.spellings[spellings[i]] : numbers[i];
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
    it = dictionaries_.emplace(std::string(market), std::make_unique<Dictionary>(shards_.size() > 1)).first;
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
  JoinMinutes(table.minutes_);
  for (const auto& [minute, events] : table.minutes_) table.events_ += events;
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
