#include "index/mine/mined_log.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/mine/id_ranges.h"
#include "index/mine/partitions.h"
#include "index/mine/record_groups.h"
#include "index/mine/user_item_pairs.h"
#include "index/mine/user_rows.h"

namespace kindred {
namespace {

// About how many pairs of queries a user's search gives, of a log of shoppers.
constexpr uint64_t kPairsPerEvent = 4;
// Records of a partition that are counted at a time; a hot query has more, and takes several passes.
constexpr uint64_t kMostRecords = 1 << 20;

// One event in so many may come late without being the log's end.
constexpr uint64_t kStragglers = 1000;

// One user's first day with a query.
struct QueryDay {
  QueryId query;
  uint32_t day;  // Since the table's first.

  uint32_t first_id() const { return query; }
  uint32_t second_id() const { return 0; }
};

struct QueryUsers {
  QueryId query;
  uint32_t users;
};

// Where the records of each kind go: queries and pairs by the range of their (first) query, products' pairs by product.
struct Ranges {
  IdRanges pairs, queries, items;
};

Ranges RangesOf(const EventTable& table, uint32_t threads) {
  // Each thread holds a chunk for each partition of each kind: most of the memory is for these, unless a partition had
  // to be read several times over.
  const uint64_t most = table.pool()->memory_limit_bytes() / (2 * ChunkPool::kChunkBytes * threads);
  const uint64_t pair_records = kPairsPerEvent * table.events();
  const auto queries = static_cast<QueryId>(table.queries.size());
  std::vector<uint64_t> events(queries), pairs(queries);
  uint64_t after = table.events();
  for (QueryId query = 0; query < queries; ++query) {
    events[query] = table.about_events(query);
    after -= std::min(after, events[query]);
    // A pair is of the range of its lesser query.
    pairs[query] = static_cast<uint64_t>(static_cast<double>(events[query]) * static_cast<double>(after) /
                                         static_cast<double>(table.events()) * 16);
  }
  const std::vector<uint64_t> items(table.items(), 1);
  return {IdRanges(pairs, PartitionsFor(pair_records, std::max(most, pair_records / kMostRecords))),
          IdRanges(events, PartitionsFor(table.events(), most / 4)),
          IdRanges(items, PartitionsFor(table.events(), most / 4))};
}

// What one thread takes from the users that it visits.
struct UserRecords {
  UserRecords(const std::shared_ptr<ChunkPool>& pool, const Ranges& ranges)
      : pairs(pool, ranges.pairs.ranges()),
        query_days(pool, ranges.queries.ranges()),
        clicks(pool, ranges.queries.ranges()),
        item_pairs(pool, ranges.items.ranges()) {}

  void Merge(UserRecords&& other) {
    pairs.Merge(std::move(other.pairs));
    query_days.Merge(std::move(other.query_days));
    clicks.Merge(std::move(other.clicks));
    item_pairs.Merge(std::move(other.item_pairs));
  }

  Partitions<PairRecord> pairs;
  Partitions<QueryDay> query_days;
  Partitions<Click> clicks;
  Partitions<ItemPair> item_pairs;
};

class UserVisitor {
 public:
  UserVisitor(const EventTable& table, const MineOptions& options, const TimeWindow& window, const Ranges& ranges,
              QueryCounter* queries)
      : records(table.pool(), ranges),
        ranges_(ranges),
        first_day_(FirstDay(table)),
        rows_(table, window),
        cleaner_(table, options.history),
        pairs_(options.pairs, first_day_),
        item_pairs_(options.max_user_items),
        count_clicks_(options.count_clicks),
        count_days_(options.max_wanted_days > 1),
        queries_(queries) {}

  void Visit(uint32_t partition) {
    rows_.ForEachUser(partition, [&](absl::Span<const EventRow> rows) { Add(rows); });
  }

  void ReportTo(MineReport& sum) const {
    sum.users += report_.users;
    sum.robots += report_.robots;
    sum.robot_events += report_.robot_events;
    sum.half_typed += report_.half_typed;
    sum.searches += report_.searches;
    sum.sessions += report_.sessions;
    sum.clicks += report_.clicks;
    sum.users_over_item_cap += item_pairs_.users_over_cap();
    sum.pairs.records += report_.pairs.records;
    sum.pairs.users_over_history_cap += pairs_.users_over_history_cap();
    sum.pairs.sessions_over_cap += pairs_.sessions_over_cap();
  }

  UserRecords records;
  int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;  // Of the rows that it saw.

 private:
  static DayNumber FirstDay(const EventTable& table) {
    const DayNumber last = DayOf(table.last_ms());
    return std::max<DayNumber>(DayOf(table.first_ms()), last < PairRecord::kDays ? 0 : last - PairRecord::kDays + 1);
  }

  void Add(absl::Span<const EventRow> rows) {
    first_ms = std::min(first_ms, rows.front().time_ms);
    last_ms = std::max(last_ms, rows.back().time_ms);
    queries_->Prefetch(rows);
    for (const EventRow& row : rows) {
      ranges_.pairs.Prefetch(row.query);
      ranges_.queries.Prefetch(row.query);
    }
    queries_->AddRows(rows);
    const UserHistory* history = cleaner_.Clean(rows);
    if (history == nullptr) {
      ++report_.robots;
      report_.robot_events += rows.size();
      return;
    }
    ++report_.users;
    report_.half_typed += history->half_typed;
    report_.searches += history->searches.size();
    report_.sessions += history->sessions.size();
    report_.clicks += history->clicks.size();
    user_.AddTo(*queries_, *history);
    if (count_days_) AddQueryDays(*history);
    const absl::Span<const PairRecord> pairs = pairs_.Of(*history);
    for (const PairRecord& pair : pairs) report_.pairs.records += !pair.continued;
    AppendRuns(pairs, ranges_.pairs, records.pairs);
    if (!count_clicks_) return;
    AppendRuns(absl::MakeConstSpan(history->clicks), ranges_.queries, records.clicks);
    AppendRuns(item_pairs_.Of(*history), ranges_.items, records.item_pairs);
  }

  // Records of one first id are mostly neighbours.
  template <typename Record>
  void AppendRuns(absl::Span<const Record> records, const IdRanges& ranges, Partitions<Record>& partitions) {
    runs_.clear();
    for (size_t begin = 0, end = 0; begin < records.size(); begin = end) {
      const uint32_t id = records[begin].first_id();
      for (end = begin + 1; end < records.size() && records[end].first_id() == id;) ++end;
      runs_.push_back({begin, end - begin, ranges[id]});
      partitions.Prefetch(runs_.back().partition);
    }
    for (const Run& run : runs_) partitions.PrefetchNext(run.partition);
    for (const Run& run : runs_) partitions.Append(run.partition, records.subspan(run.begin, run.records));
  }

  void AddQueryDays(const UserHistory& history) {
    for (const UserQuery& query : history.queries) {
      const DayNumber day = DayOf(history.searches[query.first].time_ms);
      const uint32_t days = day > first_day_ ? day - first_day_ : 0;
      records.query_days.Append(ranges_.queries[query.query], {query.query, days});
    }
  }

  // Records for one partition.
  struct Run {
    size_t begin, records;
    uint32_t partition;
  };

  const Ranges& ranges_;
  const DayNumber first_day_;
  std::vector<Run> runs_;
  UserRows rows_;
  HistoryCleaner cleaner_;
  UserPairs pairs_;
  UserItemPairs item_pairs_;
  const bool count_clicks_, count_days_;
  QueryCounter* const queries_;
  QueryCounter::User user_;
  MineReport report_;
};

template <typename Count>
struct Counted {
  LargePageVector<Count> counts;
  uint64_t keys = 0;  // Distinct, of few records too.
};

// What one thread counts with.
template <typename Record, typename Count, typename Counter>
struct CountWorker {
  CountWorker(Counter counter, const std::shared_ptr<ChunkPool>& pool, uint32_t partitions)
      : counter(std::move(counter)), counts(pool, partitions) {}

  Counter counter;
  Partitions<Count> counts;
  RecordGroups<Record> groups;
  std::vector<Record> loaded;
  std::vector<std::pair<uint64_t, Count>> counted;  // With their keys.
  uint64_t keys = 0;
};

// Counts the records of each key, partition by partition, and gives the records' memory back.
//   make(): what a thread counts with; count(it, records of one key): a Count.
// Ascending by key where partitions are ranges of it.
template <typename Count, typename Record, typename Make, typename CountOf>
Counted<Count> CountAll(const std::shared_ptr<ChunkPool>& pool, Partitions<Record>& records, uint32_t threads,
                        uint32_t min_records, Make make, CountOf count_of) {
  using Worker = CountWorker<Record, Count, decltype(make())>;
  std::vector<std::unique_ptr<Worker>> workers;
  for (uint32_t i = 0; i < threads; ++i) {
    workers.push_back(std::make_unique<Worker>(make(), pool, records.partitions()));
  }
  ParallelFor(threads, records.partitions(), [&](uint32_t worker_number, size_t i) {
    const auto partition = static_cast<uint32_t>(i);
    Worker& worker = *workers[worker_number];
    const uint64_t passes = records.records(partition) / kMostRecords + 1;
    worker.counted.clear();
    for (uint64_t pass = 0; pass < passes; ++pass) {
      worker.loaded.clear();
      records.ForEach(partition, [&](absl::Span<const Record> some) {
        if (passes == 1) {
          worker.loaded.insert(worker.loaded.end(), some.begin(), some.end());
          return;
        }
        for (const Record& record : some) {
          if (record.second_id() % passes == pass) worker.loaded.push_back(record);
        }
      });
      worker.groups.ForEach(worker.loaded, min_records, [&](absl::Span<const Record> group) {
        const uint64_t key = uint64_t{group.front().first_id()} << 32 | group.front().second_id();
        worker.counted.emplace_back(key, count_of(worker.counter, group));
      });
      worker.keys += worker.groups.keys();
    }
    records.Clear(partition);
    if (passes > 1) {
      std::sort(worker.counted.begin(), worker.counted.end(),
                [](const auto& x, const auto& y) { return x.first < y.first; });
    }
    for (const auto& [key, count] : worker.counted) worker.counts.Append(partition, count);
  });
  Counted<Count> all;
  uint64_t size = 0;
  Partitions<Count> counts(pool, records.partitions());
  for (const auto& worker : workers) {
    all.keys += worker->keys;
    counts.Merge(std::move(worker->counts));
  }
  for (uint32_t i = 0; i < counts.partitions(); ++i) size += counts.records(i);
  all.counts.reserve(size);
  for (uint32_t i = 0; i < counts.partitions(); ++i) {
    counts.ForEach(
        i, [&](absl::Span<const Count> some) { all.counts.insert(all.counts.end(), some.begin(), some.end()); });
    counts.Clear(i);
  }
  return all;
}

// The moment that ages are counted back from: the minute with all but a thousandth of the window's events before its
// end. One event of a clock that is a month ahead would make all others equally old.
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

class Miner {
 public:
  Miner(const EventTable& table, const MineOptions& options, const TimeWindow& window)
      : table_(table),
        options_(options),
        window_(window),
        ranges_(RangesOf(table, options.threads)),
        queries_(table, options.popularity_half_life, NowMs(table, window), options.threads),
        records_(table.pool(), ranges_) {}

  absl::StatusOr<MinedLog> Run() {
    VisitUsers();
    RETURN_IF_ERROR(table_.pool()->status());
    mined_.counts = queries_.Finish();
    if (wanted_days_ > 1) CountQueryUsers();
    CountPairs();
    CountClicks();
    CountItemPairs();
    RETURN_IF_ERROR(table_.pool()->status());
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
      visitor->ReportTo(mined_.report);
      first_ms = std::min(first_ms, visitor->first_ms);
      last_ms = std::max(last_ms, visitor->last_ms);
    }
    if (last_ms >= first_ms) wanted_days_ = WantedDays(DayOf(last_ms) - DayOf(first_ms) + 1, options_.max_wanted_days);
  }

  void CountQueryUsers() {
    const auto users = CountAll<QueryUsers>(
        table_.pool(), records_.query_days, options_.threads, 1, [] { return DayTally(); },
        [&](DayTally& tally, absl::Span<const QueryDay> days) {
          for (const QueryDay& day : days) tally.Add(day.day);
          const QueryUsers count{days.front().query, tally.Agreed(wanted_days_)};
          tally.Clear();
          return count;
        });
    for (const QueryUsers& count : users.counts) mined_.counts[count.query].users = count.users;
  }

  void CountPairs() {
    Counted<PairCounts> pairs = CountAll<PairCounts>(
        table_.pool(), records_.pairs, options_.threads, options_.min_pair_users,
        [&] { return PairSummer(options_.pairs.max_user_sessions, wanted_days_); },
        [](PairSummer& summer, absl::Span<const PairRecord> records) { return summer.Sum(records); });
    mined_.pairs = std::move(pairs.counts);
    std::erase_if(mined_.pairs, [&](const PairCounts& pair) { return pair.users < options_.min_pair_users; });
    mined_.report.pairs.pairs = pairs.keys;
    mined_.report.pairs.kept_pairs = mined_.pairs.size();
  }

  void CountClicks() {
    mined_.clicks =
        CountAll<ClickCounts>(
            table_.pool(), records_.clicks, options_.threads, 1, [] { return DayTally(); },
            [&](DayTally& tally, absl::Span<const Click> clicks) {
              for (const Click& click : clicks) tally.Add(click.day);
              const ClickCounts count{clicks.front().query, clicks.front().item, tally.Agreed(wanted_days_)};
              tally.Clear();
              return count;
            })
            .counts;
  }

  void CountItemPairs() {
    mined_.item_pairs =
        CountAll<ItemPairCounts>(
            table_.pool(), records_.item_pairs, options_.threads, options_.min_pair_users, [] { return 0; },
            [](int, absl::Span<const ItemPair> pairs) {
              return ItemPairCounts{pairs.front().a, pairs.front().b, static_cast<uint32_t>(pairs.size())};
            })
            .counts;
  }

  const EventTable& table_;
  const MineOptions& options_;
  const TimeWindow window_;
  const Ranges ranges_;
  QueryCounter queries_;
  UserRecords records_;
  uint32_t wanted_days_ = 1;
  MinedLog mined_;
};

}  // namespace

absl::StatusOr<MinedLog> Mine(const EventTable& table, const MineOptions& options, const TimeWindow& window) {
  return Miner(table, options, window).Run();
}

uint32_t AutoMinUsers(uint64_t searches) {
  return std::max<uint32_t>(2, static_cast<uint32_t>(std::lround(std::cbrt(static_cast<double>(searches) / 1e4))));
}

}  // namespace kindred
