#include "index/mine/event_table.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/status_macros.h"
#include "index/mine/fingerprint.h"
#include "index/mine/string_dictionary.h"

namespace kindred {
namespace {

constexpr uint32_t kSampledEvent = 64;  // One of so many counts for about_events().
// Events whose new spellings are looked up together. Reading 10 million rows took .92 of the time that it took with 64
// on one thread, .94 on two (2026-11-28); with 1,024 and 2,048 it was the same but for noise.
constexpr size_t kBlock = 512;
constexpr size_t kOverlapping = 64;  // Of them, those whose look-ups overlap.

Found FoundOf(const SearchEvent& event) {
  if (!event.hits.has_value()) return Found::kUnknown;
  return *event.hits == 0 ? Found::kNothing : Found::kSomething;
}

// Makes one count a minute, ascending. The first `joined` are so already.
void JoinMinutes(std::vector<std::pair<uint32_t, uint64_t>>& minutes, size_t joined) {
  const auto middle = minutes.begin() + static_cast<ptrdiff_t>(joined);
  if (!std::is_sorted(middle, minutes.end())) std::sort(middle, minutes.end());
  std::inplace_merge(minutes.begin(), middle, minutes.end());
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

// To the events that have none, of the last spelling before them.
void GiveNumbers(absl::Span<const NewSpelling> spellings, absl::Span<uint32_t> numbers) {
  for (size_t spelling = 0; spelling < spellings.size(); ++spelling) {
    const size_t end = spelling + 1 < spellings.size() ? spellings[spelling + 1].event : numbers.size();
    for (size_t i = spellings[spelling].event; i < end; ++i) {
      if (numbers[i] == FingerprintTable::kNone) numbers[i] = spellings[spelling].number;
    }
  }
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

uint64_t EventTable::EventsBefore(int64_t time_ms) const {
  uint64_t events = 0;
  for (const auto& [minute, count] : minutes_) {
    if (minute * kMinuteMs >= time_ms / kMinuteMs * kMinuteMs) break;
    events += count;
  }
  return events;
}

// One thread's part of a market.
struct EventTableBuilder::Shard::Market {
  Market(StringDictionary* dictionary, const std::shared_ptr<ChunkPool>& pool, TableDetail detail)
      : dictionary(dictionary),
        queries_only(detail == TableDetail::kQueries),
        events(pool, queries_only ? 0 : EventTable::kUserPartitions),
        searches(pool, queries_only ? EventTable::kUserPartitions : 0) {}

  void Store(const SearchEvent& event, uint32_t spelling, uint32_t item) {
    const uint64_t user = XXH3_64bits(event.user.data(), event.user.size());
    const auto partition = static_cast<uint32_t>(user >> (64 - kPartitionBits));
    if (queries_only) {
      searches.Append(partition, StoredSearch::Of(user, event.time_ms, !event.item.empty(), spelling));
    } else {
      events.Append(partition,
                    {.user = user,
                     .time_bits = static_cast<uint64_t>(event.time_ms) << 4 | static_cast<uint64_t>(event.action) << 2 |
                                  static_cast<uint64_t>(FoundOf(event)),
                     .spelling = spelling,
                     .item = item});
      tells_found |= event.hits.has_value();
    }
    if (events_seen++ % kSampledEvent == 0) AddAt(sampled_events_of_spelling, spelling);
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
    JoinMinutes(minutes, joined_minutes);
    joined_minutes = minutes.size();
    most_minutes = std::max(most_minutes, 2 * minutes.size());
  }

  StringDictionary* const dictionary;
  const bool queries_only;
  Partitions<StoredEvent> events;  // One of these has partitions, as in the table.
  Partitions<StoredSearch> searches;
  uint64_t events_seen = 0;
  std::vector<uint32_t> sampled_events_of_spelling;
  std::vector<std::pair<uint32_t, uint64_t>> minutes;  // But for what CountMinute() has yet to add; some repeat.
  size_t joined_minutes = 0;                           // Of them, at the beginning.
  size_t most_minutes = 1 << 16;                       // Until they are joined.
  uint32_t last_minute = 0;
  uint64_t in_last_minute = 0;
  int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
  bool tells_found = false;
};

EventTableBuilder::Shard::Shard(EventTableBuilder* builder, BigReaderLock::Reader* reader)
    : builder_(builder), reader_(reader) {}
EventTableBuilder::Shard::~Shard() = default;

absl::StatusOr<EventTableBuilder::Shard::Market*> EventTableBuilder::Shard::MarketOf(absl::string_view name) {
  auto it = markets_.find(name);
  if (it == markets_.end()) {
    ASSIGN_OR_RETURN(StringDictionary * dictionary, builder_->DictionaryOf(name));
    auto market = std::make_unique<Market>(dictionary, builder_->pool_, builder_->detail_);
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
  uint32_t spelling_numbers[kBlock], item_numbers[kBlock];
  const auto has_item = [&](size_t i) { return !market.queries_only && !events[i].item.empty(); };
  new_spellings_.clear();
  {
    const ReadingLock lock(reader_);
    const FingerprintTable::View known_spellings = market.dictionary->spellings();
    const FingerprintTable::View known_items = market.dictionary->items();
    for (size_t begin = 0; begin < events.size(); begin += kOverlapping) {
      const size_t end = std::min(begin + kOverlapping, events.size());
      for (size_t i = begin; i < end; ++i) {
        spellings[i] = FingerprintOf(events[i].query);
        known_spellings.Prefetch(spellings[i]);
        if (!has_item(i)) continue;
        items[i] = FingerprintOf(events[i].item);
        known_items.Prefetch(items[i]);
      }
      for (size_t i = begin; i < end; ++i) {
        spelling_numbers[i] = known_spellings.Find(spellings[i], StringDictionary::kTyped);
        // Logs that are grouped by query have it many times in a row.
        const bool is_last = !new_spellings_.empty() && new_spellings_.back().key == spellings[i];
        if (spelling_numbers[i] == FingerprintTable::kNone && !is_last) {
          new_spellings_.push_back({events[i].query, spellings[i], i});
        }
        if (has_item(i)) item_numbers[i] = known_items.Find(items[i]);
      }
    }
  }
  bool is_new = !new_spellings_.empty();
  std::pair<Fingerprint, uint32_t> new_item{{}, kNoItem};  // The last one: likewise.
  if (is_new) market.dictionary->Spell(absl::MakeSpan(new_spellings_));
  GiveNumbers(new_spellings_, absl::MakeSpan(spelling_numbers, events.size()));
  for (size_t i = 0; i < events.size(); ++i) {
    const uint32_t spelling = spelling_numbers[i];
    if (spelling >= DropReasons::kFirst) {
      AddAt(dropped_, DropReasons::kLast - spelling);
      continue;
    }
    uint32_t item = kNoItem;
    if (has_item(i)) {
      item = item_numbers[i];
      if (item == FingerprintTable::kNone) {
        if (new_item.second == kNoItem || new_item.first != items[i]) {
          new_item = {items[i], market.dictionary->Item(items[i])};
        }
        item = new_item.second;
        is_new = true;
      }
    }
    market.Store(events[i], spelling, item);
  }
  if (is_new && market.dictionary->full()) {
    return absl::InternalError("the log has more than 4 billion distinct queries or products");
  }
  return absl::OkStatus();
}

EventTableBuilder::EventTableBuilder(SpillOptions spill, TableDetail detail)
    : pool_(std::make_shared<ChunkPool>(std::move(spill))),
      detail_(detail),
      reasons_(std::make_unique<DropReasons>()) {}
EventTableBuilder::~EventTableBuilder() = default;

EventTableBuilder::Shard* EventTableBuilder::NewShard() {
  const absl::MutexLock lock(&mutex_);
  shards_.push_back(std::unique_ptr<Shard>(new Shard(this, readers_.NewReader())));
  return shards_.back().get();
}

absl::Status EventTableBuilder::Add(const SearchEvent& event) {
  if (own_shard_ == nullptr) own_shard_ = NewShard();
  return own_shard_->Add(absl::MakeConstSpan(&event, 1));
}

absl::StatusOr<StringDictionary*> EventTableBuilder::DictionaryOf(absl::string_view market) {
  const absl::MutexLock lock(&mutex_);
  auto it = dictionaries_.find(market);
  if (it == dictionaries_.end()) {
    if (dictionaries_.size() == kMostMarkets) {
      return absl::InvalidArgumentError(absl::StrCat("the log has more than ", kMostMarkets, " markets, \"", market,
                                                     "\" among them; is market the right column? See --columns"));
    }
    it = dictionaries_
             .emplace(std::string(market), std::make_unique<StringDictionary>(detail_, reasons_.get(), &readers_))
             .first;
    if (detail_ == TableDetail::kQueries) it->second->Item(Fingerprint{});  // Its number is 0.
  }
  return it->second.get();
}

std::map<std::string, uint64_t> EventTableBuilder::dropped() const {
  const std::vector<std::string> reasons = reasons_->names();
  const absl::MutexLock lock(&mutex_);
  std::map<std::string, uint64_t> dropped;
  for (const auto& shard : shards_) {
    for (size_t i = 0; i < shard->dropped_.size(); ++i) {
      if (shard->dropped_[i] > 0) dropped[reasons[i]] += shard->dropped_[i];
    }
  }
  return dropped;
}

EventTable EventTableBuilder::FinishMarket(const std::string& name, StringDictionary& dictionary) {
  EventTable table;
  table.market = name;
  table.pool_ = pool_;
  const bool queries_only = detail_ == TableDetail::kQueries;
  table.events_by_user_ = Partitions<StoredEvent>(pool_, queries_only ? 0 : EventTable::kUserPartitions);
  table.searches_by_user_ = Partitions<StoredSearch>(pool_, queries_only ? EventTable::kUserPartitions : 0);
  const absl::MutexLock lock(&mutex_);
  dictionary.MoveTo(table);
  table.about_events_of_query_.resize(table.queries.size());
  table.first_ms_ = INT64_MAX;
  table.last_ms_ = INT64_MIN;
  for (const auto& shard : shards_) {
    const auto it = shard->markets_.find(name);
    if (it == shard->markets_.end()) continue;
    Shard::Market& part = *it->second;
    table.events_by_user_.Merge(std::move(part.events));
    table.searches_by_user_.Merge(std::move(part.searches));
    const std::vector<uint32_t>& sampled = part.sampled_events_of_spelling;
    for (size_t i = 0; i < std::min(sampled.size(), table.spelling_ids_.size()); ++i) {
      table.about_events_of_query_[table.spelling_ids_[i].query] += sampled[i] * kSampledEvent;
    }
    part.CountMinute();
    const size_t joined = table.minutes_.size();
    table.minutes_.insert(table.minutes_.end(), part.minutes.begin(), part.minutes.end());
    JoinMinutes(table.minutes_, joined);
    table.first_ms_ = std::min(table.first_ms_, part.first_ms);
    table.last_ms_ = std::max(table.last_ms_, part.last_ms);
    table.tells_found_ |= part.tells_found;
  }
  for (const auto& [minute, events] : table.minutes_) table.events_ += events;
  return table;
}

std::vector<EventTable> EventTableBuilder::Finish() {
  std::map<std::string, std::unique_ptr<StringDictionary>, std::less<>> dictionaries;
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
