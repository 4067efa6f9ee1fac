#include "index/mine/mined_log.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/mine/record_counter.h"
#include "index/mine/user_visitor.h"

namespace kindred {
namespace {

// One event in so many may come late without being the log's end.
constexpr uint64_t kStragglers = 1000;

}  // namespace

int64_t NowMs(const EventTable& table, const TimeWindow& window) {
  constexpr int64_t kMinuteMs = 60 * 1000;
  uint64_t events = 0, later = 0;
  for (const auto& [minute, count] : table.minutes()) events += window.Holds(minute * kMinuteMs) ? count : 0;
  for (size_t i = table.minutes().size(); i-- > 0;) {
    const auto& [minute, count] = table.minutes()[i];
    if (!window.Holds(minute * kMinuteMs)) continue;
    later += count;
    if (later * kStragglers > events) return std::min((minute + 1) * kMinuteMs, table.last_ms());
  }
  return table.last_ms();
}

uint32_t DaysAsked(int64_t first_ms, int64_t last_ms, const MineOptions& options) {
  return last_ms < first_ms ? 1 : WantedDays(DayOf(last_ms) - DayOf(first_ms) + 1, options.max_wanted_days);
}

namespace {

class Miner {
 public:
  Miner(const EventTable& table, const MineOptions& options, const TimeWindow& window)
      : table_(table),
        options_(options),
        window_(window),
        ranges_(table, RecordRanges::MostOf(*table.pool(), options.threads)),
        queries_(table, options.popularity_half_life, NowMs(table, window), options.threads),
        records_(table.pool(), ranges_) {}

  absl::StatusOr<MinedLog> Run() {
    VisitUsers();
    RETURN_IF_ERROR(table_.pool()->status());
    mined_.counts = queries_.Finish();
    CountedRecords counted = CountRecords(table_.pool(), options_, wanted_days_, records_);
    RETURN_IF_ERROR(table_.pool()->status());
    for (const QueryUsers& count : counted.query_users) mined_.counts[count.query].users = count.users;
    mined_.pairs = std::move(counted.pairs);
    mined_.clicks = std::move(counted.clicks);
    mined_.item_pairs = std::move(counted.item_pairs);
    mined_.report.pairs.pairs = counted.distinct_pairs;
    mined_.report.pairs.kept_pairs = mined_.pairs.size();
    return std::move(mined_);
  }

 private:
  void VisitUsers() {
    std::vector<std::unique_ptr<UserVisitor>> visitors;
    for (uint32_t i = 0; i < options_.threads; ++i) {
      visitors.push_back(std::make_unique<UserVisitor>(table_, options_, window_, ranges_, &queries_));
    }
    ParallelFor(options_.threads, EventTable::kUserPartitions,
                [&](uint32_t worker, size_t partition) { visitors[worker]->Visit(static_cast<uint32_t>(partition)); });
    int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
    for (const auto& visitor : visitors) {
      records_.Merge(std::move(visitor->records));
      mined_.report += visitor->report();
      first_ms = std::min(first_ms, visitor->first_ms);
      last_ms = std::max(last_ms, visitor->last_ms);
    }
    wanted_days_ = DaysAsked(first_ms, last_ms, options_);
  }

  const EventTable& table_;
  const MineOptions& options_;
  const TimeWindow window_;
  const RecordRanges ranges_;
  QueryCounter queries_;
  UserRecords records_;
  uint32_t wanted_days_ = 1;
  MinedLog mined_;
};

}  // namespace

PairReport& PairReport::operator+=(const PairReport& other) {
  records += other.records;
  users_over_history_cap += other.users_over_history_cap;
  sessions_over_cap += other.sessions_over_cap;
  pairs += other.pairs;
  kept_pairs += other.kept_pairs;
  return *this;
}

MineReport& MineReport::operator+=(const MineReport& other) {
  users += other.users;
  robots += other.robots;
  robot_events += other.robot_events;
  half_typed += other.half_typed;
  searches += other.searches;
  sessions += other.sessions;
  clicks += other.clicks;
  users_over_item_cap += other.users_over_item_cap;
  pairs += other.pairs;
  return *this;
}

absl::StatusOr<MinedLog> Mine(const EventTable& table, const MineOptions& options, const TimeWindow& window) {
  return Miner(table, options, window).Run();
}

uint32_t AutoMinUsers(uint64_t searches) {
  return std::max<uint32_t>(2, static_cast<uint32_t>(std::lround(std::cbrt(static_cast<double>(searches) / 1e4))));
}

}  // namespace kindred
