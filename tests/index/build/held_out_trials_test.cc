#include "index/build/held_out_trials.h"

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/log_builder.h"
#include "tests/testing/status_matchers.h"

namespace kindred {
namespace {

using ::kindred::testing::kDay;
using ::kindred::testing::LogBuilder;
using ::testing::ElementsAre;

constexpr int64_t kCut = LogBuilder::kStartMs + int64_t{24} * 3600 * 1000;

// Before the cut: three people search a tent, then a stove; one person a yurt. After it: what is held out.
class HeldOutTrialsTest : public ::testing::Test {
 protected:
  HeldOutTrialsTest() {
    options_.rank.min_users = 2;
    for (int i = 0; i < 3; ++i) {
      const std::string user = absl::StrCat("early ", i);
      log_.Search(user, 0, "tent", "tw").Search(user, 60, "stove", "tw");
    }
    log_.Search("nomad", 0, "yurt", "tw");
  }

  void Pair(const std::string& user, const std::string& source, const std::string& target) {
    log_.Search(user, 2 * kDay, source, "tw").Search(user, 2 * kDay + 60, target, "tw");
  }

  absl::StatusOr<index::v1::HeldOut> HoldOutOf(const std::vector<EventTable>& markets, int64_t cut_ms) {
    ASSIGN_OR_RETURN(const auto index, IndexBefore::Build(markets, cut_ms, options_));
    return index->HoldOut();
  }
  absl::StatusOr<AskedAgain> AskAgainOf(const index::v1::HeldOut& asked, const std::vector<EventTable>& markets) {
    ASSIGN_OR_RETURN(const auto index, IndexBefore::Build(markets, kCut, options_));
    return index->AskAgain(asked);
  }

  TrialOptions options_;
  LogBuilder log_;
};

TEST_F(HeldOutTrialsTest, KeepsDistinctPairsOfCommonQueriesAndTheirRanks) {
  Pair("a", "Tent", "stove");
  Pair("b", "tent", "Stove");
  Pair("c", "stove", "tent");
  Pair("d", "tent", "yurt");    // One person searched it before.
  Pair("e", "igloo", "stove");  // Nobody did.
  ASSERT_OK_AND_ASSIGN(const auto held_out, HoldOutOf(log_.Tables(), kCut));
  ASSERT_EQ(held_out.trials_size(), 2);
  EXPECT_EQ(held_out.cut_ms(), kCut);
  EXPECT_EQ(held_out.trials(0).market(), "tw");
  EXPECT_EQ(held_out.trials(0).source(), "stove");
  EXPECT_EQ(held_out.trials(1).target(), "stove");
  EXPECT_EQ(held_out.trials(1).rank(), 1u);
  EXPECT_EQ(held_out.answered(), 2u);
  EXPECT_EQ(held_out.keywords(), 2u);
  EXPECT_EQ(held_out.keywords_without_evidence(), 0u);
}

TEST_F(HeldOutTrialsTest, AskingTheSameLogAgainGivesTheSame) {
  Pair("a", "tent", "stove");
  const auto tables = log_.Tables();
  ASSERT_OK_AND_ASSIGN(const auto held_out, HoldOutOf(tables, kCut));
  ASSERT_OK_AND_ASSIGN(const auto again, AskAgainOf(held_out, tables));
  EXPECT_EQ(again.answers.SerializeAsString(), held_out.SerializeAsString());
  EXPECT_THAT(again.known, ElementsAre(true));
}

TEST_F(HeldOutTrialsTest, ALogThatKnowsNothingOfThemAnswersNothing) {
  Pair("a", "tent", "stove");
  ASSERT_OK_AND_ASSIGN(const auto held_out, HoldOutOf(log_.Tables(), kCut));
  for (int i = 0; i < 3; ++i) {
    const std::string user = absl::StrCat("reader ", i);
    log_.Search(user, 0, "novel", "tw").Search(user, 60, "poems", "tw");
  }
  ASSERT_OK_AND_ASSIGN(const auto other, AskAgainOf(held_out, log_.Tables()));
  ASSERT_EQ(other.answers.trials_size(), 1);
  EXPECT_EQ(other.answers.trials(0).rank(), 0u);
  EXPECT_EQ(other.answers.answered(), 0u);
}

TEST_F(HeldOutTrialsTest, TellsWhichPairsTheAskedLogKnows) {
  Pair("a", "tent", "stove");
  ASSERT_OK_AND_ASSIGN(const auto held_out, HoldOutOf(log_.Tables(), kCut));
  LogBuilder thin, other;
  for (LogBuilder* const log : {&thin, &other}) {
    log->Search("x", 0, "tent", "tw").Search("y", 0, "tent", "tw").Search("x", 60, "stove", "tw");
  }
  ASSERT_OK_AND_ASSIGN(const auto fewer, AskAgainOf(held_out, thin.Tables()));
  EXPECT_THAT(fewer.known, ElementsAre(false));  // One person searched a stove.
  other.Search("y", 60, "stove", "tw").Search("z", 0, "stove", "jp");
  ASSERT_OK_AND_ASSIGN(const auto as_many, AskAgainOf(held_out, other.Tables()));
  EXPECT_THAT(as_many.known, ElementsAre(true));
}

TEST_F(HeldOutTrialsTest, NoRowsBeforeTheCutIsNoError) {
  ASSERT_OK_AND_ASSIGN(const auto held_out, HoldOutOf(log_.Tables(), 0));
  EXPECT_EQ(held_out.trials_size(), 0);
}

TEST_F(HeldOutTrialsTest, KeepsNoMoreThanTheLimitWhateverTheOrder) {
  for (int i = 0; i < 60; ++i) {
    for (const char* user : {"x", "y"}) log_.Search(absl::StrCat(user, i), 0, absl::StrCat("thing ", i), "tw");
  }
  int number = 0;
  for (int i = 0; i < 60; ++i) {
    for (int j = 0; j < 60; ++j) {
      if (i != j) Pair(absl::StrCat("late ", ++number), absl::StrCat("thing ", i), absl::StrCat("thing ", j));
    }
  }
  ASSERT_OK_AND_ASSIGN(const auto held_out, HoldOutOf(log_.Tables(), kCut));
  EXPECT_EQ(held_out.trials_size(), static_cast<int>(kMaxTrials));
}

}  // namespace
}  // namespace kindred
