#include "index/evaluate/quality_collector.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::LogBuilder;

Candidate Keyword(const std::string& text, uint32_t users) {
  Candidate candidate;
  candidate.keyword = text;
  candidate.query_fingerprint = QueryFingerprint(*NormalizeQuery(text));
  candidate.evidence.users = users;
  return candidate;
}

class QualityCollectorTest : public ::testing::Test {
 protected:
  // Tents are searched by four, stoves by two with a tent, lamps by nobody with a tent.
  QualityCollectorTest() {
    LogBuilder log;
    for (const char* user : {"a", "b"}) log.Search(user, 0, "tent").Search(user, 60, "stove");
    for (const char* user : {"c", "d"}) log.Search(user, 0, "tent").Search(user, 7200, "tent");
    log.Search("e", 0, "Red Lamp");
    constexpr double kLater = 20 * 86400;
    log.Search("f", kLater, "帳篷");
    train_ = log.Table();
    MineOptions options;
    options.min_pair_users = 1;
    mined_ = *Mine(train_, options, {.to_ms = LogBuilder::kStartMs + static_cast<int64_t>(kLater) * 1000});
    const auto pair = [](const char* source, const char* target) {
      return HeldOutPair{*NormalizeQuery(source), *NormalizeQuery(target)};
    };
    held_out_ = {pair("tent", "stove"), pair("帳篷", "stove"), pair("tent", "red lamp"), pair("red lamp", "axe")};
    // Kindred shows a lamp first, for nothing, then a stove; nothing for what it does not know.
    replay_.answers.resize(3);
    replay_.answers[0] = {Keyword("red lamp", 0), Keyword("stove", 2)};
    replay_.answers[2] = {Keyword("Red Lamps", 1)};
    replay_.answer_of = {0, 1, 0, 2};
    replay_.ranks = {2, std::nullopt, 1, std::nullopt};
  }

  EvaluationReport Collect() {
    QualityCollector collector(*WordSegmenter::Create(), /*baselines=*/true);
    EvaluationReport report;
    EvaluationReport::Cut& cut = report.cuts.emplace_back();
    collector.StartCut();
    const Baselines baselines(train_, mined_, train_.queries, kEvaluatedListSize);
    collector.Add({train_, mined_, held_out_, replay_, &baselines}, cut);
    collector.Finish(report);
    return report;
  }

  EventTable train_;
  MinedLog mined_;
  std::vector<HeldOutPair> held_out_;
  Replay replay_;
};

const SliceQuality& Slice(const EvaluationReport& report, const std::string& name) {
  for (const SliceQuality& slice : report.slices) {
    if (slice.name == name) return slice;
  }
  ADD_FAILURE() << "no slice " << name;
  return report.slices.front();
}

TEST_F(QualityCollectorTest, EachTrialCountsInEachSliceOfItsSource) {
  const EvaluationReport report = Collect();
  EXPECT_EQ(report.slices.front().kind, "all");
  const struct {
    const char* name;
    uint64_t trials;
  } kCases[] = {{"all", 4},   {"known", 3}, {"unseen", 1}, {"1 word", 3}, {"2 words", 1},
                {"Latin", 3}, {"Han", 1},   {"head", 2},   {"tail", 1}};
  for (const auto& c : kCases) EXPECT_EQ(Slice(report, c.name).methods[0].trials(), c.trials) << c.name;
  EXPECT_EQ(report.cuts[0].unseen_pairs, 1u);
  EXPECT_EQ(report.cuts[0].methods[0].trials(), 4u);
}

TEST_F(QualityCollectorTest, AllMethodsStandOnTheSameTrials) {
  const EvaluationReport report = Collect();
  ASSERT_EQ(report.methods.size(), 1 + kBaselines.size());
  for (const MethodQuality& method : report.methods) {
    EXPECT_EQ(method.all.trials(), 4u) << method.method;
    EXPECT_EQ(method.unseen.trials(), 1u) << method.method;
  }
  EXPECT_DOUBLE_EQ(report.methods[0].all.MrrAt(10).value, (1 + .5) / 4);
  EXPECT_DOUBLE_EQ(report.methods[0].all.Coverage().value, 3.0 / 4);
  // User count: tent -> stove, (red lamp); the unseen and the lamp get tent, stove, red lamp by popularity.
  EXPECT_EQ(report.methods[1].method, "user count + popularity");
  EXPECT_DOUBLE_EQ(report.methods[1].all.MrrAt(10).value, (1 + .5 + .5) / 4);
  EXPECT_DOUBLE_EQ(report.slices[0].differences[0].MrrDifferenceAt(10).value, -.5 / 4);
}

TEST_F(QualityCollectorTest, ListsCountAsOftenAsTheyAreAskedFor) {
  const EvaluationReport report = Collect();
  const ListQuality& lists = report.slices.front().lists;
  EXPECT_EQ(lists.lists, 3u);        // The unseen query has none.
  EXPECT_EQ(lists.no_evidence, 2u);  // The tent's, asked for twice.
  EXPECT_EQ(lists.respelling, 1u);   // "Red Lamps" for "red lamp".
  EXPECT_EQ(lists.keywords.size(), 3u);
}

TEST_F(QualityCollectorTest, ExamplesAreTheMostAskedWithWhatWasSearchedNext) {
  const EvaluationReport report = Collect();
  ASSERT_EQ(report.examples.size(), 3u);
  EXPECT_EQ(report.examples[0].query, "tent");
  EXPECT_EQ(report.examples[0].asked, 2u);
  const std::vector<std::pair<std::string, uint64_t>> want = {{"red lamp", 1}, {"stove", 1}};
  EXPECT_EQ(report.examples[0].keywords, want);
  EXPECT_EQ(report.examples[1].query, "Red Lamp") << "as shoppers type it";
  EXPECT_EQ(report.examples[2].query, "帳篷") << "likewise, though only later";
}

}  // namespace
}  // namespace kindred
