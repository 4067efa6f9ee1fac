// Mining beside a counter that shares nothing with it: searches as they were typed go in, sets and loops follow the
// definitions in the headers, and every count must be the same.

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/mine/fingerprint.h"
#include "index/mine/mined_log.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;

constexpr int64_t kSecondMs = 1000, kMinute = 60 * kSecondMs, kDay = 24 * 60 * kMinute;
const std::vector<std::string> kQueries = {"a", "ab", "abc", "b", "bcd", "c", "cd", "de", "e", "ef"};

struct Row {
  std::string user;
  int64_t time_ms;
  std::string query, item;
};

// Users, sessions, and the like, by name.
struct Counted {
  // users, session_users, sessions, sessions_a_first, users_a_first, users_a_next, users_b_next
  std::map<std::pair<std::string, std::string>, std::vector<uint32_t>> pairs;
  std::map<std::string, std::vector<uint32_t>> queries;              // users, searches, followups
  std::map<std::pair<std::string, Fingerprint>, uint32_t> clicks;    // users
  std::map<std::pair<Fingerprint, Fingerprint>, uint32_t> products;  // users
  uint64_t robots = 0, half_typed = 0;

  friend bool operator==(const Counted&, const Counted&) = default;
};

// A user's search, by definition distinct by (time, query).
struct Typed {
  int64_t time_ms;
  std::string query;
  bool clicked;
};

bool IsHalfTyped(const std::vector<Typed>& searches, size_t i, int64_t window_ms) {
  const Typed& typed = searches[i];
  const auto next = std::find_if(searches.begin() + static_cast<ptrdiff_t>(i), searches.end(),
                                 [&](const Typed& other) { return other.query != typed.query; });
  return window_ms > 0 && next != searches.end() && !typed.clicked && next->time_ms - typed.time_ms <= window_ms &&
         (next->time_ms != typed.time_ms || typed.time_ms % kMinute != 0) && next->query.size() > typed.query.size() &&
         next->query.substr(0, typed.query.size()) == typed.query;
}

bool IsRobot(const std::vector<Typed>& searches, uint32_t max_per_day) {
  std::map<int64_t, uint32_t> days;
  for (const Typed& search : searches) ++days[search.time_ms / kDay];
  return std::any_of(days.begin(), days.end(), [&](const auto& day) { return day.second > max_per_day; });
}

std::vector<std::vector<std::string>> SessionsOf(const std::vector<Typed>& searches, int64_t gap_ms) {
  std::vector<std::vector<std::string>> sessions;
  for (size_t i = 0; i < searches.size(); ++i) {
    if (i == 0 || searches[i].time_ms - searches[i - 1].time_ms > gap_ms) sessions.emplace_back();
    sessions.back().push_back(searches[i].query);
  }
  return sessions;
}

// Those that came last, `most` of them, or all where it is 0.
std::set<std::string> RecentQueries(const std::vector<Typed>& searches, size_t most) {
  std::set<std::string> recent;
  for (auto search = searches.rbegin(); search != searches.rend(); ++search) {
    if (most == 0 || recent.size() < most) recent.insert(search->query);
  }
  return recent;
}

// Distinct, in order of first search, `most` of them, or all where it is 0.
std::vector<std::string> FirstQueries(const std::vector<std::string>& session, size_t most) {
  std::vector<std::string> first;
  for (const std::string& query : session) {
    if (most > 0 && first.size() == most) break;
    if (std::find(first.begin(), first.end(), query) == first.end()) first.push_back(query);
  }
  return first;
}

void CountPairs(const std::vector<Typed>& searches, const MineOptions& options, Counted& counted) {
  const auto sessions = SessionsOf(searches, absl::ToInt64Milliseconds(options.history.session_gap));
  std::vector<std::string> order;  // Of first searches.
  for (const Typed& search : searches) order.push_back(search.query);
  order = FirstQueries(order, 0);
  const std::set<std::string> recent = RecentQueries(searches, options.pairs.max_history_queries);
  for (const std::string& a : order) {
    for (const std::string& b : order) {
      if (a >= b) continue;
      uint32_t together = 0, a_first = 0;
      bool a_next = false, b_next = false;
      for (const auto& session : sessions) {
        const std::vector<std::string> first = FirstQueries(session, options.pairs.max_session_queries);
        const auto at_a = std::find(first.begin(), first.end(), a), at_b = std::find(first.begin(), first.end(), b);
        if (at_a == first.end() || at_b == first.end()) continue;
        ++together;
        a_first += at_a < at_b;
        for (size_t i = 1; i < session.size(); ++i) {
          a_next |= options.pairs.count_next && session[i - 1] == b && session[i] == a;
          b_next |= options.pairs.count_next && session[i - 1] == a && session[i] == b;
        }
      }
      const bool in_history = options.pairs.across_sessions && recent.count(a) > 0 && recent.count(b) > 0;
      if (together == 0 && !in_history) continue;
      std::vector<uint32_t>& counts = counted.pairs[{a, b}];
      counts.resize(7);
      const bool first = std::find(order.begin(), order.end(), a) < std::find(order.begin(), order.end(), b);
      const uint32_t more[] = {1, together > 0, together, a_first, first, a_next, b_next};
      for (size_t i = 0; i < counts.size(); ++i) counts[i] += more[i];
    }
  }
}

void CountUser(std::vector<Row> rows, const MineOptions& options, Counted& counted) {
  std::map<std::pair<int64_t, std::string>, bool> distinct;
  for (const Row& row : rows) distinct[{row.time_ms, row.query}] |= !row.item.empty();
  std::vector<Typed> typed, searches;
  for (const auto& [key, clicked] : distinct) typed.push_back({key.first, key.second, clicked});
  for (size_t i = 0; i < typed.size(); ++i) {
    if (!IsHalfTyped(typed, i, absl::ToInt64Milliseconds(options.history.half_typed_window))) {
      searches.push_back(typed[i]);
    }
  }
  if (IsRobot(searches, options.history.max_user_queries_per_day)) {
    ++counted.robots;
    return;
  }
  counted.half_typed += typed.size() - searches.size();
  CountPairs(searches, options, counted);
  std::set<std::string> queries;
  for (const Typed& search : searches) queries.insert(search.query);
  for (const std::string& query : queries) {
    counted.queries[query].resize(3);
    ++counted.queries[query][0];
  }
  for (const Typed& search : searches) ++counted.queries[search.query][1];
  for (const auto& session : SessionsOf(searches, absl::ToInt64Milliseconds(options.history.session_gap))) {
    for (size_t i = 1; i < session.size(); ++i) counted.queries[session[i]][2] += session[i] != session[i - 1];
  }
  std::set<std::pair<std::string, Fingerprint>> clicks;
  std::set<Fingerprint> products;
  for (const Row& row : rows) {
    if (row.item.empty()) continue;
    clicks.emplace(row.query, FingerprintOf(row.item));
    products.insert(FingerprintOf(row.item));
  }
  for (const auto& click : clicks) ++counted.clicks[click];
  for (const Fingerprint& a : products) {
    for (const Fingerprint& b : products) {
      if (a < b) ++counted.products[{a, b}];
    }
  }
}

Counted CountByDefinition(const std::vector<Row>& rows, const MineOptions& options) {
  std::map<std::string, std::vector<Row>> users;
  for (const Row& row : rows) users[row.user].push_back(row);
  Counted counted;
  for (const auto& [user, own] : users) CountUser(own, options, counted);
  std::erase_if(counted.pairs, [&](const auto& pair) { return pair.second[0] < options.min_pair_users; });
  std::erase_if(counted.products, [&](const auto& pair) { return pair.second < options.min_pair_users; });
  return counted;
}

Counted NamesOf(const EventTable& table, absl::Span<const Fingerprint> products, const MinedLog& mined) {
  const auto name = [&](QueryId query) { return std::string(table.queries.at(query).text()); };
  Counted counted;
  for (const PairCounts& pair : mined.pairs) {
    counted.pairs[{name(pair.a), name(pair.b)}] = {
        pair.users,         pair.session_users, pair.sessions,    pair.sessions_a_first,
        pair.users_a_first, pair.users_a_next,  pair.users_b_next};
  }
  for (QueryId query = 0; query < mined.counts.size(); ++query) {
    const QueryCounts& counts = mined.counts[query];
    if (counts.searches > 0) counted.queries[name(query)] = {counts.users, counts.searches, counts.followups};
  }
  for (const ClickCounts& click : mined.clicks)
    counted.clicks[{name(click.query), products.at(click.item)}] = click.users;
  for (const ItemPairCounts& pair : mined.item_pairs) {
    const auto [a, b] = std::minmax(products.at(pair.a), products.at(pair.b));
    counted.products[{a, b}] = pair.users;
  }
  counted.robots = mined.report.robots;
  counted.half_typed = mined.report.half_typed;
  return counted;
}

MineOptions RandomOptions(std::mt19937& random) {
  const auto one_in = [&](uint32_t n) { return random() % n == 0; };
  MineOptions options;
  options.history.session_gap = absl::Minutes(30);
  options.history.max_user_queries_per_day = one_in(2) ? 200'000 : 1 + random() % 30;
  options.history.half_typed_window = absl::Seconds(one_in(3) ? 0 : 4);
  options.pairs.max_history_queries = random() % 6;
  options.pairs.across_sessions = !one_in(4);
  options.pairs.count_next = one_in(2);
  // Who comes next is told of the queries that count.
  options.pairs.max_session_queries = options.pairs.count_next ? 0 : random() % 5;
  options.pairs.max_user_sessions = 0;
  options.min_pair_users = 1 + random() % 3;
  options.max_wanted_days = 1;
  options.max_user_items = 0;
  options.threads = 1 + random() % 3;
  return options;
}

// Ties in time, whole minutes, gaps of a session's length and a bit more, days' ends.
std::vector<Row> RandomRows(std::mt19937& random, uint32_t rows, uint32_t users) {
  static constexpr int64_t kSteps[] = {0, 0, 1, 2, 4, 5, 40, 100, 30 * 60, 30 * 60 + 1, 5 * 3600};
  std::vector<Row> all;
  for (uint32_t i = 0; i < rows; ++i) {
    const int64_t seconds = static_cast<int64_t>(random() % 4) * 40'000 + kSteps[random() % 11] + kSteps[random() % 11];
    all.push_back({absl::StrCat("u", random() % users), LogBuilder::kStartMs + seconds * kSecondMs,
                   kQueries[random() % kQueries.size()], random() % 4 == 0 ? absl::StrCat("p", random() % 5) : ""});
  }
  return all;
}

// How much went through files.
uint64_t Check(const std::vector<Row>& rows, const MineOptions& options, size_t memory_limit_bytes) {
  LogBuilder log({.memory_limit_bytes = memory_limit_bytes});
  for (const Row& row : rows) {
    const double seconds = static_cast<double>(row.time_ms - LogBuilder::kStartMs) / kSecondMs;
    row.item.empty() ? log.Search(row.user, seconds, row.query) : log.Click(row.user, seconds, row.query, row.item);
  }
  EventTable table = log.Table();
  const std::vector<Fingerprint> products = table.item_fingerprints;
  absl::StatusOr<MinedLog> mined = options.threads == 2 ? MineAndForget(table, options) : Mine(table, options);
  if (!mined.ok()) {
    ADD_FAILURE() << mined.status();
    return 0;
  }
  const Counted got = NamesOf(table, products, *mined), want = CountByDefinition(rows, options);
  EXPECT_EQ(got.pairs, want.pairs);
  EXPECT_EQ(got.queries, want.queries);
  EXPECT_EQ(got.robots, want.robots);
  EXPECT_EQ(got.half_typed, want.half_typed);
  EXPECT_TRUE(got == want) << "clicks " << got.clicks.size() << ", " << want.clicks.size() << "; products "
                           << got.products.size() << ", " << want.products.size();
  return table.pool()->bytes_written();
}

TEST(BruteForceTest, SmallLogsAreCountedByDefinition) {
  for (uint32_t seed = 0; seed < 3'000 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const MineOptions options = RandomOptions(random);
    const auto rows = static_cast<uint32_t>(1 + random() % 80), users = static_cast<uint32_t>(1 + random() % 6);
    Check(RandomRows(random, rows, users), options, SIZE_MAX);
  }
}

// Few users with many rows fill chunks of events, many users those of what is counted.
TEST(BruteForceTest, LogsThatSpillAreCountedByDefinition) {
  uint64_t of_few = 0, of_many = 0;  // Whether one log's chunks fill depends on its threads.
  for (uint32_t seed = 0; seed < 24 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    MineOptions options = RandomOptions(random);
    options.history.max_user_queries_per_day = 200'000;
    of_few += Check(RandomRows(random, 12'000, 3), options, 0);
    of_many += Check(RandomRows(random, 12'000, 2'000), options, 0);
  }
  EXPECT_GT(of_few, 0u);
  EXPECT_GT(of_many, 0u);
}

}  // namespace
}  // namespace kindred
