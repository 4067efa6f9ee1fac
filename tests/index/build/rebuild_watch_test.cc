#include "index/build/rebuild_watch.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::FakeClock;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
// Builds are recorded, not done.
class RebuildWatchTest : public ::testing::Test {
 protected:
  RebuildWatchTest() { clock_.now = Start(); }

  using Outcome = RebuildWatch::Outcome;

  static absl::Time Start() { return absl::FromUnixSeconds(1'800'000'000); }

  // Written `age` before the clock's start.
  std::string Write(const std::string& name, const std::string& content = "x", absl::Duration age = absl::Hours(1)) {
    const std::string path = dir_.Write(name, content);
    const timespec times[2] = {{0, 0}, absl::ToTimespec(Start() - age)};
    EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    return path;
  }
  // Two looks: what it takes for a new file to be read.
  Outcome PollTwice() {
    watch_.PollOnce();
    return watch_.PollOnce();
  }

  TempDir dir_;
  FakeClock clock_;
  absl::Status result_;
  std::vector<std::vector<std::string>> builds_;
  std::vector<absl::Time> not_before_;
  RebuildWatch watch_{{.inputs = {dir_.File("*.tsv")}, .window = absl::Hours(240), .every = absl::Minutes(10)},
                      &clock_,
                      [this](const std::vector<std::string>& files, absl::Time not_before) {
                        builds_.push_back(files);
                        not_before_.push_back(not_before);
                        return result_;
                      }};
};

TEST_F(RebuildWatchTest, AFileThatTwoLooksFoundAlikeIsBuiltFromOnce) {
  EXPECT_EQ(watch_.PollOnce(), Outcome::kIdle);
  const std::string path = Write("a.tsv");
  EXPECT_EQ(watch_.PollOnce(), Outcome::kIdle);
  EXPECT_EQ(watch_.PollOnce(), Outcome::kBuilt);
  EXPECT_THAT(builds_, ElementsAre(ElementsAre(path)));
  EXPECT_THAT(not_before_, ElementsAre(Start() - absl::Hours(240)));
  clock_.now += absl::Hours(1);
  EXPECT_EQ(PollTwice(), Outcome::kIdle);
  EXPECT_EQ(builds_.size(), 1u);
}

TEST_F(RebuildWatchTest, AFileThatIsBeingWrittenWaitsAndHoldsNobodyUp) {
  const std::string done = Write("a.tsv");
  Write("b.tsv", "x");
  watch_.PollOnce();
  Write("b.tsv", "xx");
  EXPECT_EQ(watch_.PollOnce(), Outcome::kBuilt);
  EXPECT_THAT(builds_, ElementsAre(ElementsAre(done)));
  clock_.now += absl::Minutes(10);
  Write("b.tsv", "xy", absl::Minutes(59));  // No larger, but later.
  EXPECT_EQ(watch_.PollOnce(), Outcome::kIdle);
  EXPECT_EQ(watch_.PollOnce(), Outcome::kBuilt);
  EXPECT_THAT(builds_[1], ElementsAre(done, dir_.File("b.tsv")));
}

TEST_F(RebuildWatchTest, BuildsBeginNoCloserTogetherThanAsked) {
  Write("a.tsv");
  EXPECT_EQ(PollTwice(), Outcome::kBuilt);
  Write("b.tsv");
  clock_.now += absl::Minutes(10) - absl::Seconds(1);
  EXPECT_EQ(PollTwice(), Outcome::kTooSoon);
  clock_.now += absl::Seconds(1);
  EXPECT_EQ(watch_.PollOnce(), Outcome::kBuilt);
  EXPECT_EQ(builds_.size(), 2u);
}

TEST_F(RebuildWatchTest, AChangedFileStartsABuildAndOneThatIsGoneDoesNot) {
  Write("a.tsv");
  Write("b.tsv");
  EXPECT_EQ(PollTwice(), Outcome::kBuilt);
  clock_.now += absl::Hours(1);
  std::filesystem::remove(dir_.File("a.tsv"));
  EXPECT_EQ(PollTwice(), Outcome::kIdle);
  Write("b.tsv", "longer");
  EXPECT_EQ(PollTwice(), Outcome::kBuilt);
  EXPECT_THAT(builds_[1], ElementsAre(dir_.File("b.tsv")));
}

TEST_F(RebuildWatchTest, FilesBeforeTheWindowAreNotRead) {
  Write("old.tsv", "x", absl::Hours(240 + 25));
  EXPECT_EQ(PollTwice(), Outcome::kIdle);
  Write("new.tsv");
  EXPECT_EQ(PollTwice(), Outcome::kBuilt);
  EXPECT_THAT(builds_, ElementsAre(ElementsAre(dir_.File("new.tsv"))));
}

TEST_F(RebuildWatchTest, AFailedBuildIsTriedAgainWhenAFileHasChanged) {
  Write("a.tsv");
  result_ = absl::InvalidArgumentError("a.tsv: damaged");
  EXPECT_EQ(PollTwice(), Outcome::kFailed);
  clock_.now += absl::Hours(1);
  result_ = absl::OkStatus();
  EXPECT_EQ(PollTwice(), Outcome::kIdle);
  Write("a.tsv", "whole");
  EXPECT_EQ(PollTwice(), Outcome::kBuilt);
}

TEST_F(RebuildWatchTest, AFailedBuildIsTriedAgainWhenTheFileAtFaultIsGone) {
  const std::string good = Write("a.tsv");
  Write("b.tsv");
  result_ = absl::InvalidArgumentError("b.tsv: damaged");
  EXPECT_EQ(PollTwice(), Outcome::kFailed);
  clock_.now += absl::Hours(1);
  result_ = absl::OkStatus();
  std::filesystem::remove(dir_.File("b.tsv"));
  EXPECT_EQ(watch_.PollOnce(), Outcome::kBuilt);
  EXPECT_THAT(builds_[1], ElementsAre(good));
  clock_.now += absl::Hours(1);
  EXPECT_EQ(PollTwice(), Outcome::kIdle);
}

TEST_F(RebuildWatchTest, ABuildThatAnotherProcessHeldUpIsTriedAgainWithoutAChange) {
  Write("a.tsv");
  result_ = absl::UnavailableError("another process writes");
  EXPECT_EQ(PollTwice(), Outcome::kFailed);
  result_ = absl::OkStatus();
  EXPECT_EQ(watch_.PollOnce(), Outcome::kTooSoon);
  clock_.now += absl::Minutes(10);
  EXPECT_EQ(watch_.PollOnce(), Outcome::kBuilt);
}

TEST_F(RebuildWatchTest, ACancelledBuildEndsTheWatch) {
  Write("a.tsv");
  result_ = absl::CancelledError("");
  EXPECT_EQ(PollTwice(), Outcome::kStopped);
}

// What the logger writes in the meantime.
class Captured {
 public:
  Captured() {
    ::testing::internal::CaptureStdout();  // Where spdlog's first logger writes.
    ::testing::internal::CaptureStderr();
  }
  static std::string Text() {
    return ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr();
  }
};

TEST_F(RebuildWatchTest, AStateIsToldOfOnce) {
  const Captured captured;
  PollTwice();
  const std::string text = captured.Text();
  const size_t told = text.find("waiting for files");
  EXPECT_NE(told, std::string::npos);
  EXPECT_EQ(text.find("waiting for files", told + 1), std::string::npos);
}

TEST_F(RebuildWatchTest, WhereAllFilesAreTooOldThatIsTold) {
  const std::string old = Write("2020-01-01.tsv");
  const Captured captured;
  PollTwice();
  EXPECT_THAT(captured.Text(), AllOf(HasSubstr("before the window"), HasSubstr(old)));
}

}  // namespace
}  // namespace kindred
