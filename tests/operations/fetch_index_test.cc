// docker/fetch-index, with the real kindred-index.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_root.h"
#include "tests/server/index_damage.h"
#include "tests/server/wait_until.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

namespace fs = std::filesystem;
using ::kindred::testing::ChildProcess;
using ::kindred::testing::DamageVersion;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::WaitUntil;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class FetchIndexTest : public ::testing::Test {
 protected:
  FetchIndexTest() {
    static const int path_is_set =
        ::setenv("PATH", (std::string(KINDRED_BINARY_DIR "/bin:") + ::getenv("PATH")).c_str(), 1);
    EXPECT_EQ(path_is_set, 0);
    EXPECT_OK(PublishTinyIndex(source_.path(), MakeLists({{"tent", {"one"}}})));
  }

  int Fetch() {
    ChildProcess fetch({KINDRED_SOURCE_DIR "/docker/fetch-index", source_.path(), dest_.File("index")});
    const int status = fetch.Wait();
    output_ = fetch.output();
    return status;
  }
  // What a server there would serve; 0 where that is nothing.
  IndexVersion Served() const {
    const auto active = IndexRoot(dest_.File("index")).Active();
    return active.ok() ? active->value_or(0) : 0;
  }
  std::vector<IndexVersion> Copies() const {
    const auto versions = IndexRoot(dest_.File("index")).Versions();
    EXPECT_OK(versions);
    return versions.value_or(std::vector<IndexVersion>());
  }
  void Publish(IndexVersion version) {
    auto root = IndexRootWriter::Open(source_.path());
    ASSERT_OK(root);
    ASSERT_OK((*root)->Publish(version));
  }

  const testing::TempDir source_, dest_;
  std::string output_;
};

TEST_F(FetchIndexTest, FollowsItsSourceForwardsAndBack) {
  ASSERT_EQ(Fetch(), 0) << output_;
  EXPECT_EQ(Served(), 1u);
  ASSERT_OK(PublishTinyIndex(source_.path(), MakeLists({{"tent", {"two"}}})));
  ASSERT_EQ(Fetch(), 0) << output_;
  EXPECT_EQ(Served(), 2u);
  ASSERT_EQ(Fetch(), 0);
  EXPECT_EQ(output_, "") << "there was nothing to do";
  Publish(1);
  ASSERT_EQ(Fetch(), 0) << output_;
  EXPECT_EQ(Served(), 1u);
}

// Two that servers refuse leave the one that they serve.
TEST_F(FetchIndexTest, KeepsTheTwoVersionsBeforeAndNoMore) {
  for (int version = 1; version <= 4; ++version) {
    ASSERT_EQ(Fetch(), 0) << output_;
    ASSERT_OK(PublishTinyIndex(source_.path(), MakeLists({{"tent", {"next"}}})));
  }
  EXPECT_THAT(Copies(), ElementsAre(2u, 3u, 4u));
  EXPECT_FALSE(fs::exists(dest_.File("index/.staging")));
}

TEST_F(FetchIndexTest, ANewCopyGetsTheVersionBeforeTooWhereThatIsGood) {
  for (int version = 2; version <= 3; ++version) {
    ASSERT_OK(PublishTinyIndex(source_.path(), MakeLists({{"tent", {"next"}}})));
  }
  ASSERT_EQ(Fetch(), 0) << output_;
  EXPECT_THAT(Copies(), ElementsAre(2u, 3u));
  ASSERT_OK_AND_ASSIGN(const auto stack, IndexRoot(dest_.File("index")).ActiveStack());
  EXPECT_THAT(stack, ElementsAre(3u, 2u));
  fs::remove_all(dest_.File("index"));
  DamageVersion(source_.File("2"));
  ASSERT_EQ(Fetch(), 0) << output_;
  EXPECT_THAT(Copies(), ElementsAre(3u));
  fs::remove_all(dest_.File("index"));
  fs::remove_all(source_.File("2"));
  ASSERT_EQ(Fetch(), 0);
  EXPECT_THAT(output_, Not(HasSubstr("INDEX_INFO")));
  EXPECT_EQ(Served(), 3u);
}

TEST_F(FetchIndexTest, WhatArrivesDamagedIsNotPublished) {
  ASSERT_EQ(Fetch(), 0) << output_;
  ASSERT_OK(PublishTinyIndex(source_.path(), MakeLists({{"tent", {"two"}}})));
  DamageVersion(source_.File("2"));
  EXPECT_EQ(Fetch(), 1);
  EXPECT_THAT(output_, HasSubstr("its checksum is"));
  EXPECT_EQ(Served(), 1u);
  EXPECT_FALSE(fs::exists(dest_.File("index/2")));
}

TEST_F(FetchIndexTest, DamageOfTheSourceDoesNotReachTheCopy) {
  ASSERT_EQ(Fetch(), 0) << output_;
  fs::resize_file(source_.File("1/INDEX_INFO"), 100);
  EXPECT_EQ(Fetch(), 1);
  EXPECT_EQ(Served(), 1u);
  EXPECT_GT(fs::file_size(dest_.File("index/1/INDEX_INFO")), 100u);
}

TEST_F(FetchIndexTest, AnIndexThatBeganAnewReplacesOneOfTheSameNumber) {
  ASSERT_EQ(Fetch(), 0) << output_;
  for (const char* name : {"1", "ACTIVE"}) fs::remove_all(source_.File(name));
  ASSERT_OK(PublishTinyIndex(source_.path(), MakeLists({{"tent", {"anew"}}, {"stove", {"gas"}}})));
  ASSERT_EQ(Fetch(), 0) << output_;
  const auto size = [](const testing::TempDir& dir, const std::string& file) { return fs::file_size(dir.File(file)); };
  EXPECT_EQ(size(dest_, "index/1/INDEX_INFO"), size(source_, "1/INDEX_INFO"));
  EXPECT_EQ(Served(), 1u);
}

TEST_F(FetchIndexTest, WordThatASmallVersionIsMeantFollowsIt) {
  ASSERT_EQ(Fetch(), 0) << output_;
  EXPECT_FALSE(fs::exists(dest_.File("index/1/ACCEPT_SIZE")));
  source_.Write("1/ACCEPT_SIZE", "");
  ASSERT_EQ(Fetch(), 0) << output_;
  EXPECT_TRUE(fs::exists(dest_.File("index/1/ACCEPT_SIZE")));
}

TEST_F(FetchIndexTest, ASourceThatNamesNoVersionIsTold) {
  source_.Write("ACTIVE", "../../etc\n");
  EXPECT_EQ(Fetch(), 1);
  EXPECT_THAT(output_, HasSubstr("ACTIVE names no version"));
  fs::remove(source_.File("ACTIVE"));
  EXPECT_EQ(Fetch(), 1);
  EXPECT_THAT(output_, HasSubstr("ACTIVE"));
}

TEST_F(FetchIndexTest, GoesOnAtADistanceUntilSigterm) {
  ChildProcess fetch({KINDRED_SOURCE_DIR "/docker/fetch-index", source_.path(), dest_.File("index"), "0.01"});
  ASSERT_TRUE(fetch.ReadUntil("version 1 is active"));
  ASSERT_OK(PublishTinyIndex(source_.path(), MakeLists({{"tent", {"two"}}})));
  ASSERT_TRUE(fetch.ReadUntil("version 2 is active"));
  fetch.Signal(SIGTERM);
  EXPECT_EQ(fetch.Wait(), 0);
}

// What it starts to wait with would keep its output open.
TEST_F(FetchIndexTest, SigtermLeavesNothingBehindThatWaits) {
  ChildProcess fetch({KINDRED_SOURCE_DIR "/docker/fetch-index", source_.path(), dest_.File("index"), "3600"});
  const auto is_waiting = [&fetch] {
    std::ifstream children(absl::StrCat("/proc/", fetch.pid(), "/task/", fetch.pid(), "/children"));
    std::string child, name;
    children >> child;
    std::ifstream("/proc/" + child + "/comm") >> name;
    return name == "sleep";
  };
  ASSERT_TRUE(WaitUntil(is_waiting));
  fetch.Signal(SIGTERM);
  EXPECT_EQ(fetch.Wait(), 0);
}

TEST_F(FetchIndexTest, SecondsThatAreNoDistanceAreBadUsage) {
  for (const char* seconds : {"", "0", "0.0", ".", "-1", "5x", "1.2.3"}) {
    SCOPED_TRACE(seconds);
    // What is not refused may go on for ever.
    ChildProcess fetch({"/usr/bin/timeout", "10", KINDRED_SOURCE_DIR "/docker/fetch-index", source_.path(),
                        dest_.File("index"), seconds});
    EXPECT_EQ(fetch.Wait(), 2);
    EXPECT_THAT(fetch.output(), HasSubstr("fetch-index SOURCE DEST [SECONDS]"));
    EXPECT_FALSE(fs::exists(dest_.File("index")));
  }
}

}  // namespace
}  // namespace kindred
