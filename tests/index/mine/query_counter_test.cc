#include "index/mine/query_counter.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "index/mine/user_rows.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;

LargeSpillVector<QueryCounts> Count(const EventTable& table, absl::Duration half_life) {
  QueryCounter counter(table, half_life, table.last_ms(), 1);
  QueryCounter::Hand hand(&counter);
  HistoryCleaner cleaner(table, {});
  EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    counter.AddRows(rows);
    hand.Add(*cleaner.Clean(rows));
  }));
  hand.Finish();
  return counter.Finish();
}

TEST(QueryCounterTest, ASpellingCountsOnceAUser) {
  LogBuilder log;
  for (int i = 0; i < 9; ++i) log.Search("shouter", i * 60, i % 2 == 0 ? "iPhone" : "IPHONE");
  log.Search("u", 0, "iphone").Search("v", 0, "iphone");
  const EventTable table = log.Table();
  EXPECT_EQ(table.spellings[Count(table, absl::Hours(1))[0].display].display, "iphone");
}

TEST(QueryCounterTest, RecentSearchesWeighMoreInSmallSteps) {
  LogBuilder log;
  for (int i = 0; i <= 1000; ++i) log.Search("user" + std::to_string(i), i * 7, "query " + std::to_string(1000 + i));
  const EventTable table = log.Table();
  const auto counts = Count(table, absl::Hours(1));
  for (int i = 0; i <= 1000; ++i) {
    const double want = std::exp2((i - 1000) * 7 / 3600.);
    EXPECT_NEAR(counts[IdOf(table, "query " + std::to_string(1000 + i))].recent, want, want / 4096);
  }
}

// Each hand counts for itself, or, where the budget has no room for that, all into the same sums.
TEST(QueryCounterTest, SeveralHandsCountAsOneDoes) {
  for (const uint64_t budget : {uint64_t{1}, UINT64_MAX}) {
    LogBuilder log({.process_budget_bytes = budget});
    for (int i = 0; i < 300; ++i) {
      log.Search("u" + std::to_string(i % 40), i * 60, "Tent " + std::to_string(i % 7));
      log.Search("u" + std::to_string(i % 30), i * 60 + 5, "tent " + std::to_string(i % 3));
    }
    const EventTable table = log.Table();
    const auto want = Count(table, absl::Hours(1));
    for (const bool users_only : {false, true}) {
      QueryCounter counter(table, absl::Hours(1), table.last_ms(), 2, users_only);
      QueryCounter::Hand hands[] = {QueryCounter::Hand(&counter), QueryCounter::Hand(&counter)};
      {
        std::vector<std::jthread> threads;
        for (uint32_t thread = 0; thread < 2; ++thread) {
          threads.emplace_back([&, thread] {
            UserRows rows_of_users(table, {});
            HistoryCleaner cleaner(table, {});
            for (uint32_t partition = thread; partition < EventTable::kUserPartitions; partition += 2) {
              rows_of_users.ForEachUser(partition, [&](absl::Span<const EventRow> rows) {
                counter.AddRows(rows);
                hands[thread].Add(*cleaner.Clean(rows));
              });
            }
          });
        }
      }
      for (QueryCounter::Hand& hand : hands) hand.Finish();
      const auto counts = counter.Finish();
      ASSERT_EQ(counts.size(), want.size());
      for (size_t i = 0; i < want.size(); ++i) {
        EXPECT_EQ(counts[i].users, want[i].users);
        if (users_only) continue;
        EXPECT_EQ(counts[i].searches, want[i].searches);
        EXPECT_EQ(counts[i].followups, want[i].followups);
        EXPECT_EQ(counts[i].recent, want[i].recent);
        EXPECT_EQ(counts[i].display, want[i].display);
      }
    }
  }
}

}  // namespace
}  // namespace kindred
