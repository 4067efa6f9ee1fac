#include "index/mine/mined_log.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kindred {
namespace {

constexpr double kMaxHalfLives = 64;

// Per-query counts, user by user.
class QueryCounter {
 public:
  QueryCounter(const EventTable& table, absl::Duration half_life)
      : table_(table), counts_(table.queries.size()), spelling_users_(table.spellings.size()) {
    for (const EventRow& row : table.rows) last_ms_ = std::max(last_ms_, row.time_ms);
    half_life_ms_ = absl::ToDoubleMilliseconds(half_life);
  }

  void AddUser(const UserHistory& history) {
    std::vector<std::pair<QueryId, DayNumber>> queries;
    std::vector<SpellingId> spellings;
    for (const Search& search : history.searches) {
      QueryCounts& counts = counts_[search.query];
      ++counts.searches;
      counts.recent +=
          std::exp2(std::max(-kMaxHalfLives, static_cast<double>(search.time_ms - last_ms_) / half_life_ms_));
      queries.emplace_back(search.query, DayOf(search.time_ms));
      spellings.push_back(search.spelling);
    }
    std::sort(queries.begin(), queries.end());  // The first day of each query first.
    for (size_t i = 0; i < queries.size(); ++i) {
      if (i == 0 || queries[i].first != queries[i - 1].first) query_days_.push_back(queries[i]);
    }
    for (const SpellingId spelling : Distinct(spellings)) ++spelling_users_[spelling];
    for (const absl::Span<const Search> session : history.sessions) {
      for (size_t i = 1; i < session.size(); ++i) {
        if (session[i].query != session[i - 1].query) ++counts_[session[i].query].followups;
      }
    }
  }

  std::vector<QueryCounts> Finish(uint32_t wanted_days) {
    std::sort(query_days_.begin(), query_days_.end());
    std::vector<DayNumber> days;
    for (size_t i = 0; i < query_days_.size();) {
      const QueryId query = query_days_[i].first;
      for (days.clear(); i < query_days_.size() && query_days_[i].first == query; ++i) {
        days.push_back(query_days_[i].second);
      }
      counts_[query].users = AgreedUsers(days, wanted_days);
    }
    // Spellings ascend by (query, display), so the first of equals wins.
    std::vector<uint32_t> most(counts_.size(), 0);
    for (SpellingId i = 0; i < spelling_users_.size(); ++i) {
      const QueryId query = table_.spellings[i].query;
      if (spelling_users_[i] > most[query]) {
        most[query] = spelling_users_[i];
        counts_[query].display = i;
      }
    }
    return std::move(counts_);
  }

 private:
  template <typename T>
  static const std::vector<T>& Distinct(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }

  const EventTable& table_;
  std::vector<QueryCounts> counts_;
  std::vector<std::pair<QueryId, DayNumber>> query_days_;  // One a user and query.
  std::vector<uint32_t> spelling_users_;
  int64_t last_ms_ = INT64_MIN;
  double half_life_ms_;
};

// Marks the queries whose last search, of those where the log tells, found nothing. Stock does not depend on who asks,
// so robots' searches tell too. At equal times, something was found.
void MarkFoundNothing(const EventTable& table, std::vector<QueryCounts>& counts) {
  std::vector<std::pair<int64_t, Found>> last(table.queries.size(), {INT64_MIN, Found::kUnknown});
  for (const EventRow& row : table.rows) {
    if (row.found == Found::kUnknown) continue;
    std::pair<int64_t, Found>& known = last[table.query_of(row)];
    known = std::max(known, std::make_pair(row.time_ms, row.found));
  }
  for (QueryId query = 0; query < last.size(); ++query) {
    counts[query].found_nothing = last[query].second == Found::kNothing;
  }
}

// One click for each user, query and item, to counts.
std::vector<ClickCounts> AggregateClicks(std::vector<Click> clicks, uint32_t wanted_days) {
  std::sort(clicks.begin(), clicks.end());
  std::vector<ClickCounts> counts;
  std::vector<DayNumber> days;
  for (size_t i = 0; i < clicks.size();) {
    const Click& first = clicks[i];
    for (days.clear(); i < clicks.size() && clicks[i].query == first.query && clicks[i].item == first.item; ++i) {
      days.push_back(clicks[i].day);
    }
    counts.push_back({first.query, first.item, AgreedUsers(days, wanted_days)});
  }
  return counts;
}

uint32_t WantedDaysOf(const EventTable& table, uint32_t most) {
  if (table.rows.empty()) return 1;
  const auto [first, last] = std::minmax_element(
      table.rows.begin(), table.rows.end(), [](const EventRow& x, const EventRow& y) { return x.time_ms < y.time_ms; });
  return WantedDays(DayOf(last->time_ms) - DayOf(first->time_ms) + 1, most);
}

}  // namespace

MinedLog Mine(const EventTable& table, const MineOptions& options) {
  MinedLog mined;
  MineReport& report = mined.report;
  QueryCounter queries(table, options.popularity_half_life);
  PairCounter pairs(options.pairs);
  ItemPairCounter item_pairs(options.max_user_items);
  std::vector<Click> clicks;
  ForEachUser(table.rows, [&](absl::Span<const EventRow> rows) {
    const std::optional<UserHistory> history = CleanHistory(table, rows, options.history);
    if (!history.has_value()) {
      ++report.robots;
      report.robot_events += rows.size();
      return;
    }
    ++report.users;
    report.half_typed += history->half_typed;
    report.searches += history->searches.size();
    report.sessions += history->sessions.size();
    queries.AddUser(*history);
    pairs.AddUser(*history);
    clicks.insert(clicks.end(), history->clicks.begin(), history->clicks.end());
    item_pairs.AddUser(*history);
  });
  report.clicks = clicks.size();
  const uint32_t wanted_days = WantedDaysOf(table, options.max_wanted_days);
  mined.counts = queries.Finish(wanted_days);
  MarkFoundNothing(table, mined.counts);
  mined.pairs = pairs.Finish(options.min_pair_users, wanted_days);
  mined.clicks = AggregateClicks(std::move(clicks), wanted_days);
  mined.item_pairs = item_pairs.Finish(options.min_pair_users);
  report.users_over_item_cap = item_pairs.users_over_cap();
  report.pairs = pairs.report();
  return mined;
}

uint32_t AutoMinUsers(uint64_t searches) {
  return std::max<uint32_t>(2, static_cast<uint32_t>(std::lround(std::cbrt(static_cast<double>(searches) / 1e4))));
}

}  // namespace kindred
