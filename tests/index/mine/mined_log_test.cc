#include "index/mine/mined_log.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/large_page_allocator.h"
#include "common/machine_limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/file_size_limit.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/open_files.h"
#include "tests/testing/peak_memory.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::FileSizeLimit;
using ::kindred::testing::ForgetPeak;
using ::kindred::testing::HasStatus;
using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::kindred::testing::OpenFiles;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(MineTest, CountsQueriesByUsersSearchesAndFollowups) {
  const EventTable table = LogBuilder()
                               .Search("u", 0, "tent")
                               .Search("u", 60, "boots")
                               .Search("u", 120, "tent")
                               .Search("v", 0, "tent")
                               .Table();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  const QueryCounts& tent = mined.counts[IdOf(table, "tent")];
  EXPECT_EQ(tent.users, 2u);
  EXPECT_EQ(tent.searches, 3u);
  EXPECT_EQ(tent.followups, 1u);
  EXPECT_EQ(mined.report.users, 2u);
  EXPECT_EQ(mined.report.searches, 4u);
  EXPECT_EQ(mined.report.sessions, 2u);
}

TEST(MineTest, ForgottenEventsAreGoneAndWhatWasCountedIsTheSame) {
  const size_t files = OpenFiles();
  LogBuilder log({.memory_limit_bytes = 0});
  for (int user = 0; user < 200; ++user) {
    for (int i = 0; i < 1'000; ++i) {
      const std::string query = "query" + std::to_string((user * 7 + i * i) % 301);
      log.Click("u" + std::to_string(user), user + i * 60, query, "item" + query, user % 2 == 0 ? "tw" : "sg");
    }
  }
  std::vector<EventTable> tables = log.Tables();
  ASSERT_EQ(tables.size(), 2u);
  MineOptions options;
  options.threads = 3;
  options.history.max_user_queries_per_day = 10'000;
  for (EventTable& table : tables) {
    const LargePageVector<NormalizedView> queries = table.queries;
    ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, options));
    EXPECT_GT(mined.pairs.size(), 1'000u);
    EXPECT_GT(OpenFiles(), files);
    ASSERT_OK_AND_ASSIGN(const MinedLog last, MineAndForget(table, options));
    EXPECT_EQ(last.pairs, mined.pairs);
    EXPECT_EQ(last.clicks.size(), mined.clicks.size());
    EXPECT_EQ(last.item_pairs.size(), mined.item_pairs.size());
    EXPECT_EQ(last.report.searches, mined.report.searches);
    EXPECT_EQ(table.queries, queries);
    ASSERT_OK_AND_ASSIGN(const MinedLog nothing, Mine(table, options));
    EXPECT_EQ(nothing.report.searches, 0u);
  }
  EXPECT_EQ(OpenFiles(), files);
}

TEST(MineTest, DisplayIsTheSpellingOfMostUsersNotOfMostSearches) {
  LogBuilder log;
  for (int i = 0; i < 9; ++i) log.Search("shouter", i * 60, "IPHONE");
  log.Search("u", 0, "iPhone").Search("v", 0, "iPhone");
  const EventTable table = log.Table();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  EXPECT_EQ(table.spellings[mined.counts[IdOf(table, "iphone")].display].display, "iPhone");
}

// What 50 people of one day did, and what 8 people did on days of their own, in a log of 60 days.
EventTable Crowd() {
  LogBuilder log;
  for (int i = 0; i < 50; ++i) log.Click("crowd" + std::to_string(i), 30 * 86400. + i, "campaign", "c");
  for (int i = 0; i < 8; ++i) log.Click("u" + std::to_string(i), i * 8 * 86400., "tent", "t");
  return log.Table();
}

TEST(MineTest, ACrowdOfOneDayCountsAsOnePerson) {
  const EventTable table = Crowd();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  EXPECT_EQ(mined.counts[IdOf(table, "campaign")].users, 1u);
  EXPECT_EQ(mined.counts[IdOf(table, "campaign")].searches, 50u);
  EXPECT_EQ(mined.counts[IdOf(table, "tent")].users, 8u);
  ASSERT_EQ(mined.clicks.size(), 2u);
  EXPECT_EQ(mined.clicks[0].users, 1u);
  EXPECT_EQ(mined.clicks[1].users, 8u);
}

TEST(MineTest, EverybodyCountsWhereNoDaysHaveToAgree) {
  const EventTable table = Crowd();
  MineOptions options;
  options.max_wanted_days = 1;
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, options));
  EXPECT_EQ(mined.counts[IdOf(table, "campaign")].users, 50u);
  EXPECT_EQ(mined.clicks[0].users, 50u);
}

TEST(MineTest, RecentSearchesHalveWithTheHalfLife) {
  const double week = 7 * 24 * 3600;
  const EventTable table = LogBuilder().Search("u", 0, "old").Search("v", week, "new").Table();
  MineOptions options;
  options.popularity_half_life = absl::Hours(7 * 24);
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, options));
  EXPECT_NEAR(mined.counts[IdOf(table, "old")].recent, .5, 1e-9);
  EXPECT_NEAR(mined.counts[IdOf(table, "new")].recent, 1, 1e-9);
}

TEST(MineTest, ClicksCountDistinctUsers) {
  const EventTable table =
      LogBuilder().Click("u", 0, "tent", "p1").Click("u", 99, "tent", "p1").Click("v", 0, "tent", "p1").Table();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  ASSERT_EQ(mined.clicks.size(), 1u);
  EXPECT_EQ(mined.clicks[0].users, 2u);
}

TEST(MineTest, RobotsLeaveNoTrace) {
  LogBuilder log;
  for (int i = 0; i < 300; ++i) log.Click("robot", i * 5, "robot query " + std::to_string(i % 7), "p");
  log.Search("u", 0, "tent");
  const EventTable table = log.Table();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  EXPECT_EQ(mined.report.robots, 1u);
  EXPECT_EQ(mined.report.robot_events, 300u);
  EXPECT_EQ(mined.counts[IdOf(table, "robot query 0")].searches, 0u);
  EXPECT_TRUE(mined.pairs.empty());
  EXPECT_TRUE(mined.clicks.empty());
}

TEST(MineTest, LastSearchThatTellsSaysWhetherAQueryFindsAnything) {
  const EventTable table = LogBuilder()
                               .SearchWithHits("u", 0, "sold out", 7)
                               .SearchWithHits("v", 60, "sold out", 0)
                               .Search("w", 90, "sold out")
                               .SearchWithHits("u", 0, "back in stock", 0)
                               .SearchWithHits("v", 60, "back in stock", 3)
                               .SearchWithHits("u", 99, "tie", 0)
                               .SearchWithHits("v", 99, "tie", 1)
                               .Search("u", 0, "unknown")
                               .Table();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  EXPECT_TRUE(mined.counts[IdOf(table, "sold out")].found_nothing);
  EXPECT_FALSE(mined.counts[IdOf(table, "back in stock")].found_nothing);
  EXPECT_FALSE(mined.counts[IdOf(table, "tie")].found_nothing);
  EXPECT_FALSE(mined.counts[IdOf(table, "unknown")].found_nothing);
}

// A century after everything else: the other searches must still weigh something.
TEST(MineTest, OneLateSearchDoesNotSilenceTheOthers) {
  const double century = 100.0 * 365 * 24 * 3600;
  const EventTable table = LogBuilder().Search("u", 0, "tent").Search("v", century, "late").Table();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  EXPECT_GT(mined.counts[IdOf(table, "tent")].recent, 0);
}

// Nor make them all equally old.
TEST(MineTest, AgesAreCountedFromWhereTheLogEndsAndNotFromOneStrayEvent) {
  const double day = 86400;
  LogBuilder log;
  for (int i = 0; i < 2000; ++i) log.Search("user" + std::to_string(i), i * day / 1000, i < 1000 ? "old" : "new");
  log.Search("stray", 40 * day, "stray");
  const EventTable table = log.Table();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, {}));
  EXPECT_GT(mined.counts[IdOf(table, "old")].recent, 300);
  EXPECT_GT(mined.counts[IdOf(table, "new")].recent, 600);
  EXPECT_LE(mined.counts[IdOf(table, "stray")].recent, 1);
}

// A log of days of which none can be asked to agree stays one.
TEST(MineTest, OneStrayEventAsksNoDaysToAgree) {
  LogBuilder log;
  for (int i = 0; i < 2000; ++i) {
    const std::string user = "user" + std::to_string(i);
    log.Search(user, i, "tent").Search(user, i + 1, "boots");
  }
  for (const double years : {-20., 20.}) log.Search("stray" + std::to_string(years), years * 365 * 86400, "stray");
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(log.Table(), {}));
  ASSERT_EQ(mined.pairs.size(), 1u);
  EXPECT_EQ(mined.pairs[0].users, 2000u);
}

// Whatever the threads and the memory, and for windows of the log as for a log of that window alone.
TEST(MineTest, ThreadsMemoryAndOrderOfRowsDoNotMatter) {
  std::mt19937 random(5);
  for (int round = 0; round < 30; ++round) {
    struct Visit {
      std::string user, query, item;
      double seconds;
    };
    std::vector<Visit> visits;
    for (int i = 0; i < 400; ++i) {
      visits.push_back({"user" + std::to_string(random() % 30), "query " + std::to_string(random() % 20),
                        random() % 2 == 0 ? "" : "item" + std::to_string(random() % 9),
                        static_cast<double>(random() % 2000) * 600});
    }
    const auto table_of = [&](size_t memory_limit_bytes, double until) {
      std::shuffle(visits.begin(), visits.end(), random);
      LogBuilder log({.memory_limit_bytes = memory_limit_bytes});
      for (const Visit& visit : visits) {
        if (visit.seconds >= until) continue;
        if (visit.item.empty()) {
          log.Search(visit.user, visit.seconds, visit.query);
        } else {
          log.Click(visit.user, visit.seconds, visit.query, visit.item);
        }
      }
      return log.Table();
    };
    const double until = 1000 * 600;
    const EventTable all = table_of(0, 1e9), part = table_of(SIZE_MAX, until);
    const TimeWindow window{INT64_MIN, LogBuilder::kStartMs + static_cast<int64_t>(until * 1000)};
    MineOptions options;
    ASSERT_OK_AND_ASSIGN(const MinedLog want, Mine(part, options));
    options.threads = 3;
    ASSERT_OK_AND_ASSIGN(const MinedLog got, Mine(all, options, window));
    // The same queries, by text: a window keeps the ids of the whole log.
    using Pairs = std::map<std::pair<std::string, std::string>, std::vector<uint32_t>>;
    const auto pairs_of = [](const EventTable& table, const MinedLog& mined) {
      Pairs pairs;
      for (const PairCounts& p : mined.pairs) {
        pairs[{std::string(table.queries[p.a].text()), std::string(table.queries[p.b].text())}] = {
            p.users, p.session_users, p.sessions, p.sessions_a_first, p.users_a_first, p.users_a_next, p.users_b_next};
      }
      return pairs;
    };
    EXPECT_EQ(pairs_of(part, want), pairs_of(all, got));
    for (QueryId query = 0; query < part.queries.size(); ++query) {
      const QueryCounts& x = want.counts[query];
      const QueryCounts& y = got.counts[*all.Find(part.queries[query])];
      EXPECT_EQ(std::tie(x.users, x.searches, x.followups), std::tie(y.users, y.searches, y.followups));
      EXPECT_EQ(part.spellings[x.display].display, all.spellings[y.display].display);
    }
    EXPECT_EQ(want.clicks.size(), got.clicks.size());
    EXPECT_EQ(want.item_pairs.size(), got.item_pairs.size());
    EXPECT_EQ(want.report.searches, got.report.searches);
  }
}

// Searches of 16 bytes, in files, of two threads.
TEST(MineTest, NeitherMemoryNorThreadsChangeWhatIsMinedOfLessDetail) {
  constexpr int kEvents = 400'000;
  const TempDir dir;
  std::vector<PairCounts> want;
  std::map<std::string, uint64_t> dropped;
  for (const bool tight : {false, true}) {
    EventTableBuilder builder(
        tight ? SpillOptions{.memory_limit_bytes = 0, .temp_dir = dir.path(), .process_budget_bytes = 1 << 20}
              : SpillOptions{},
        TableDetail::kQueries);
    std::vector<EventTableBuilder::Shard*> shards;
    for (int i = 0; i < (tight ? 2 : 1); ++i) shards.push_back(builder.NewShard());
    std::mt19937 random(8);
    for (int i = 0; i < kEvents; ++i) {
      const std::string user = "user" + std::to_string(random() % 20'000);
      const auto thing = random() % 3000;
      // One in eight is nothing but punctuation, of many spellings.
      const std::string query = thing % 8 == 0 ? std::string(1 + thing / 16, '!') : "thing " + std::to_string(thing);
      SearchEvent event;
      event.user = user;
      event.query = query;
      event.time_ms = LogBuilder::kStartMs + int64_t{i} * 1000;
      ASSERT_OK(shards[i % shards.size()]->Add(absl::MakeConstSpan(&event, 1)));
    }
    const auto of_builder = builder.dropped();
    std::vector<EventTable> tables = builder.Finish();
    ASSERT_EQ(tables.size(), 1u);
    MineOptions options;
    options.threads = tight ? 2 : 1;
    options.pairs_only = true;
    options.pairs.count_next = false;
    options.max_wanted_days = 1;
    ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(tables[0], options));
    if (!tight) {
      want.assign(mined.pairs.begin(), mined.pairs.end());
      dropped = of_builder;
      continue;
    }
    EXPECT_GT(tables[0].pool()->bytes_written(), 4u << 20);
    EXPECT_EQ(of_builder, dropped);
    EXPECT_THAT(mined.pairs, ::testing::ElementsAreArray(want));
  }
  EXPECT_GT(want.size(), 1000u);
  EXPECT_GT(dropped.size(), 0u);
}

TEST(MineTest, ProgressRisesToTheWhole) {
  LogBuilder log;
  log.Search("u", 0, "tent").Search("u", 60, "stove").Search("v", 0, "tent").Search("v", 60, "stove");
  EventTable table = log.Table();
  std::vector<double> shares;
  ASSERT_OK(MineAndForget(table, {}, [&](double share) { shares.push_back(share); }));
  ASSERT_FALSE(shares.empty());
  EXPECT_GT(shares.front(), 0);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_DOUBLE_EQ(shares.back(), 1);
}

// Counting pairs alone, from a table that tells queries alone apart, gives the same pairs and the same users.
TEST(MineTest, LessDetailDoesNotChangeThePairs) {
  std::mt19937 random(6);
  const std::vector<std::string> spellings = {"Tent",     "tent ",    "TENT", "Xbox 360",    "xbox  360",
                                              "藍牙耳機", "蓝牙耳机", "camp", "camping tent"};
  uint64_t half_typed = 0, robots = 0;
  for (int round = 0; round < 100; ++round) {
    LogBuilder all, queries_only({}, TableDetail::kQueries);
    for (int i = 0; i < 60; ++i) {
      const std::string user = "user" + std::to_string(random() % 6);
      const std::string& query = spellings[random() % spellings.size()];
      const double seconds = static_cast<double>(random() % 3 * 3000 + random() % 60);
      const std::string item = random() % 3 == 0 ? "item" + std::to_string(random() % 3) : "";
      for (LogBuilder* log : {&all, &queries_only}) {
        item.empty() ? log->Search(user, seconds, query) : log->Click(user, seconds, query, item);
      }
    }
    const EventTable table = all.Table(), less = queries_only.Table();
    ASSERT_EQ(table.queries, less.queries);
    EXPECT_EQ(less.spellings.size(), less.queries.size());
    EXPECT_LE(less.items(), 1u);
    MineOptions options;
    options.pairs.across_sessions = round % 2 == 0;
    options.pairs.count_next = false;
    options.max_wanted_days = 1;
    options.history.max_user_queries_per_day = 12;
    ASSERT_OK_AND_ASSIGN(const MinedLog want, Mine(table, options));
    options.pairs_only = true;
    ASSERT_OK_AND_ASSIGN(const MinedLog got, Mine(less, options));
    EXPECT_THAT(got.pairs, ::testing::ElementsAreArray(want.pairs));
    for (QueryId query = 0; query < table.queries.size(); ++query) {
      EXPECT_EQ(got.counts[query].users, want.counts[query].users);
    }
    EXPECT_EQ(got.report.searches, want.report.searches);
    EXPECT_EQ(got.report.half_typed, want.report.half_typed);
    EXPECT_EQ(got.report.sessions, want.report.sessions);
    EXPECT_EQ(got.report.robots, want.report.robots);
    half_typed += got.report.half_typed;
    robots += got.report.robots;
  }
  EXPECT_GT(half_typed, 0u);
  EXPECT_GT(robots, 0u);
}

#ifndef KINDRED_SANITIZED
// A kiosk, whose searches go through a dozen arrays: 230 MB of them where they were the heap's.
TEST(MineTest, AUserOfAMillionSearchesKeepsToABudget) {
  constexpr int kSearches = 1'000'000;
  const TempDir dir;
  ForgetPeak();
  const uint64_t budget = PeakMemoryBytes() + (48 << 20);
  for (const uint32_t most_a_day : {200, 10 * kSearches}) {
    LogBuilder log({.memory_limit_bytes = 4 << 20, .temp_dir = dir.path(), .process_budget_bytes = budget});
    for (int i = 0; i < kSearches; ++i) log.Search("kiosk", i * .1, "thing " + std::to_string(i % 9973 % 1000));
    log.Search("shopper", 0, "tent").Search("shopper", 60, "stove");
    const EventTable table = log.Table();
    MineOptions options;
    options.history = {.max_user_queries_per_day = most_a_day, .half_typed_window = absl::ZeroDuration()};
    ForgetPeak();
    ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(table, options));
    EXPECT_LE(PeakMemoryBytes() >> 20, budget / 4 * 5 >> 20);
    EXPECT_EQ(mined.report.robots, most_a_day < kSearches ? 1u : 0u);
    EXPECT_EQ(mined.report.searches, most_a_day < kSearches ? 2u : kSearches + 2u);
  }
}
#endif

// Rows wait in files, and so do the records of what their users did.
TEST(MineTest, ADiskThatFillsEndsInAnErrorHoweverFarItWent) {
  const TempDir dir;
  const auto table_of = [&] {
    std::mt19937 random(3);
    LogBuilder log({.memory_limit_bytes = 0, .temp_dir = dir.path()});
    for (int i = 0; i < 200'000; ++i) {
      log.Search("user" + std::to_string(random() % 5'000), i, "query " + std::to_string(random() % 50));
    }
    return log.Table();
  };
  const auto is_full = HasStatus(absl::StatusCode::kOutOfRange,  // EFBIG: a disk's end would be another code.
                                 AllOf(HasSubstr(dir.path()), HasSubstr("name a folder with more room by --temp_dir")));
  const EventTable sound = table_of();
  ASSERT_OK_AND_ASSIGN(const MinedLog mined, Mine(sound, {}));
  const FileSizeLimit limit(64 << 10);
  const EventTable cut = table_of();
  EXPECT_THAT(cut.pool()->status(), is_full);
  EXPECT_THAT(Mine(cut, {}), is_full);
  EXPECT_THAT(Mine(sound, {}), is_full);
}

TEST(MineTest, AMissingTempFolderIsAnError) {
  LogBuilder log({.memory_limit_bytes = 0, .temp_dir = "/nonexistent/folder"});
  for (int i = 0; i < 200'000; ++i) log.Search("u", i, "tent");
  const EventTable table = log.Table();
  EXPECT_EQ(Mine(table, {}).status().code(), absl::StatusCode::kNotFound);
}

TEST(AutoMinUsersTest, FollowsTheCubeRoot) {
  EXPECT_EQ(AutoMinUsers(0), 2u);
  EXPECT_EQ(AutoMinUsers(44'788), 2u);
  EXPECT_EQ(AutoMinUsers(1'000'000), 5u);
  EXPECT_EQ(AutoMinUsers(10'000'000), 10u);
}

}  // namespace
}  // namespace kindred
