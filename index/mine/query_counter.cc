#include "index/mine/query_counter.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace kindred {
namespace {

constexpr int kWeightBits = 32;
constexpr uint64_t kStepsPerHalfLife = 4096;
constexpr uint64_t kShareOfBudget = 16;  // One part in so many of it may be threads' own sums.

void AddAll(LargePageVector<uint32_t>& sums, const LargePageVector<uint32_t>& others) {
  for (size_t i = 0; i < others.size(); ++i) sums[i] += others[i];
}

}  // namespace

QueryCounter::QueryCounter(const EventTable& table, absl::Duration half_life, int64_t now_ms, uint32_t threads,
                           bool users_only)
    : table_(table),
      now_ms_(now_ms),
      steps_per_ms_(static_cast<double>(kStepsPerHalfLife) / absl::ToDoubleMilliseconds(half_life)),
      threads_(threads),
      users_only_(users_only),
      sums_(Zeros()) {
  if (users_only) return;
  for (uint64_t step = 0; step < kStepsPerHalfLife; ++step) {
    const double halves = kWeightBits - static_cast<double>(step) / kStepsPerHalfLife;
    weight_of_step_.push_back(static_cast<uint64_t>(std::llround(std::exp2(halves))));
  }
  if (table.tells_found()) last_found_.resize(table.queries.size());
}

QueryCounter::Sums QueryCounter::Zeros() const {
  Sums sums;
  if (users_only_) {
    sums.users.resize(table_.queries.size());
  } else {
    sums.counts.resize(table_.queries.size());
    sums.spelling_users.resize(table_.spellings.size());
  }
  return sums;
}

bool QueryCounter::HandsMayHaveOwn() const {
  const uint64_t bytes = sums_.users.size() * sizeof(sums_.users[0]) + sums_.counts.size() * sizeof(sums_.counts[0]) +
                         sums_.spelling_users.size() * sizeof(sums_.spelling_users[0]);
  return bytes * threads_ <= table_.pool()->arrays()->budget_bytes() / kShareOfBudget;
}

uint64_t QueryCounter::Weight(int64_t time_ms) const {
  const double steps = static_cast<double>(std::max<int64_t>(0, now_ms_ - time_ms)) * steps_per_ms_;
  if (steps >= static_cast<double>(kWeightBits * kStepsPerHalfLife)) return 1;
  const auto step = static_cast<uint64_t>(steps);
  return std::max<uint64_t>(1, weight_of_step_[step % kStepsPerHalfLife] >> (step / kStepsPerHalfLife));
}

void QueryCounter::AddRows(absl::Span<const EventRow> rows) {
  if (last_found_.empty()) return;
  for (const EventRow& row : rows) {
    if (row.found == Found::kUnknown) continue;
    const uint64_t told = static_cast<uint64_t>(row.time_ms) << 2 | static_cast<uint64_t>(row.found);
    const std::atomic_ref<uint64_t> last(last_found_[row.query]);
    uint64_t known = last.load(std::memory_order_relaxed);
    while (known < told && !last.compare_exchange_weak(known, told, std::memory_order_relaxed)) {
    }
  }
}

QueryCounter::Hand::Hand(QueryCounter* counter)
    : counter_(counter),
      is_shared_(counter->threads_ > 1 && !counter->HandsMayHaveOwn()),
      sums_(counter->threads_ == 1 || is_shared_ ? &counter->sums_ : &own_) {
  if (sums_ == &own_) own_ = counter->Zeros();
}

template <typename T>
void QueryCounter::Hand::AddTo(T& sum, T value) const {
  if (is_shared_) {
    std::atomic_ref<T>(sum).fetch_add(value, std::memory_order_relaxed);
  } else {
    sum += value;
  }
}

void QueryCounter::Hand::Finish() {
  AddAll(counter_->sums_.users, own_.users);
  for (size_t i = 0; i < own_.counts.size(); ++i) {
    Counts& sum = counter_->sums_.counts[i];
    const Counts& own = own_.counts[i];
    sum.recent += own.recent;
    sum.users += own.users;
    sum.searches += own.searches;
    sum.followups += own.followups;
  }
  AddAll(counter_->sums_.spelling_users, own_.spelling_users);
  own_ = {};
}

void QueryCounter::Hand::Add(const UserHistory& history) {
  if (counter_->users_only_) {
    for (const UserQuery& query : history.queries) AddTo(sums_->users[query.query], 1u);
    return;
  }
  of_user_.assign(history.queries.size(), {});
  more_spellings_.clear();
  for (size_t i = 0; i < history.searches.size(); ++i) {
    const Search& search = history.searches[i];
    OfQuery& of_query = of_user_[search.place];
    ++of_query.searches;
    of_query.recent += counter_->Weight(search.time_ms);
    const uint32_t first = history.queries[search.place].first;
    if (i == first) {
      AddTo(sums_->spelling_users[search.spelling], 1u);
    } else if (search.spelling != history.searches[first].spelling) {
      more_spellings_.push_back(search.spelling);
    }
  }
  for (const absl::Span<const Search> session : history.sessions) {
    for (size_t i = 1; i < session.size(); ++i) {
      if (session[i].place != session[i - 1].place) ++of_user_[session[i].place].followups;
    }
  }
  std::sort(more_spellings_.begin(), more_spellings_.end());
  const auto end = std::unique(more_spellings_.begin(), more_spellings_.end());
  for (auto it = more_spellings_.begin(); it != end; ++it) AddTo(sums_->spelling_users[*it], 1u);
  for (size_t place = 0; place < of_user_.size(); ++place) {
    Counts& counts = sums_->counts[history.queries[place].query];
    AddTo(counts.users, 1u);
    AddTo(counts.searches, of_user_[place].searches);
    AddTo(counts.recent, of_user_[place].recent);
    if (of_user_[place].followups > 0) AddTo(counts.followups, of_user_[place].followups);
  }
}

QueryCountsMaker::QueryCountsMaker(const QuerySum& sum) {
  counts.users = sum.users;
  counts.searches = sum.searches;
  counts.followups = sum.followups;
  counts.recent = std::ldexp(static_cast<double>(sum.recent), -kWeightBits);
  counts.found_nothing = static_cast<Found>(sum.last_found & 3) == Found::kNothing;
}

QuerySum QueryCounter::SumOf(QueryId query) const {
  if (users_only_) return {.query = query, .users = sums_.users[query]};
  const Counts& counts = sums_.counts[query];
  return {.query = query,
          .users = counts.users,
          .searches = counts.searches,
          .followups = counts.followups,
          .recent = counts.recent,
          .last_found = last_found_.empty() ? 0 : last_found_[query]};
}

// Spellings ascend by (query, display).
LargeSpillVector<QueryCounts> QueryCounter::Finish() const {
  LargeSpillVector<QueryCounts> result(table_.pool()->arrays());
  result.reserve(table_.queries.size());
  SpellingId spelling = 0;
  for (QueryId query = 0; query < table_.queries.size(); ++query) {
    QueryCountsMaker maker(SumOf(query));
    for (; spelling < sums_.spelling_users.size() && table_.spellings[spelling].query == query; ++spelling) {
      maker.Offer(spelling, sums_.spelling_users[spelling]);
    }
    result.push_back(maker.counts);
  }
  return result;
}

std::vector<QuerySum> QueryCounter::QuerySums() const {
  std::vector<QuerySum> sums;
  for (QueryId query = 0; query < sums_.counts.size(); ++query) {
    const QuerySum sum = SumOf(query);
    if (sum.searches > 0 || sum.last_found > 0) sums.push_back(sum);
  }
  return sums;
}

std::vector<SpellingSum> QueryCounter::SpellingSums() const {
  std::vector<SpellingSum> sums;
  for (SpellingId spelling = 0; spelling < sums_.spelling_users.size(); ++spelling) {
    const uint32_t users = sums_.spelling_users[spelling];
    if (users > 0) sums.push_back({table_.spellings[spelling].query, spelling, users});
  }
  return sums;
}

}  // namespace kindred
