#include "index/evaluate/weight_fit.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;

struct Visit {
  std::string user;
  double seconds;
  std::vector<std::string> queries;
};

// Ten topics; who searches one query of a topic searches another one next, the first ones most.
std::vector<Visit> Visits() {
  std::mt19937 random(4);
  std::vector<Visit> visits;
  for (int i = 0; i < 1500; ++i) {
    Visit visit{"u" + std::to_string(random() % 300), i * 4000., {}};
    const auto topic = random() % 10;
    for (int q = 0; q < 3; ++q) {
      const auto thing = std::min(random() % 12, random() % 12);
      visit.queries.push_back("topic" + std::string(1, static_cast<char>('a' + topic)) + " thing" +
                              std::string(1, static_cast<char>('a' + thing)));
    }
    visits.push_back(visit);
  }
  return visits;
}

std::vector<EventTable> TablesOf(const std::vector<Visit>& visits) {
  LogBuilder log;
  for (const Visit& visit : visits) {
    double seconds = visit.seconds;
    for (const std::string& query : visit.queries) log.Search(visit.user, seconds += 60, query);
  }
  return log.Tables();
}

TEST(FitWeightsTest, TakesNewWeightsOnlyWhereTheyWin) {
  const std::vector<EventTable> tables = TablesOf(Visits());
  FitOptions options;
  options.rank.weights = {-1, -1, 0, 0, -1};  // The wrong way round.
  std::vector<double> shares;
  options.progress = [&](double share) { shares.push_back(share); };
  ASSERT_OK_AND_ASSIGN(const FittedWeights better, FitWeights(tables, options));
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_GT(shares.size(), 4u);
  EXPECT_GT(shares.back(), .8);  // What is left is to fit.
  EXPECT_LT(shares.back(), 1);
  EXPECT_TRUE(better.taken);
  EXPECT_GT(better.gain.value, better.gain.standard_error);
  EXPECT_GT(better.gain.standard_error, 0);
  EXPECT_EQ(better.weights(), better.fitted);
  for (size_t i = 0; i < kSignalCount; ++i) {
    EXPECT_GE(better.fitted[i] * kDefaultWeights[i], 0) << kSignalNames[i];  // No signal speaks against what it is for.
  }
  // What was learned has nothing left to gain on itself.
  options.rank.weights = better.fitted;
  ASSERT_OK_AND_ASSIGN(const FittedWeights same, FitWeights(tables, options));
  EXPECT_FALSE(same.taken) << FormatWeights(same);
  EXPECT_EQ(same.weights(), better.fitted);
  EXPECT_EQ(same.fitted, better.fitted);
}

TEST(FitWeightsTest, OrderOfTheLogDoesNotMatter) {
  std::vector<Visit> visits = Visits();
  ASSERT_OK_AND_ASSIGN(const FittedWeights first, FitWeights(TablesOf(visits), {}));
  std::shuffle(visits.begin(), visits.end(), std::mt19937(8));
  ASSERT_OK_AND_ASSIGN(const FittedWeights second, FitWeights(TablesOf(visits), {}));
  EXPECT_EQ(first.fitted, second.fitted);
  EXPECT_EQ(first.gain.value, second.gain.value);
}

TEST(FitWeightsTest, CapsBoundTheSourcesAndTheFolds) {
  const std::vector<EventTable> tables = TablesOf(Visits());
  FitOptions options;
  options.max_fold_sources = 20;
  ASSERT_OK_AND_ASSIGN(const FittedWeights seven, FitWeights(tables, options));
  EXPECT_EQ(seven.sources, 140u);
  EXPECT_EQ(seven.test_sources, 80u);
  options.max_rows_of_all_folds = 100;
  options.rank.weights = {-1, -1, 0, 0, -1};  // Easy to beat, but by too few to tell.
  ASSERT_OK_AND_ASSIGN(const FittedWeights two, FitWeights(tables, options));
  EXPECT_EQ(two.sources, 80u);
  EXPECT_EQ(two.test_sources, 40u);
  EXPECT_LT(two.test_sources, kMinTestSources);
  EXPECT_GT(two.gain.value, two.gain.standard_error);
  EXPECT_FALSE(two.taken);
}

TEST(FitWeightsTest, IsTheSameForAnyNumberOfThreads) {
  const std::vector<EventTable> tables = TablesOf(Visits());
  FitOptions options;
  ASSERT_OK_AND_ASSIGN(const FittedWeights one, FitWeights(tables, options));
  options.mine.threads = 3;
  ASSERT_OK_AND_ASSIGN(const FittedWeights three, FitWeights(tables, options));
  EXPECT_EQ(one.fitted, three.fitted);
  EXPECT_EQ(one.gain.value, three.gain.value);
}

// The weight of all targets.
double TargetsOf(const std::vector<EventTable>& tables, uint32_t max_session_queries) {
  FitOptions options;
  options.mine.pairs.max_session_queries = max_session_queries;
  const absl::StatusOr<Folds> folds = MakeFolds(tables, options);
  EXPECT_OK(folds.status());
  double sum = 0;
  for (const ChoiceGroup& group : folds->groups) sum = std::accumulate(group.chosen.begin(), group.chosen.end(), sum);
  return sum;
}

// All pairs of a kiosk's session of a million searches would fill any memory.
TEST(FitWeightsTest, OfALongSessionTheFirstQueriesCountOnceEach) {
  const std::vector<EventTable> tables = TablesOf(Visits());  // Three searches a session.
  EXPECT_EQ(TargetsOf(tables, 0), TargetsOf(tables, 3));      // 0: no cap.
  EXPECT_LT(TargetsOf(tables, 2), TargetsOf(tables, 3) / 2);
  std::vector<Visit> visits = Visits(), repeats;
  for (Visit& visit : visits) {
    visit.queries.resize(2);
    if (visit.queries[0] == visit.queries[1]) visit.queries[1] += " on";
    repeats.push_back(visit);
    repeats.back().queries.insert(repeats.back().queries.begin(), 9, visit.queries[0]);
  }
  EXPECT_GT(TargetsOf(TablesOf(visits), 2), 100);
  EXPECT_EQ(TargetsOf(TablesOf(repeats), 2), TargetsOf(TablesOf(visits), 2));
}

TEST(FoldsTest, KeepsTheLastOnes) {
  Folds folds;
  for (const float chosen : {1.f, 2.f, 3.f}) folds.Add({{{Signals{}}, {chosen}}, {{Signals{}}, {chosen}}});
  folds.KeepLast(2);
  EXPECT_EQ(folds.ends, (std::vector<size_t>{2, 4}));
  EXPECT_EQ(folds.groups.front().chosen, std::vector<float>{2});
  folds.KeepLast(2);
  EXPECT_EQ(folds.groups.size(), 4u);
}

TEST(FitWeightsTest, AThinLogKeepsItsWeights) {
  LogBuilder log;
  log.Search("u", 0, "tent").Search("u", 60, "stove");
  ASSERT_OK_AND_ASSIGN(const FittedWeights weights, FitWeights(log.Tables(), {}));
  EXPECT_EQ(weights.sources, 0u);
  EXPECT_FALSE(weights.taken);
  EXPECT_EQ(weights.weights(), kDefaultWeights);
}

TEST(ParseWeightsTest, TakesAutoDefaultOrOneNumberASignal) {
  ASSERT_OK_AND_ASSIGN(const WeightChoice automatic, ParseWeights("auto"));
  EXPECT_TRUE(automatic.refit);
  ASSERT_OK_AND_ASSIGN(const WeightChoice constant, ParseWeights("default"));
  EXPECT_FALSE(constant.refit);
  EXPECT_EQ(constant.weights, kDefaultWeights);
  std::string numbers = "0.5";
  for (int i = 1; i < kSignalCount; ++i) numbers += ",-" + std::to_string(i);
  ASSERT_OK_AND_ASSIGN(const WeightChoice given, ParseWeights(numbers));
  EXPECT_EQ(given.weights[0], .5f);
  EXPECT_EQ(given.weights[kSignalCount - 1], 1.f - static_cast<float>(kSignalCount));
  for (const std::string& wrong : {std::string(), std::string("best"), numbers + ",1", numbers + "x", numbers.substr(4),
                                   "nan" + numbers.substr(3)}) {
    EXPECT_EQ(ParseWeights(wrong).status().code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
}

}  // namespace
}  // namespace kindred
