// kindred-index watch as a person runs it: files come, one of them is damaged, and the program is stopped while it
// waits and while it builds.
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_root.h"
#include "tests/index/build/run_program.h"
#include "tests/testing/child_process.h"
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
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() { std::filesystem::create_directory(dir_.File("logs")); }

  std::vector<std::string> Arguments() const {
    return {kProgram,      "watch",   "--input=" + dir_.File("logs/*.tsv"), index_, "--window=inf", "--every=1ms",
            "--poll=20ms", "--keep=1"};
  }
  // As a careful writer does: complete when it appears.
  void Put(const std::string& name, const std::string& content) {
    dir_.Write("logs/" + name + ".tmp", content);
    std::filesystem::rename(dir_.File("logs/" + name + ".tmp"), dir_.File("logs/" + name));
  }
  std::string SampleLog(int seed) {
    return RunProgram({"sample", "--rows=3000", absl::StrCat("--seed=", seed)}).output;
  }

  const TempDir dir_;
  const std::string index_ = "--index=" + dir_.File("index");
};

TEST_F(WatchTest, FilesThatComeArePublishedAndADamagedOneIsSurvived) {
  ChildProcess watch(Arguments());
  ASSERT_TRUE(watch.ReadUntil("waiting for files"));
  Put("1.tsv", SampleLog(2));
  ASSERT_TRUE(watch.ReadUntil("published version=1"));
  for (const char* stage : {"read", "weights", "measure", "mine", "rank", "write"}) {
    EXPECT_THAT(watch.output(), HasSubstr(absl::StrCat("stage done stage=", stage, " seconds=")));
  }
  Put("2.tsv", "who\twhen\twhat\nu\t1\tx\n");
  ASSERT_TRUE(watch.ReadUntil("build failed"));
  EXPECT_THAT(watch.output(), HasSubstr("2.tsv"));
  EXPECT_EQ(IndexRoot(dir_.File("index")).Active().value(), 1u);
  std::filesystem::remove(dir_.File("logs/2.tsv"));
  Put("3.tsv", SampleLog(2).append("u1\t2025-11-25T00:00:00Z\ttent\t\t\ttw\n"));
  ASSERT_TRUE(watch.ReadUntil("published version=2"));
  watch.Signal(SIGTERM);
  EXPECT_EQ(watch.Wait(), 0);
  EXPECT_THAT(watch.output(), HasSubstr("stopped"));
  EXPECT_EQ(RunProgram({"verify", index_}).status, 0);
}

TEST_F(WatchTest, OneIndexIsWatchedByOneProcess) {
  ChildProcess watch(Arguments());
  ASSERT_TRUE(watch.ReadUntil("waiting for files"));
  ChildProcess second(Arguments());
  EXPECT_EQ(second.Wait(), 1);
  EXPECT_THAT(second.output(), HasSubstr("another watch publishes here"));
  watch.Signal(SIGKILL);
  watch.Wait();
  ChildProcess next(Arguments());
  EXPECT_TRUE(next.ReadUntil("waiting for files"));
}

TEST_F(WatchTest, AnIndexThatCannotBeIsToldOfAtOnce) {
  const Outcome outcome =
      RunProgram({"watch", "--input=" + dir_.File("logs/*.tsv"), "--index=" + dir_.File("missing/index")});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("its parent folder is missing"));
}

TEST_F(WatchTest, ABuildIsAbandonedOnASignalAndLeavesNothing) {
  Put("1.tsv", RunProgram({"sample", "--rows=100000", "--seed=2"}).output);
  for (const int signal : {SIGINT, SIGHUP}) {
    ChildProcess watch(Arguments());
    ASSERT_TRUE(watch.ReadUntil("building"));
    watch.Signal(signal);
    EXPECT_EQ(watch.Wait(), 0);
    EXPECT_THAT(watch.output(), AllOf(HasSubstr("build abandoned leftovers=removed"), HasSubstr("stopped")));
    for (const auto& entry : std::filesystem::directory_iterator(dir_.File("index"))) {
      EXPECT_THAT(entry.path().filename().string(), AnyOf(".LOCK", ".WATCH"));
    }
  }
}

// A build that outlived its watch would hold the index against the next one.
TEST_F(WatchTest, ABuildEndsWithItsWatchHoweverThatEnds) {
  Put("1.tsv", RunProgram({"sample", "--rows=300000", "--seed=2"}).output);
  ChildProcess watch(Arguments());
  ASSERT_TRUE(watch.ReadUntil("stage=read"));
  watch.Signal(SIGKILL);
  watch.Wait();  // Until nobody has its output open any more, the build neither.
  EXPECT_THAT(watch.output(), Not(HasSubstr("published")));
  ChildProcess next(Arguments());
  EXPECT_TRUE(next.ReadUntil("published version=1"));
  EXPECT_THAT(next.output(), Not(HasSubstr("cannot build")));
}

TEST_F(WatchTest, AFileThatComesDuringABuildIsOfTheNext) {
  Put("1.tsv", RunProgram({"sample", "--rows=30000", "--seed=2"}).output);
  ChildProcess watch(Arguments());
  ASSERT_TRUE(watch.ReadUntil("building"));
  Put("2.tsv", SampleLog(2).append("u1\t2025-11-25T00:00:00Z\ttent\t\t\ttw\n"));
  ASSERT_TRUE(watch.ReadUntil("files=2"));
  EXPECT_LT(watch.output().find("version=1"), watch.output().find("files=2"));  // Not side by side.
  ASSERT_TRUE(watch.ReadUntil("version=2"));
}

TEST_F(WatchTest, WhatIsWorseIsKeptAndSaysWhy) {
  const std::string log = RunProgram({"sample", "--rows=12000", "--seed=2"}).output;
  ASSERT_EQ(RunProgram({"build", "--input=" + dir_.Write("log.tsv", log), index_}).status, 0);
  std::string other = "user_id\ttime\tquery\titem\taction\tmarket\n";  // The same shoppers in another shop.
  for (const std::string& row : Rows(log)) {
    std::vector<std::string> columns = absl::StrSplit(row, '\t');
    columns[2] = "book about " + columns[2];
    absl::StrAppend(&other, absl::StrJoin(columns, "\t"), "\n");
  }
  Put("1.tsv", other);
  ChildProcess watch(Arguments());
  ASSERT_TRUE(watch.ReadUntil("kept, not published"));
  EXPECT_EQ(IndexRoot(dir_.File("index")).Active().value(), 1u);
  watch.Signal(SIGTERM);
  EXPECT_EQ(watch.Wait(), 0);
}

}  // namespace
}  // namespace kindred
