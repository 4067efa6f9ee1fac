#include "index/mine/user_pairs.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
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

// Counts by definition, with sets.
std::vector<PairCounts> BruteForce(const EventTable& table) {
  std::map<std::pair<QueryId, QueryId>, PairCounts> pairs;
  HistoryCleaner cleaner(table, {});
  EXPECT_OK(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    const UserHistory& history = *cleaner.Clean(rows);
    std::map<QueryId, std::pair<int64_t, QueryId>> first;
    for (const Search& s : history.searches) first.try_emplace(s.query, s.time_ms, s.query);
    for (const auto& [a, first_a] : first) {
      for (const auto& [b, first_b] : first) {
        if (a >= b) continue;
        PairCounts& counts = pairs[{a, b}];
        counts.a = a, counts.b = b;
        ++counts.users;
        counts.users_a_first += first_a < first_b;
        uint32_t sessions = 0, a_first_sessions = 0;
        bool a_next = false, b_next = false;
        for (const auto& session : history.sessions) {
          std::set<QueryId> in;
          int a_before_b = 0;
          for (size_t i = 0; i < session.size(); ++i) {
            in.insert(session[i].query);
            a_before_b += in.count(a) > 0 && in.count(b) == 0;
            a_next |= i > 0 && session[i - 1].query == b && session[i].query == a;
            b_next |= i > 0 && session[i - 1].query == a && session[i].query == b;
          }
          const bool both = in.count(a) > 0 && in.count(b) > 0;
          sessions += both;
          a_first_sessions += both && a_before_b > 0;
        }
        counts.sessions += sessions;
        counts.sessions_a_first += a_first_sessions;
        counts.users_a_next += a_next;
        counts.users_b_next += b_next;
        counts.session_users += sessions > 0;
      }
    }
  }));
  std::vector<PairCounts> result;
  for (const auto& [key, counts] : pairs) result.push_back(counts);
  return result;
}

TEST(UserPairsTest, AgreesWithBruteForceOnRandomLogs) {
  for (int seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    struct Visit {
      std::string user, query;
      double seconds;
    };
    std::vector<Visit> visits;
    const int rows = 1 + static_cast<int>(random() % 60);
    for (int i = 0; i < rows; ++i) {
      // Coarse times make ties.
      visits.push_back({"user" + std::to_string(random() % 4), "query " + std::to_string(random() % 7),
                        static_cast<double>(random() % 12) * 600});
    }
    const auto table_of = [&](size_t memory_limit_bytes) {
      std::shuffle(visits.begin(), visits.end(), random);
      LogBuilder log({.memory_limit_bytes = memory_limit_bytes});
      for (const Visit& visit : visits) log.Search(visit.user, visit.seconds, visit.query);
      return log.Table();
    };
    const EventTable table = table_of(SIZE_MAX);
    const std::vector<PairCounts> want = BruteForce(table);
    // 3: fewer recent queries than there are, so that most session pairs are not among them.
    for (const uint32_t recent : {0, 3}) {
      PairOptions options{.max_history_queries = recent, .max_session_queries = 0, .max_user_sessions = 0};
      options.across_sessions = recent == 0;
      options.count_next = seed % 2 == 0;
      std::vector<PairCounts> expected = want;
      if (recent > 0) {
        std::erase_if(expected, [](const PairCounts& pair) { return pair.sessions == 0; });
      }
      for (PairCounts& pair : expected) {
        if (!options.count_next) pair.users_a_next = pair.users_b_next = 0;
      }
      std::vector<PairCounts> got = Count(table, options), spilled = Count(table_of(0), options, 1, 3);
      ASSERT_EQ(got, spilled) << "seed " << seed;
      if (recent > 0) {  // Users of a session alone.
        for (auto* pairs : {&expected, &got}) {
          for (PairCounts& pair : *pairs) pair.users = pair.users_a_first = 0;
        }
      }
      ASSERT_EQ(got, expected) << "seed " << seed << ", recent " << recent;
    }
  }
}

}  // namespace
}  // namespace kindred
