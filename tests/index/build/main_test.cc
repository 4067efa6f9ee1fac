// kindred-index as a person runs it: commands, exit status, what is printed; and a build that is killed.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_root.h"
#include "tests/index/build/run_program.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::ChildProcess;
using ::kindred::testing::kProgram;
using ::kindred::testing::Outcome;
using ::kindred::testing::Rows;
using ::kindred::testing::RunProgram;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

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
  EXPECT_THAT(RunProgram({"prune", index_, "--keep=1"}).output,
              HasSubstr("nothing to prune; kept: 1, 2, 3"));  // 1: a rollback's.
  EXPECT_THAT(Build().output, HasSubstr("version 4 is active"));
  EXPECT_THAT(RunProgram({"prune", index_, "--keep=1"}).output, HasSubstr("pruned versions 1, 3; kept: 2, 4"));
  EXPECT_THAT(RunProgram({"publish", index_, "3"}).output, HasSubstr("no version 3; its versions: 2, 4"));
  const Outcome gone = RunProgram({"verify", index_, "1"});
  EXPECT_EQ(gone.status, 1);
  EXPECT_THAT(gone.output, HasSubstr("no version 1; its versions: 2, 4"));
  std::ofstream(dir_.File("index/ACTIVE")) << "77\n";
  const Outcome missing = RunProgram({"list", index_});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.output, HasSubstr("ACTIVE: names version 77, which is missing"));
}

// The gate, on a log that is long enough for its errors to be small.
class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    const std::string text = RunProgram({"sample", "--rows=12000", "--seed=2"}).output;
    header_ = text.substr(0, text.find('\n') + 1);
    rows_ = Rows(text);
    // By time, as logs grow.
    std::sort(rows_.begin(), rows_.end(), [](const std::string& x, const std::string& y) {
      return x.substr(x.find('\t')) < y.substr(y.find('\t'));
    });
  }

  Outcome Build(const std::vector<std::string>& rows, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> arguments = {
        "build", "--input=" + dir_.Write("log.tsv", header_ + absl::StrJoin(rows, "\n") + "\n"), index_};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return RunProgram(std::move(arguments));
  }
  std::vector<std::string> FirstRows(double share) const {
    return {rows_.begin(), rows_.begin() + static_cast<int>(share * static_cast<double>(rows_.size()))};
  }
  std::optional<IndexVersion> Active() { return IndexRoot(dir_.File("index")).Active().value(); }

  TempDir dir_;
  std::string header_;
  std::vector<std::string> rows_;
  std::string index_ = "--index=" + dir_.File("index");
};

TEST_F(GateTest, AKeptVersionIsMeasuredOnALaterLogAndItsHistoryIsKept) {
  const std::vector<std::string> before = FirstRows(.8);
  ASSERT_EQ(Build(before).status, 0);
  const Outcome trained = RunProgram({"evaluate", index_, "--input=" + dir_.File("log.tsv")});
  EXPECT_THAT(trained.output, HasSubstr("The log holds nothing later than what version 1 was built from"));
  const std::vector<std::string> after(rows_.begin() + static_cast<std::ptrdiff_t>(before.size()), rows_.end());
  const std::string later = dir_.Write("later.tsv", header_ + absl::StrJoin(after, "\n") + "\n");
  const Outcome measured = RunProgram({"evaluate", index_, "1", "--input=" + later});
  EXPECT_EQ(measured.status, 0) << measured.output;
  EXPECT_THAT(measured.output, AllOf(HasSubstr("AGE DAYS"), Not(HasSubstr("nothing later"))));
  const std::string page = dir_.File("history.html");
  const Outcome history = RunProgram({"history", index_, "--report=" + page});
  EXPECT_THAT(history.output, AllOf(HasSubstr("On logs that came later"), HasSubstr("1        active")));
  std::ifstream file(page);
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(file), {}), HasSubstr("</html>"));
  EXPECT_THAT(RunProgram({"evaluate", index_, "7", "--input=" + later}).output,
              HasSubstr("no version 7; its versions: 1"));
}

TEST_F(GateTest, GoodRebuildsArePublished) {
  EXPECT_EQ(Build(FirstRows(.8)).status, 0);
  for (const double share : {.8, .9, 1.0}) {
    const Outcome outcome = Build(FirstRows(share));
    EXPECT_EQ(outcome.status, 0) << share << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr("compared with version"));
  }
  EXPECT_EQ(Active(), 4u);
  EXPECT_EQ(Build({rows_.begin() + static_cast<int>(rows_.size() / 20), rows_.end()}).status, 0);  // A sliding window.
}

TEST_F(GateTest, SpoiledLogsAreKeptButNotPublishedUnlessForced) {
  ASSERT_EQ(Build(rows_).status, 0);
  std::mt19937 random(7);
  std::vector<std::vector<std::string>> rows;
  for (const std::string& row : rows_) rows.push_back(absl::StrSplit(row, '\t'));
  std::vector<size_t> spoiled;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (random() % 2 == 0) spoiled.push_back(i);
  }
  for (size_t i = spoiled.size() - 1; i > 0; --i) rows[spoiled[i]][0].swap(rows[spoiled[random() % (i + 1)]][0]);
  std::vector<std::string> shuffled;
  for (const std::vector<std::string>& row : rows) shuffled.push_back(absl::StrJoin(row, "\t"));
  const Outcome refused = Build(shuffled);
  EXPECT_EQ(refused.status, 3) << refused.output;
  EXPECT_THAT(refused.output, AllOf(HasSubstr("version 2 is kept but not published"), HasSubstr("held-out pairs"),
                                    HasSubstr("--force")));
  EXPECT_EQ(Active(), 1u);

  EXPECT_EQ(Build(FirstRows(1.0 / 3)).status, 3);
  EXPECT_EQ(Build({rows_.end() - static_cast<int>(rows_.size() / 3), rows_.end()}).status, 3);
  std::vector<std::string> foreign;  // The same shoppers and times in another shop.
  for (const std::string& row : rows_) {
    std::vector<std::string> columns = absl::StrSplit(row, '\t');
    columns[2] = "book about " + columns[2];
    foreign.push_back(absl::StrJoin(columns, "\t"));
  }
  const Outcome other_shop = Build(foreign);
  EXPECT_EQ(other_shop.status, 3) << other_shop.output;
  EXPECT_EQ(Active(), 1u);
  EXPECT_THAT(RunProgram({"list", index_}).output, HasSubstr("worse than 1"));
  EXPECT_THAT(RunProgram({"list", index_, "2"}).output,
              AllOf(HasSubstr("version 2: built"), HasSubstr("compared with version 1"), HasSubstr("worse: it knows")));
  EXPECT_THAT(RunProgram({"publish", index_, "2"}).output, HasSubstr("version 2 is active"));

  EXPECT_EQ(Build(FirstRows(1.0 / 3), {"--publish=false"}).status, 0);  // Nobody asked for it.
  const Outcome forced = Build(FirstRows(1.0 / 8), {"--force"});
  EXPECT_EQ(forced.status, 0);
  EXPECT_THAT(forced.output, HasSubstr("servers will refuse it"));
  EXPECT_EQ(Active(), 7u);
}

TEST_F(MainTest, InspectShowsTheEvidence) {
  EXPECT_EQ(Build().status, 0);
  EXPECT_THAT(RunProgram({"inspect", index_, "藍牙耳機"}).output,
              AllOf(HasSubstr("searched by"), HasSubstr("jaccard")));
  EXPECT_THAT(RunProgram({"inspect", index_, "zzzz"}).output, HasSubstr("version 1, market tw: no list is stored"));
  EXPECT_EQ(RunProgram({"build", "--input=" + log_, index_, "--measure=false", "--publish=false"}).status, 0);
  EXPECT_THAT(RunProgram({"inspect", index_, "藍牙耳機", "2"}).output, HasSubstr("version 2, market tw: \"藍牙耳機\""));
  EXPECT_THAT(RunProgram({"inspect", index_, "藍牙耳機", "7"}).output, HasSubstr("no version 7; its versions: 1, 2"));
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
      {{"list", index_, "--keep=2"}, "list does not use --keep: it is a flag of prune, watch"},
      {{"list", index_, "newest"}, "\"newest\" is not a version number"},
      {{"inspect", index_, "!!"}, "nothing is left of it to look up"},
      {{"build", "--input=" + log_, index_, "--threads=-1"}, "a whole number, 0 or above"},
      {{"inspect", index_, "gears", "war"}, "stands in quotes"},
      {{"inspect", index_, "gears", "of", "2"}, "stands in quotes"},
      {{"mine", "--input=" + log_, "--output=" + dir_.File("counts.tsv.gz")}, "ends in .zst"},
      {{"watch", "--input=-", index_}, "watch needs files"},
      {{"watch", "--input=" + log_, index_, "--window=soon"}, "--window=soon"},
      {{"watch", "--input=" + log_, index_, "--every=-1s"}, "--every"},
      {{"watch", "--input=" + log_, index_, "--poll=0s"}, "--poll"},
      {{"watch", "--input=" + log_, index_, "--log_format=xml"}, "xml"},
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

TEST_F(MainTest, AFolderThatIsNoIndexIsToldWithTheRemedy) {
  const TempDir empty;
  const std::vector<std::vector<std::string>> kCommands = {
      {"list"},     {"list", "1"},         {"history"},         {"verify"},
      {"rollback"}, {"prune", "--keep=1"}, {"inspect", "tent"}, {"publish", "1"}};
  for (const auto& command : kCommands) {
    std::vector<std::string> arguments = command;
    arguments.push_back("--index=" + empty.path());
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.status, 1) << command[0];
    EXPECT_THAT(outcome.output, HasSubstr(empty.path() + ": holds no version of an index; kindred-index build"));
    arguments.back() = "--index=" + empty.path() + "/missing";
    EXPECT_THAT(RunProgram(arguments).output, HasSubstr("/missing: there is no such folder; kindred-index build"))
        << command[0];
    arguments.back() = "--index=" + log_;
    EXPECT_THAT(RunProgram(arguments).output, HasSubstr(log_ + ": is a file; --index names the folder of an index"))
        << command[0];
  }
}

TEST_F(MainTest, AMistypedLogLeavesNoFolder) {
  const Outcome outcome = RunProgram({"build", "--input=" + dir_.File("typo.tsv"), index_});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("typo.tsv: cannot open the log: No such file"));
  EXPECT_FALSE(std::filesystem::exists(dir_.File("index")));
}

TEST_F(MainTest, LogWithoutTheColumnsNamesThoseThatItHas) {
  const Outcome outcome =
      RunProgram({"build", "--input=" + dir_.Write("odd.tsv", "who\twhen\twhat\nu\t1\tx\n"), index_});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("odd.tsv"), HasSubstr("who, when, what"), HasSubstr("--columns")));
}

TEST_F(MainTest, ALogThatGivesNothingIsToldWithAllReasons) {
  const std::string log = dir_.Write("times.csv", "user,time,query\nu,31.01.2026,tent\nv,2026-01-31,!!!\n");
  const Outcome outcome = RunProgram({"build", "--input=" + log, index_, "--max_bad_rows=1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("no usable search in"), HasSubstr("time, first at " + log + ":2 \"31.01.2026\""),
                    HasSubstr("left out: nothing but punctuation: 1 events")));
  const std::string excel = dir_.Write("excel.csv", "\"user\";\"time\";\"query\"\n\"u\";\"1\";\"x\"\n");
  EXPECT_THAT(RunProgram({"build", "--input=" + excel, index_}).output, HasSubstr("parted by semicolons?"));
}

TEST_F(MainTest, ADamagedVersionIsToldWithTheRemedy) {
  ASSERT_EQ(Build().status, 0);
  std::filesystem::resize_file(dir_.File("index/1/INDEX_INFO"), 10);
  const Outcome outcome = RunProgram({"verify", index_});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("INDEX_INFO"), HasSubstr("publish another version")));
}

// Killed at random moments, the last of them well after the build is done by itself.
TEST_F(MainTest, KilledBuildLeavesTheOldVersionAndTheNextSucceeds) {
  EXPECT_EQ(Build().status, 0);
  const IndexRoot root(dir_.File("index"));
  std::mt19937 random(4);
  for (int i = 0; i < 12; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto before, root.Active());
    // One that was killed between its last two steps left a version complete that nobody published.
    ASSERT_OK_AND_ASSIGN(const std::vector<IndexVersion> complete, root.Versions());
    const IndexVersion next = complete.back() + 1;
    int killed = 0;
    {
      ChildProcess child({kProgram, "build", "--input=" + log_, index_, "--measure=false"});
      absl::SleepFor(absl::Milliseconds(random() % 250));
      child.Signal(SIGKILL);
      killed = child.Wait();
    }
    ASSERT_OK_AND_ASSIGN(const auto after, root.Active());
    // Either nothing happened, or the whole build did.
    EXPECT_TRUE(after == before || *after == next) << *before << " became " << *after << ", status " << killed;
    if (killed == 0) {
      EXPECT_EQ(*after, next);
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
