#include "index/mine/user_pairs.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/mined_log.h"
#include "index/mine/user_rows.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<PairCounts> Count(const EventTable& table, const PairOptions& options = {}, uint32_t min_users = 1,
                              uint32_t threads = 1) {
  MineOptions mine;
  mine.pairs = options;
  mine.min_pair_users = min_users;
  mine.max_wanted_days = 1;
  mine.threads = threads;
  const absl::StatusOr<MinedLog> mined = Mine(table, mine);
  if (min_users == 1) {
    uint64_t users = 0;
    for (const PairCounts& pair : mined->pairs) users += pair.users;
    EXPECT_EQ(mined->report.pairs.records, users);
  }
  return {mined->pairs.begin(), mined->pairs.end()};
}

TEST(UserPairsTest, CountsUsersSessionsAndOrder) {
  // u: both in two sessions, tent first. v: in history only, boots first.
  const EventTable table = LogBuilder()
                               .Search("u", 0, "tent")
                               .Search("u", 60, "boots")
                               .Search("u", 90000, "boots")
                               .Search("u", 90060, "tent")
                               .Search("v", 0, "boots")
                               .Search("v", 90000, "tent")
                               .Table();
  EXPECT_THAT(Count(table), ElementsAre(PairCounts{.a = IdOf(table, "boots"),
                                                   .b = IdOf(table, "tent"),
                                                   .users = 2,
                                                   .session_users = 1,
                                                   .sessions = 1,
                                                   .sessions_a_first = 1,
                                                   .users_a_first = 1,
                                                   .users_a_next = 1,
                                                   .users_b_next = 1}));
  const std::vector<PairCounts> all_sessions = Count(table, {.max_user_sessions = 0});
  EXPECT_EQ(all_sessions[0].sessions, 2u);
  EXPECT_EQ(all_sessions[0].sessions_a_first, 1u);
  EXPECT_EQ(Count(table, {.across_sessions = false})[0].users, 1u);
}

TEST(UserPairsTest, MoreSessionsThanARecordHoldsAreAllCounted) {
  LogBuilder log;
  for (int session = 0; session < 600; ++session) {
    log.Search("u", session * 9000., session % 3 == 0 ? "tent" : "boots");
    log.Search("u", session * 9000. + 60, session % 3 == 0 ? "boots" : "tent");
  }
  const EventTable table = log.Table();
  for (const bool across_sessions : {true, false}) {
    const PairCounts pair = Count(table, {.across_sessions = across_sessions, .max_user_sessions = 0}).at(0);
    EXPECT_EQ(pair.users, 1u);
    EXPECT_EQ(pair.sessions, 600u);
    EXPECT_EQ(pair.sessions_a_first, 400u);
  }
  EXPECT_EQ(Count(table).at(0).sessions, 1u);
}

TEST(UserPairsTest, PairsOfSessionsAreCountedHoweverManyThereAre) {
  LogBuilder log;
  for (int i = 0; i < 100; ++i) {
    log.Search("u", i, "query " + std::to_string(i));
    log.Search("u", 90'000 + i, "query " + std::to_string(99 - i));
  }
  const EventTable table = log.Table();
  const std::vector<PairCounts> pairs = Count(table, {.across_sessions = false, .max_user_sessions = 0});
  ASSERT_EQ(pairs.size(), 4950u);
  for (const PairCounts& pair : pairs) {
    EXPECT_EQ(pair.sessions, 2u);
    EXPECT_EQ(pair.sessions_a_first, 1u);
  }
}

TEST(UserPairsTest, OnePersonsDoingDoesNotCountWithTwo) {
  LogBuilder log;
  for (int i = 0; i < 10; ++i) log.Search("u", i * 20, i % 2 == 0 ? "tent" : "boots");
  EXPECT_THAT(Count(log.Table(), {}, 2), IsEmpty());
}

TEST(UserPairsTest, HistoryCapKeepsRecentPairsAndAllSessionPairs) {
  const EventTable table = LogBuilder()
                               .Search("u", 0, "a1")
                               .Search("u", 60, "b1")
                               .Search("u", 90000, "c1")
                               .Search("u", 180000, "d1")
                               .Table();
  const std::vector<PairCounts> pairs = Count(table, {.max_history_queries = 2});
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].a, IdOf(table, "a1"));  // One session.
  EXPECT_EQ(pairs[0].b, IdOf(table, "b1"));
  EXPECT_EQ(pairs[1].a, IdOf(table, "c1"));  // The two most recent.
  EXPECT_EQ(pairs[1].b, IdOf(table, "d1"));
}

TEST(UserPairsTest, WithoutNextTheRestIsTheSame) {
  std::mt19937 random(8);
  for (int round = 0; round < 50; ++round) {
    LogBuilder log;
    for (int i = 0; i < 80; ++i) {
      log.Search("user" + std::to_string(random() % 5), static_cast<double>(random() % 40) * 600,
                 "query " + std::to_string(random() % 8));
    }
    const EventTable table = log.Table();
    PairOptions options{.max_history_queries = 4, .across_sessions = round % 2 == 0, .max_session_queries = 3};
    std::vector<PairCounts> want = Count(table, options);
    for (PairCounts& pair : want) pair.users_a_next = pair.users_b_next = 0;
    options.count_next = false;
    EXPECT_EQ(Count(table, options), want);
  }
}

TEST(UserPairsTest, SessionCapKeepsTheFirstQueries) {
  const EventTable table = LogBuilder().Search("u", 0, "a1").Search("u", 60, "b1").Search("u", 120, "c1").Table();
  EXPECT_EQ(Count(table, {.max_history_queries = 1, .max_session_queries = 2}).size(), 1u);
}

}  // namespace
}  // namespace kindred
