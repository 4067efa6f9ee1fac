#include "index/mine/string_dictionary.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/status/statusor.h"
#include "common/large_page_allocator.h"
#include "common/spinning_lock.h"
#include "index/mine/key_ranks.h"
#include "index/mine/query_screen.h"
#include "index/text/display_form.h"

namespace kindred {

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

void StringDictionary::MoveTo(EventTable& table) {
  const absl::MutexLock lock(&mutex_);
  numbers_ = FingerprintTable();
  items_ = FingerprintTable();
  const std::vector<uint32_t> query_rank = RanksOfQueries(queries_);
  table.queries.resize(queries_.size());
  for (uint32_t i = 0; i < queries_.size(); ++i) table.queries[query_rank[i]] = queries_[i];

  table.texts_ = std::move(texts_);
  // By query, then by text.
  LargePageVector<uint32_t> end_of_query(queries_.size() + 1);
  for (const Display& display : displays_) {
    if (display.typed) ++end_of_query[query_rank[display.query] + 1];
  }
  std::partial_sum(end_of_query.begin(), end_of_query.end(), end_of_query.begin());
  LargePageVector<uint32_t> order(end_of_query.back());
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
  queries_ = {};
  displays_ = {};
  std::vector<Fingerprint>().swap(item_fingerprints_);
}

}  // namespace kindred
