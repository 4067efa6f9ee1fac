#include "index/mine/query_counter.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace kindred {
namespace {

constexpr int kWeightBits = 32;
constexpr uint64_t kStepsPerHalfLife = 4096;

}  // namespace

template <typename T>
void QueryCounter::Add(T& sum, T value) const {
  if (is_shared_) {
    std::atomic_ref<T>(sum).fetch_add(value, std::memory_order_relaxed);
  } else {
    sum += value;
  }
}

QueryCounter::QueryCounter(const EventTable& table, absl::Duration half_life, int64_t now_ms, uint32_t threads,
                           bool users_only)
    : table_(table),
      now_ms_(now_ms),
      steps_per_ms_(static_cast<double>(kStepsPerHalfLife) / absl::ToDoubleMilliseconds(half_life)),
      is_shared_(threads > 1),
      users_only_(users_only) {
  if (users_only) {
    users_.resize(table.queries.size());
    return;
  }
  counts_.resize(table.queries.size());
  spelling_users_.resize(table.spellings.size());
  for (uint64_t step = 0; step < kStepsPerHalfLife; ++step) {
    const double halves = kWeightBits - static_cast<double>(step) / kStepsPerHalfLife;
    weight_of_step_.push_back(static_cast<uint64_t>(std::llround(std::exp2(halves))));
  }
  if (table.tells_found()) last_found_.resize(table.queries.size());
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

void QueryCounter::User::AddTo(QueryCounter& counter, const UserHistory& history) {
  if (counter.users_only_) {
    for (const UserQuery& query : history.queries) counter.Add(counter.users_[query.query], 1u);
    return;
  }
  sums_.assign(history.queries.size(), {});
  more_spellings_.clear();
  for (size_t i = 0; i < history.searches.size(); ++i) {
    const Search& search = history.searches[i];
    Sums& sums = sums_[search.place];
    ++sums.searches;
    sums.recent += counter.Weight(search.time_ms);
    const uint32_t first = history.queries[search.place].first;
    if (i == first) {
      counter.Add(counter.spelling_users_[search.spelling], 1u);
    } else if (search.spelling != history.searches[first].spelling) {
      more_spellings_.push_back(search.spelling);
    }
  }
  for (const absl::Span<const Search> session : history.sessions) {
    for (size_t i = 1; i < session.size(); ++i) {
      if (session[i].place != session[i - 1].place) ++sums_[session[i].place].followups;
    }
  }
  std::sort(more_spellings_.begin(), more_spellings_.end());
  const auto end = std::unique(more_spellings_.begin(), more_spellings_.end());
  for (auto it = more_spellings_.begin(); it != end; ++it) counter.Add(counter.spelling_users_[*it], 1u);
  for (size_t place = 0; place < sums_.size(); ++place) {
    Counts& counts = counter.counts_[history.queries[place].query];
    counter.Add(counts.users, 1u);
    counter.Add(counts.searches, sums_[place].searches);
    counter.Add(counts.recent, sums_[place].recent);
    if (sums_[place].followups > 0) counter.Add(counts.followups, sums_[place].followups);
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
  if (users_only_) return {.query = query, .users = users_[query]};
  return {.query = query,
          .users = counts_[query].users,
          .searches = counts_[query].searches,
          .followups = counts_[query].followups,
          .recent = counts_[query].recent,
          .last_found = last_found_.empty() ? 0 : last_found_[query]};
}

// Spellings ascend by (query, display).
LargeSpillVector<QueryCounts> QueryCounter::Finish() const {
  LargeSpillVector<QueryCounts> result(table_.pool()->arrays());
  result.reserve(table_.queries.size());
  SpellingId spelling = 0;
  for (QueryId query = 0; query < table_.queries.size(); ++query) {
    QueryCountsMaker maker(SumOf(query));
    for (; spelling < spelling_users_.size() && table_.spellings[spelling].query == query; ++spelling) {
      maker.Offer(spelling, spelling_users_[spelling]);
    }
    result.push_back(maker.counts);
  }
  return result;
}

std::vector<QuerySum> QueryCounter::QuerySums() const {
  std::vector<QuerySum> sums;
  for (QueryId query = 0; query < counts_.size(); ++query) {
    const QuerySum sum = SumOf(query);
    if (sum.searches > 0 || sum.last_found > 0) sums.push_back(sum);
  }
  return sums;
}

std::vector<SpellingSum> QueryCounter::SpellingSums() const {
  std::vector<SpellingSum> sums;
  for (SpellingId spelling = 0; spelling < spelling_users_.size(); ++spelling) {
    if (spelling_users_[spelling] == 0) continue;
    sums.push_back({table_.spellings[spelling].query, spelling, spelling_users_[spelling]});
  }
  return sums;
}

}  // namespace kindred
