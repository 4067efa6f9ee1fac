#include "index/mine/user_visitor.h"

#include <algorithm>
#include <vector>

#include "absl/base/attributes.h"

namespace kindred {
namespace {

// About how many pairs of queries a user's search gives, of a log of shoppers.
constexpr uint64_t kPairsPerEvent = 4;

DayNumber FirstDay(const EventTable& table) {
  const DayNumber last = DayOf(table.last_ms());
  return std::max<DayNumber>(DayOf(table.first_ms()), last < PairRecord::kDays ? 0 : last - PairRecord::kDays + 1);
}

}  // namespace

RecordRanges::RecordRanges(const EventTable& table, uint64_t most, uint32_t least) {
  const uint64_t pair_records = kPairsPerEvent * table.events();
  const auto queries_of_table = static_cast<QueryId>(table.queries.size());
  std::vector<uint64_t> events_of_query(queries_of_table), pairs_of_query(queries_of_table);
  uint64_t after = table.events();
  for (QueryId query = 0; query < queries_of_table; ++query) {
    const uint64_t events = events_of_query[query] = table.about_events(query);
    after -= std::min(after, events);
    // A pair is of the range of its lesser query.
    pairs_of_query[query] = static_cast<uint64_t>(static_cast<double>(events) * static_cast<double>(after) /
                                                  static_cast<double>(table.events()) * 16);
  }
  const uint32_t others = std::max(least, PartitionsFor(table.events(), most / 4));
  pairs = IdRanges(pairs_of_query,
                   std::max(least, PartitionsFor(pair_records, std::max(most, pair_records / kMostRecords))));
  queries = IdRanges(events_of_query, others);
  items = IdRanges(std::vector<uint64_t>(table.items(), 1), others);
}

uint64_t RecordRanges::MostOf(const ChunkPool& pool, uint32_t threads) {
  return pool.memory_limit_bytes() / (2 * ChunkPool::kChunkBytes * threads);
}

UserVisitor::UserVisitor(const EventTable& table, const MineOptions& options, const TimeWindow& window,
                         const RecordRanges& ranges, QueryCounter* queries)
    : records(table.pool(), ranges),
      ranges_(ranges),
      first_day_(FirstDay(table)),
      partition_of_record_(table.pool()->arrays()),
      rows_(table, window),
      cleaner_(table, options.history, !options.pairs_only),
      pairs_(options.pairs, first_day_, table.pool()->arrays()),
      item_pairs_(options.max_user_items),
      pairs_only_(options.pairs_only),
      count_days_(options.max_wanted_days > 1),
      queries_(queries),
      counting_(queries) {}

// What Add() looks up. Inlined for sure: GCC drops calls of a function that does nothing but prefetch.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void UserVisitor::Prefetch(absl::Span<const EventRow> rows) const {
  counting_.Prefetch(rows);
  for (const EventRow& row : rows) {
    ranges_.pairs.Prefetch(row.query);
    if (count_days_ || !pairs_only_) ranges_.queries.Prefetch(row.query);
  }
}

void UserVisitor::Visit(uint32_t partition) {
  rows_.ForEachUser(
      partition, [&](absl::Span<const EventRow> rows) { Prefetch(rows); },
      [&](absl::Span<const EventRow> rows) { Add(rows); });
}

MineReport UserVisitor::report() const {
  MineReport report = report_;
  report.users_over_item_cap = item_pairs_.users_over_cap();
  report.pairs.records = pairs_.pairs();
  report.pairs.users_over_history_cap = pairs_.users_over_history_cap();
  report.pairs.sessions_over_cap = pairs_.sessions_over_cap();
  return report;
}

template <typename Record>
void UserVisitor::AppendAll(absl::Span<const Record> records, const IdRanges& ranges, Partitions<Record>& partitions) {
  if (partition_of_record_.size() < records.size()) partition_of_record_.resize(records.size());
  uint32_t* const partition = partition_of_record_.data();
  for (size_t i = 0; i < records.size(); ++i) {
    partition[i] = ranges[records[i].first_id()];
    partitions.Prefetch(partition[i]);
  }
  for (size_t i = 0; i < records.size(); ++i) partitions.PrefetchNext(partition[i]);
  for (size_t i = 0; i < records.size(); ++i) partitions.Append(partition[i], records[i]);
}

void UserVisitor::AddQueryDays(const UserHistory& history) {
  for (const UserQuery& query : history.queries) {
    const DayNumber day = DayOf(history.searches[query.first].time_ms);
    const uint32_t days = day > first_day_ ? day - first_day_ : 0;
    records.query_days.Append(ranges_.queries[query.query], {query.query, days});
  }
}

void UserVisitor::Add(absl::Span<const EventRow> rows) {
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
  counting_.Add(*history);
  if (count_days_) AddQueryDays(*history);
  AppendAll(pairs_.Of(*history), ranges_.pairs, records.pairs);
  if (pairs_only_) return;
  AppendAll(absl::MakeConstSpan(history->clicks), ranges_.queries, records.clicks);
  AppendAll(item_pairs_.Of(*history), ranges_.items, records.item_pairs);
}

}  // namespace kindred
