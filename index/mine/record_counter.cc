#include "index/mine/record_counter.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <vector>

#include "common/parallel_for.h"
#include "index/mine/agreement.h"
#include "index/mine/pair_counts.h"
#include "index/mine/record_groups.h"

namespace kindred {
namespace {

template <typename Count>
struct Counted {
  LargeSpillVector<Count> counts;
  uint64_t keys = 0;  // Distinct, of few users too.
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
  std::vector<std::pair<uint64_t, Count>> counted;  // With their keys, of a partition that takes several passes.
  uint64_t keys = 0;
};

// Counts the records of each key of at least so many users, each of whom leaves a record or more, partition by
// partition, and gives the records' memory back.
//   make(): what a thread counts with; count(it, records of one key): a Count.
// Ascending by key where partitions are ranges of it.
template <typename Count, typename Record, typename Make, typename CountOf>
Counted<Count> CountAll(const std::shared_ptr<ChunkPool>& pool, Partitions<Record>& records, uint32_t threads,
                        uint32_t min_users, Make make, CountOf count_of,
                        const std::function<void(double)>& progress = nullptr) {
  using Worker = CountWorker<Record, Count, decltype(make())>;
  std::vector<std::unique_ptr<Worker>> workers;
  for (uint32_t i = 0; i < threads; ++i) {
    workers.push_back(std::make_unique<Worker>(make(), pool, records.partitions()));
  }
  std::atomic<uint32_t> done = 0;
  ParallelFor(threads, records.partitions(), [&](uint32_t worker_number, size_t i) {
    const auto partition = static_cast<uint32_t>(i);
    Worker& worker = *workers[worker_number];
    const uint64_t passes = records.records(partition) / RecordRanges::kMostRecords + 1;
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
      if (pass + 1 == passes) records.Clear(partition);  // Its memory is for the counts.
      worker.groups.ForEach(worker.loaded, min_users, [&](absl::Span<const Record> group) {
        const Count count = count_of(worker.counter, group);
        if (count.users < min_users) return;
        if (passes == 1) {
          worker.counts.Append(partition, count);
        } else {
          worker.counted.emplace_back(uint64_t{group.front().first_id()} << 32 | group.front().second_id(), count);
        }
      });
      worker.keys += worker.groups.keys();
    }
    std::sort(worker.counted.begin(), worker.counted.end(),
              [](const auto& x, const auto& y) { return x.first < y.first; });
    for (const auto& [key, count] : worker.counted) worker.counts.Append(partition, count);
    const uint32_t counted = done.fetch_add(1, std::memory_order_relaxed) + 1;
    if (worker_number == 0 && progress) progress(static_cast<double>(counted) / records.partitions());
  });
  Counted<Count> all{LargeSpillVector<Count>(pool->arrays())};
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
    pool->arrays()->KeepToBudget();
  }
  return all;
}

}  // namespace

CountedRecords CountRecords(const std::shared_ptr<ChunkPool>& pool, const MineOptions& options, uint32_t wanted_days,
                            UserRecords& records, const std::function<void(double)>& progress) {
  const uint32_t threads = options.threads;
  CountedRecords counted;
  if (wanted_days > 1)
    counted.query_users = CountAll<QueryUsers>(
                              pool, records.query_days, threads, 1, [] { return DayTally(); },
                              [&](DayTally& tally, absl::Span<const QueryDay> days) {
                                for (const QueryDay& day : days) tally.Add(day.day);
                                const QueryUsers count{days.front().query, tally.Agreed(wanted_days)};
                                tally.Clear();
                                return count;
                              })
                              .counts;
  Counted<PairCounts> pairs = CountAll<PairCounts>(
      pool, records.pairs, threads, options.min_pair_users,
      [&] { return PairSummer(options.pairs.max_user_sessions, wanted_days); },
      [](PairSummer& summer, absl::Span<const PairRecord> of_pair) { return summer.Sum(of_pair); }, progress);
  counted.distinct_pairs = pairs.keys;
  counted.pairs = std::move(pairs.counts);
  counted.clicks = CountAll<ClickCounts>(
                       pool, records.clicks, threads, 1, [] { return DayTally(); },
                       [&](DayTally& tally, absl::Span<const Click> clicks) {
                         for (const Click& click : clicks) tally.Add(click.day);
                         const ClickCounts count{clicks.front().query, clicks.front().item, tally.Agreed(wanted_days)};
                         tally.Clear();
                         return count;
                       })
                       .counts;
  counted.item_pairs =
      CountAll<ItemPairCounts>(
          pool, records.item_pairs, threads, options.min_pair_users, [] { return 0; },
          [](int, absl::Span<const ItemPair> of_pair) {
            return ItemPairCounts{of_pair.front().a, of_pair.front().b, static_cast<uint32_t>(of_pair.size())};
          })
          .counts;
  return counted;
}

}  // namespace kindred
