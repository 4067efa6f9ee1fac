#include "index/mine/mined_log.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>

#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/mine/record_counter.h"
#include "index/mine/user_visitor.h"

namespace kindred {
namespace {

// One event in so many may come early or late without being the log's beginning or end.
constexpr uint64_t kStragglers = 1000;

constexpr double kVisiting = .6;  // Of mining's time, about.

using MinuteCount = std::pair<uint32_t, uint64_t>;

// The first of the minutes that a window holds, in their order or from the last on, which all but the stragglers of its
// events reach. nullopt: it holds none.
template <typename Minutes>
std::optional<uint32_t> FirstUsualMinute(const Minutes& minutes, const TimeWindow& window) {
  const auto in_window = [&](const MinuteCount& minute) { return window.Holds(minute.first * kMinuteMs); };
  uint64_t events = 0, passed = 0;
  for (const MinuteCount& minute : minutes) events += in_window(minute) ? minute.second : 0;
  for (const MinuteCount& minute : minutes) {
    if (!in_window(minute)) continue;
    passed += minute.second;
    if (passed * kStragglers > events) return minute.first;
  }
  return std::nullopt;
}

std::optional<uint32_t> LastUsualMinute(const EventTable& table, const TimeWindow& window) {
  return FirstUsualMinute(std::ranges::reverse_view(table.minutes()), window);
}

}  // namespace

int64_t NowMs(const EventTable& table, const TimeWindow& window) {
  const std::optional<uint32_t> last = LastUsualMinute(table, window);
  return last.has_value() ? std::min((*last + 1) * kMinuteMs, table.last_ms()) : table.last_ms();
}

uint32_t DaysAsked(const EventTable& table, const TimeWindow& window, const MineOptions& options) {
  const std::optional<uint32_t> last = LastUsualMinute(table, window);
  if (!last.has_value()) return 1;
  const uint32_t first = *FirstUsualMinute(table.minutes(), window);
  return WantedDays(DayOf(*last * kMinuteMs) - DayOf(first * kMinuteMs) + 1, options.max_wanted_days);
}

namespace {

class Miner {
 public:
  // forgotten: `table`, where its events are not needed again; else nullptr.
  Miner(const EventTable& table, EventTable* forgotten, const MineOptions& options, const TimeWindow& window,
        const std::function<void(double)>& progress)
      : table_(table),
        forgotten_(forgotten),
        options_(options),
        window_(window),
        progress_(progress),
        ranges_(table, RecordRanges::MostOf(*table.pool(), options.threads)),
        queries_(table, options.popularity_half_life, NowMs(table, window), options.threads, options.pairs_only),
        records_(table.pool(), ranges_) {}

  absl::StatusOr<MinedLog> Run() {
    VisitUsers();
    RETURN_IF_ERROR(table_.pool()->status());
    mined_.memory = table_.pool()->arrays();
    mined_.counts = queries_.Finish();
    CountedRecords counted =
        CountRecords(table_.pool(), options_, DaysAsked(table_, window_, options_), records_, [&](double share) {
          if (progress_) progress_(kVisiting + (1 - kVisiting) * share);
        });
    RETURN_IF_ERROR(table_.pool()->status());
    for (const QueryUsers& count : counted.query_users) mined_.counts[count.query].users = count.users;
    mined_.pairs = std::move(counted.pairs);
    mined_.clicks = std::move(counted.clicks);
    mined_.item_pairs = std::move(counted.item_pairs);
    mined_.report.pairs.pairs = counted.distinct_pairs;
    mined_.report.pairs.kept_pairs = mined_.pairs.size();
    mined_.memory->TrimHeap();
    return std::move(mined_);
  }

 private:
  void VisitUsers() {
    std::vector<std::unique_ptr<UserVisitor>> visitors;
    for (uint32_t i = 0; i < options_.threads; ++i) {
      visitors.push_back(std::make_unique<UserVisitor>(table_, options_, window_, ranges_, &queries_));
    }
    ParallelFor(options_.threads, EventTable::kUserPartitions, [&](uint32_t worker, size_t i) {
      const auto partition = static_cast<uint32_t>(i);
      visitors[worker]->Visit(partition);
      if (forgotten_ != nullptr) forgotten_->ForgetEvents(partition);
      const uint32_t visited = visited_.fetch_add(1, std::memory_order_relaxed) + 1;
      if (worker == 0 && progress_) progress_(kVisiting * visited / EventTable::kUserPartitions);
    });
    for (const auto& visitor : visitors) {
      visitor->Finish();
      records_.Merge(std::move(visitor->records));
      mined_.report += visitor->report();
    }
  }

  const EventTable& table_;
  EventTable* const forgotten_;
  const MineOptions& options_;
  const TimeWindow window_;
  const std::function<void(double)> progress_;
  const RecordRanges ranges_;
  std::atomic<uint32_t> visited_ = 0;  // User partitions.
  QueryCounter queries_;
  UserRecords records_;
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
  return Miner(table, nullptr, options, window, nullptr).Run();
}

absl::StatusOr<MinedLog> MineAndForget(EventTable& table, const MineOptions& options,
                                       const std::function<void(double)>& progress) {
  absl::StatusOr<MinedLog> mined = Miner(table, &table, options, {}, progress).Run();
  std::vector<Fingerprint>().swap(table.item_fingerprints);
  table.pool()->Trim(options.threads);
  return mined;
}

uint32_t AutoMinUsers(uint64_t searches) {
  return std::max<uint32_t>(2, static_cast<uint32_t>(std::lround(std::cbrt(static_cast<double>(searches) / 1e4))));
}

}  // namespace kindred
