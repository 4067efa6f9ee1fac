#include "index/mine/user_rows.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAre;

TEST(UserRowsTest, VisitsEachUsersRowsOnceInOrder) {
  const EventTable table = LogBuilder().Search("a", 9, "x2").Search("b", 0, "x1").Search("a", 0, "x1").Table();
  std::vector<size_t> sizes;
  EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    sizes.push_back(rows.size());
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
  }));
  EXPECT_THAT(sizes, UnorderedElementsAre(2, 1));
}

TEST(UserRowsTest, TellsOfEachUserButTheFirstAheadOfTheVisitToTheOneBefore) {
  LogBuilder log;
  for (int user = 0; user < 2'000; ++user) log.Search("u" + std::to_string(user), 0, "tent");
  const EventTable table = log.Table();
  UserRows rows(table, {});
  size_t users = 0;
  for (uint32_t partition = 0; partition < EventTable::kUserPartitions; ++partition) {
    std::vector<const EventRow*> ahead, visited;
    rows.ForEachUser(
        partition, [&](absl::Span<const EventRow> next) { ahead.push_back(next.data()); },
        [&](absl::Span<const EventRow> user) {
          if (!visited.empty()) {
            EXPECT_EQ(user.data(), ahead[visited.size() - 1]);
          }
          visited.push_back(user.data());
        });
    EXPECT_EQ(ahead.size(), visited.empty() ? 0 : visited.size() - 1);
    users += visited.size();
  }
  EXPECT_EQ(users, 2'000u);
}

TEST(UserRowsTest, EqualRowsCountOnce) {
  const EventTable table = LogBuilder().Click("u", 0, "tent", "p1").Click("u", 0, "tent", "p1").Table();
  EXPECT_OK(ForEachUser(table, {}, [](absl::Span<const EventRow> rows) { EXPECT_EQ(rows.size(), 1u); }));
}

TEST(UserRowsTest, RunsOfSeveralReadersAreOneOrder) {
  for (const int runs : {1, 2, 3}) {
    LogBuilder log;
    std::set<std::pair<double, std::string>> expected;
    const auto search = [&](double seconds, const std::string& query) {
      log.Search("u", seconds, query);
      expected.emplace(seconds, query);
    };
    for (int run = 0; run < runs; ++run) {
      for (int i = 0; i < 9; ++i) search(i * 10 + run * 3, "q" + std::to_string(run) + "x");
      search(100, "in each");                     // The same row in every run ...
      search(101, "last" + std::to_string(run));  // ... and others of one moment.
    }
    const EventTable table = log.Table();
    std::vector<std::pair<double, std::string>> rows_seen;
    EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
      for (const EventRow& row : rows) {
        rows_seen.emplace_back(static_cast<double>(row.time_ms - LogBuilder::kStartMs) / 1000,
                               std::string(table.queries[row.query].text()));
      }
    }));
    EXPECT_THAT(rows_seen, ElementsAreArray(expected)) << runs << " runs";
  }
}

TEST(UserRowsTest, AWindowHoldsItsFirstMomentAndNotItsLast) {
  for (const TableDetail detail : {TableDetail::kAll, TableDetail::kQueries}) {
    LogBuilder log({}, detail);
    const EventTable table = log.Search("u", 0, "a1").Search("u", 10, "b1").Search("v", 20, "c1").Table();
    std::vector<std::string> texts;
    const TimeWindow window{LogBuilder::kStartMs + 10'000, LogBuilder::kStartMs + 20'000};
    EXPECT_OK(ForEachUser(table, window, [&](absl::Span<const EventRow> rows) {
      for (const EventRow& row : rows) texts.emplace_back(table.queries[row.query].text());
    }));
    EXPECT_THAT(texts, ElementsAre("b1"));
  }
}

TEST(UserRowsTest, ManyUsersOfAPartitionAreKeptApart) {
  for (const TableDetail detail : {TableDetail::kAll, TableDetail::kQueries}) {
    LogBuilder log({}, detail);
    for (int i = 0; i < 40'000; ++i) {
      log.Search("user" + std::to_string(i % 20'000), i, i < 20'000 ? "first" : "second");
    }
    const EventTable table = log.Table();
    size_t users = 0;
    EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
      ++users;
      ASSERT_EQ(rows.size(), 2u);
      EXPECT_EQ(rows[1].time_ms - rows[0].time_ms, 20'000'000);
    }));
    EXPECT_EQ(users, 20'000u);
  }
}

// Events as they came, by user, and rows: 80 bytes each.
TEST(UserRowsTest, LargeArraysOfAUserAreThePools) {
  constexpr int kEvents = 10'000;
  LogBuilder log({.process_budget_bytes = 1});
  for (int i = 0; i < kEvents; ++i) log.Search("kiosk", i, "thing");
  const EventTable table = log.Table();
  const uint64_t before = table.pool()->arrays()->bytes_spilled();
  size_t rows = 0;
  EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> of_user) { rows += of_user.size(); }));
  EXPECT_EQ(rows, kEvents);
  EXPECT_GE(table.pool()->arrays()->bytes_spilled() - before, kEvents * (2 * sizeof(StoredEvent) + sizeof(EventRow)));
}

TEST(StoredSearchTest, KeepsTimeClickAndSpellingToTheirEnds) {
  constexpr uint64_t kUser = 0xFEDC'BA98'7654'3210;
  for (const int64_t time_ms : {int64_t{631'152'000'000}, LogBuilder::kStartMs, int64_t{7'258'118'399'999}}) {
    for (const bool clicked : {false, true}) {
      for (const uint32_t spelling : {0u, 1u << 31, UINT32_MAX}) {
        const StoredSearch search = StoredSearch::Of(kUser, time_ms, clicked, spelling);
        EXPECT_EQ(TimeMs(search), time_ms);
        EXPECT_EQ(search.time_bits() & 1, clicked ? 1u : 0u);
        EXPECT_EQ(search.spelling(), spelling);
        EXPECT_EQ(UserBits(search), 0xDCBA'9876'5432'1000u);
      }
    }
  }
}

}  // namespace
}  // namespace kindred
