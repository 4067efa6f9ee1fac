#include "index/mine/string_dictionary.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "common/large_page_allocator.h"
#include "common/spinning_lock.h"
#include "index/mine/key_ranks.h"
#include "index/mine/query_screen.h"
#include "index/text/display_form.h"

namespace kindred {
namespace {

constexpr size_t kAhead = 16;  // Queries that are on their way into the cache.

}  // namespace

uint32_t DropReasons::NumberOf(absl::string_view reason) {
  const absl::MutexLock lock(&mutex_);
  const auto it = std::find(names_.begin(), names_.end(), reason);
  const auto index = static_cast<uint32_t>(it - names_.begin());
  if (it == names_.end()) names_.emplace_back(reason);
  return kLast - index;
}

std::vector<std::string> DropReasons::names() const {
  const absl::MutexLock lock(&mutex_);
  return names_;
}

uint32_t StringDictionary::Item(const Fingerprint& fingerprint) {
  const SpinningLock lock(&mutex_);
  uint32_t number = items_.Find(fingerprint);
  if (number == FingerprintTable::kNone) {
    number = static_cast<uint32_t>(item_fingerprints_.size());
    MakeRoom(items_, 1);
    items_.Set(fingerprint, number);
    item_fingerprints_.push_back(fingerprint);
    CheckRoom(item_fingerprints_.size());
  }
  return number;
}

void StringDictionary::Spell(absl::Span<NewSpelling> spellings) {
  const std::vector<Normalized> normalized = NormalizeNew(spellings);
  const SpinningLock lock(&mutex_);
  MakeRoom(numbers_, spellings.size() + 2 * normalized.size());
  for (const Normalized& spelling : normalized) {
    numbers_.Prefetch(spelling.key);
    numbers_.Prefetch(spelling.query_key);
  }
  for (const Normalized& spelling : normalized) spelling.spelling->number = AddSpelling(spelling);
  for (const NewSpelling& spelling : spellings) numbers_.Set(spelling.key, spelling.number, kTyped);
}

// A display form is the key of its query in every list, so two queries must not share one: where it does not normalize
// to the query that was typed, the normal form itself is shown. Hence its fingerprint tells the spelling.
std::vector<StringDictionary::Normalized> StringDictionary::NormalizeNew(absl::Span<NewSpelling> spellings) const {
  std::vector<Normalized> all;
  all.reserve(spellings.size());
  for (NewSpelling& spelling : spellings) {
    if (const ScreenReason reason = ScreenQuery(spelling.raw); reason != ScreenReason::kNone) {
      spelling.number = reasons_->NumberOf(ScreenReasonName(reason));
      continue;
    }
    absl::StatusOr<NormalizedQuery> query = NormalizeQuery(spelling.raw);
    if (!query.ok() || query->empty()) {
      spelling.number = reasons_->NumberOf(query.ok() ? "nothing but punctuation" : "not UTF-8, or too long");
      continue;
    }
    Normalized& made = all.emplace_back(Normalized{&spelling, *std::move(query), ""});
    if (detail_ == TableDetail::kAll) {
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

uint32_t StringDictionary::AddSpelling(const Normalized& spelling) {
  const uint32_t number = NumberOf(spelling.key);
  if (!displays_[number].text.empty()) return number;
  const uint32_t same_text = displays_[number].query;  // A query whose normal form it is.
  displays_[number].text = same_text == FingerprintTable::kNone ? texts_.Add(spelling.display_text())
                                                                : queries_[same_text].normal_form.text();
  const bool is_query = spelling.query_key == spelling.key;
  uint32_t& query_number = displays_[is_query ? number : NumberOf(spelling.query_key)].query;
  if (query_number == FingerprintTable::kNone) {
    query_number = static_cast<uint32_t>(queries_.size());
    const NormalizedView normal_form(spelling.query);
    queries_.push_back(
        {normal_form.In(is_query ? displays_[number].text : texts_.Add(normal_form.text())), FingerprintTable::kNone});
  }
  Display& display = displays_[number];
  display.query = query_number;
  display.next = std::exchange(queries_[query_number].display, number);
  return number;
}

void StringDictionary::MoveTo(EventTable& table) {
  const absl::MutexLock lock(&mutex_);
  numbers_ = FingerprintTable();
  items_ = FingerprintTable();
  table.texts_ = std::move(texts_);
  const Query* const queries = queries_.data();
  const Display* const displays = displays_.data();
  const LargePageVector<uint32_t> order = OrderOfQueries(
      static_cast<uint32_t>(queries_.size()), [queries](uint32_t query) { return queries[query].normal_form; });
  table.queries.reserve(order.size());
  table.spellings.reserve(displays_.size());
  table.spelling_ids_.resize(displays_.size());
  std::vector<uint32_t> typed;  // Displays of a query.
  for (QueryId query = 0; query < order.size(); ++query) {
    __builtin_prefetch(&queries[order[std::min(query + 2 * kAhead, order.size() - 1)]]);
    const uint32_t next = queries[order[std::min(query + kAhead, order.size() - 1)]].display;
    __builtin_prefetch(&displays[next]);
    __builtin_prefetch(&table.spelling_ids_[next], 1);
    table.queries.push_back(queries[order[query]].normal_form);
    typed.clear();
    for (uint32_t display = queries[order[query]].display; display != FingerprintTable::kNone;) {
      typed.push_back(display);
      display = displays[display].next;
    }
    std::sort(typed.begin(), typed.end(),
              [displays](uint32_t x, uint32_t y) { return displays[x].text < displays[y].text; });
    for (const uint32_t display : typed) {
      table.spelling_ids_[display] = {static_cast<SpellingId>(table.spellings.size()), query};
      table.spellings.push_back({displays[display].text, query});
    }
  }

  std::vector<std::pair<Fingerprint, uint32_t>> items;
  for (uint32_t i = 0; i < item_fingerprints_.size(); ++i) items.emplace_back(item_fingerprints_[i], i);
  const std::vector<uint32_t> item_rank = RanksOf(std::move(items));
  table.item_ids_.assign(item_rank.begin(), item_rank.end());
  table.item_fingerprints.resize(item_rank.size());
  for (uint32_t i = 0; i < item_rank.size(); ++i) table.item_fingerprints[item_rank[i]] = item_fingerprints_[i];
  queries_ = {};
  displays_ = {};
  std::vector<Fingerprint>().swap(item_fingerprints_);
}

}  // namespace kindred
