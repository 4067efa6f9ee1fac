#include "index/mine/query_counter.h"

#include <string>

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
  QueryCounter::User user;
  HistoryCleaner cleaner(table, {});
  EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    counter.AddRows(rows);
    user.AddTo(counter, *cleaner.Clean(rows));
  }));
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

}  // namespace
}  // namespace kindred
