// kindred-index as a person runs it: commands, exit status, what is printed; and a build that is killed.
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_root.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::ChildProcess;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kProgram[] = KINDRED_BINARY_DIR "/bin/kindred-index";

struct Outcome {
  int status;
  std::string output;
};

Outcome RunProgram(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), kProgram);
  ChildProcess child(std::move(arguments));
  const int status = child.Wait();
  return {status, child.output()};
}

class MainTest : public ::testing::Test {
 protected:
  MainTest() {
    log_ = dir_.Write("log.tsv", RunProgram({"sample", "--rows=3000", "--seed=2"}).output);
    index_ = "--index=" + dir_.File("index");
  }

  Outcome Build() { return RunProgram({"build", "--input=" + log_, index_, "--measure=false"}); }

  TempDir dir_;
  std::string log_, index_;
};

TEST_F(MainTest, VersionsAreBuiltListedRolledBackVerifiedAndPruned) {
  EXPECT_THAT(Build().output, HasSubstr("version 1 is active"));
  EXPECT_THAT(Build().output, HasSubstr("version 2 is active"));
  EXPECT_EQ(RunProgram({"build", "--input=" + log_, index_, "--measure=false", "--publish=false"}).status, 0);
  EXPECT_THAT(RunProgram({"list", index_}).output, AllOf(HasSubstr("2        active"), HasSubstr("CHECKSUM")));
  EXPECT_THAT(RunProgram({"publish", index_, "3"}).output, HasSubstr("version 3 is active"));
  EXPECT_THAT(RunProgram({"rollback", index_}).output, HasSubstr("version 2 is active again"));
  EXPECT_THAT(RunProgram({"verify", index_}).output, HasSubstr("version 2 is sound"));
  EXPECT_THAT(RunProgram({"prune", index_, "--keep=1"}).output, HasSubstr("nothing to prune"));  // 1: a rollback's.
  EXPECT_THAT(Build().output, HasSubstr("version 4 is active"));
  EXPECT_THAT(RunProgram({"prune", index_, "--keep=1"}).output, HasSubstr("pruned 1, 3"));
  EXPECT_THAT(RunProgram({"publish", index_, "3"}).output, HasSubstr("no version 3; there are 2, 4"));
  const Outcome gone = RunProgram({"verify", index_, "1"});
  EXPECT_EQ(gone.status, 1);
  EXPECT_THAT(gone.output, HasSubstr("no version 1; there are 2, 4"));
}

TEST_F(MainTest, InspectShowsTheEvidence) {
  EXPECT_EQ(Build().status, 0);
  EXPECT_THAT(RunProgram({"inspect", index_, "藍牙耳機"}).output,
              AllOf(HasSubstr("searched by"), HasSubstr("jaccard")));
  EXPECT_THAT(RunProgram({"inspect", index_, "zzzz"}).output, HasSubstr("no list is stored"));
}

TEST_F(MainTest, EvaluatePrintsATableAndJson) {
  EXPECT_THAT(RunProgram({"evaluate", "--input=" + log_}).output, AllOf(HasSubstr("hit@10"), HasSubstr("popularity")));
  EXPECT_THAT(RunProgram({"evaluate", "--input=" + log_, "--json"}).output, HasSubstr("\"mrr@10\""));
}

TEST_F(MainTest, BadUsageIsStatus2AndSaysWhatIsMeant) {
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } kCases[] = {
      {{}, "which command"},
      {{"bild"}, "did you mean build?"},
      {{"frobnicate"}, "there are sample"},
      {{"build", "--inptu=x"}, "--input"},
      {{"build", index_}, "--input FILE is missing"},
      {{"build", "--input=" + log_}, "--index DIR is missing"},
      {{"build", "--input=" + log_, index_, "extra"}, "unexpected argument \"extra\""},
      {{"build", "--input=" + log_, index_, "--min_users=some"}, "--min_users=some"},
      {{"build", "--input=" + log_, index_, "--max_bad_rows=101%"}, "--max_bad_rows=101%"},
      {{"build", "--input=" + log_, index_, "--format=xml"}, "--format"},
      {{"build", "--input=" + log_, index_, "--columns=who=1"}, "kindred-index: --columns: "},
      {{"build", "--input=" + log_ + ",", index_}, "no name"},
      {{"build", "--input=" + log_, index_, "--max_user_queries_per_day=0"}, "--max_user_queries_per_day"},
      {{"list", index_, "--keep=2"}, "list does not use --keep: it is a flag of prune"},
      {{"prune", index_, "--keep=0"}, "--keep must be at least 1"},
      {{"publish", index_, "newest"}, "\"newest\" is not a version number"},
      {{"evaluate", "--input=" + log_, "--split=tomorrow"}, "--split=tomorrow"},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = RunProgram(c.arguments);
    EXPECT_EQ(outcome.status, 2) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr(c.says));
  }
}

TEST_F(MainTest, LogWithoutTheColumnsNamesThoseThatItHas) {
  const Outcome outcome =
      RunProgram({"build", "--input=" + dir_.Write("odd.tsv", "who\twhen\twhat\nu\t1\tx\n"), index_});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("odd.tsv"), HasSubstr("who, when, what"), HasSubstr("--columns")));
}

// Killed at random moments, the last of them well after the build is done by itself.
TEST_F(MainTest, KilledBuildLeavesTheOldVersionAndTheNextSucceeds) {
  EXPECT_EQ(Build().status, 0);
  const IndexRoot root(dir_.File("index"));
  std::mt19937 random(4);
  for (int i = 0; i < 12; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto before, root.Active());
    int killed = 0;
    {
      ChildProcess child({kProgram, "build", "--input=" + log_, index_, "--measure=false"});
      absl::SleepFor(absl::Milliseconds(random() % 250));
      child.Signal(SIGKILL);
      killed = child.Wait();
    }
    ASSERT_OK_AND_ASSIGN(const auto after, root.Active());
    // Either nothing happened, or the whole build did.
    EXPECT_TRUE(after == before || *after == *before + 1) << *before << " became " << *after << ", status " << killed;
    if (killed == 0) {
      EXPECT_EQ(*after, *before + 1);
    }
    EXPECT_EQ(RunProgram({"verify", index_}).status, 0);
  }
  EXPECT_EQ(Build().status, 0);
  for (const auto& entry : std::filesystem::directory_iterator(dir_.File("index"))) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr(".building")));
  }
}

}  // namespace
}  // namespace kindred
