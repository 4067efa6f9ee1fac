#include "index/mine/pair_counter.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"

namespace kindred {
namespace {

using ::kindred::testing::IdOf;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<PairCounts> Count(const EventTable& table, const PairOptions& options = {}, uint32_t min_users = 1) {
  PairCounter counter(options);
  ForEachUser(table.rows,
              [&](absl::Span<const EventRow> rows) { counter.AddUser(*CleanHistory(table, rows, HistoryOptions())); });
  return counter.Finish(min_users);
}

TEST(PairCounterTest, CountsUsersSessionsAndOrder) {
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
                                                   .users_a_first = 1,
                                                   .users_a_next = 1,
                                                   .users_b_next = 1}));
  EXPECT_EQ(Count(table, {.max_user_sessions = 0})[0].sessions, 2u);
}

TEST(PairCounterTest, ACrowdOfOneDayCountsAsOnePersonWhereDaysMustAgree) {
  LogBuilder log;
  for (int user = 0; user < 50; ++user) {
    log.Search("crowd" + std::to_string(user), user, "spam").Search("crowd" + std::to_string(user), user + 60, "tent");
  }
  for (int day = 0; day < 7; ++day) {
    log.Search("u" + std::to_string(day), day * 86400., "boots");
    log.Search("u" + std::to_string(day), day * 86400. + 60, "tent");
  }
  const EventTable table = log.Table();
  PairCounter counter({});
  ForEachUser(table.rows,
              [&](absl::Span<const EventRow> rows) { counter.AddUser(*CleanHistory(table, rows, HistoryOptions())); });
  EXPECT_THAT(counter.Finish(2, 7), ElementsAre(PairCounts{.a = IdOf(table, "boots"),
                                                           .b = IdOf(table, "tent"),
                                                           .users = 7,
                                                           .session_users = 7,
                                                           .sessions = 7,
                                                           .users_a_first = 7,
                                                           .users_a_next = 0,
                                                           .users_b_next = 7}));
}

TEST(PairCounterTest, APairIsOfTheDayOnWhichItsUserHadSearchedBoth) {
  // Everybody searched tents on day 0, boots on a day of their own: seven days agree.
  LogBuilder log;
  for (int day = 1; day <= 7; ++day) {
    log.Search("u" + std::to_string(day), 0, "tent").Search("u" + std::to_string(day), day * 86400., "boots");
  }
  const EventTable table = log.Table();
  PairCounter counter({});
  ForEachUser(table.rows,
              [&](absl::Span<const EventRow> rows) { counter.AddUser(*CleanHistory(table, rows, HistoryOptions())); });
  EXPECT_EQ(counter.Finish(1, 7)[0].users, 7u);
}

TEST(PairCounterTest, OnePersonsDoingDoesNotCountWithTwo) {
  LogBuilder log;
  for (int i = 0; i < 10; ++i) log.Search("u", i * 20, i % 2 == 0 ? "tent" : "boots");
  EXPECT_THAT(Count(log.Table(), {}, 2), IsEmpty());
}

TEST(PairCounterTest, HistoryCapKeepsRecentPairsAndAllSessionPairs) {
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

TEST(PairCounterTest, SessionCapKeepsTheFirstQueries) {
  const EventTable table = LogBuilder().Search("u", 0, "a1").Search("u", 60, "b1").Search("u", 120, "c1").Table();
  EXPECT_EQ(Count(table, {.max_history_queries = 1, .max_session_queries = 2}).size(), 1u);
}

// Counts by definition, with sets.
std::vector<PairCounts> BruteForce(const EventTable& table) {
  std::map<std::pair<QueryId, QueryId>, PairCounts> pairs;
  ForEachUser(table.rows, [&](absl::Span<const EventRow> rows) {
    const UserHistory history = *CleanHistory(table, rows, HistoryOptions());
    std::map<QueryId, std::pair<int64_t, QueryId>> first;
    for (const Search& s : history.searches) first.try_emplace(s.query, s.time_ms, s.query);
    for (const auto& [a, first_a] : first) {
      for (const auto& [b, first_b] : first) {
        if (a >= b) continue;
        PairCounts& counts = pairs[{a, b}];
        counts.a = a, counts.b = b;
        ++counts.users;
        counts.users_a_first += first_a < first_b;
        uint32_t sessions = 0;
        bool a_next = false, b_next = false;
        for (const auto& session : history.sessions) {
          std::set<QueryId> in;
          for (size_t i = 0; i < session.size(); ++i) {
            in.insert(session[i].query);
            a_next |= i > 0 && session[i - 1].query == b && session[i].query == a;
            b_next |= i > 0 && session[i - 1].query == a && session[i].query == b;
          }
          sessions += in.count(a) > 0 && in.count(b) > 0;
        }
        counts.sessions += sessions;
        counts.users_a_next += a_next;
        counts.users_b_next += b_next;
        counts.session_users += sessions > 0;
      }
    }
  });
  std::vector<PairCounts> result;
  for (const auto& [key, counts] : pairs) result.push_back(counts);
  return result;
}

TEST(PairCounterTest, AgreesWithBruteForceOnRandomLogs) {
  for (int seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    LogBuilder log;
    const int rows = 1 + static_cast<int>(random() % 60);
    for (int i = 0; i < rows; ++i) {
      // Coarse times make ties.
      log.Search("user" + std::to_string(random() % 4), static_cast<double>(random() % 12) * 600,
                 "query " + std::to_string(random() % 7));
    }
    const EventTable table = log.Table();
    ASSERT_EQ(Count(table, {.max_history_queries = 0, .max_session_queries = 0, .max_user_sessions = 0}),
              BruteForce(table))
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace kindred
