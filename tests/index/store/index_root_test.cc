#include "index/store/index_root.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "index/store/files.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/index/store/sync_fault.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using testing::AddTinyVersion;
using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MakeLists;
using testing::SyncFault;
using testing::TempDir;
using testing::TinyMarkets;

class IndexRootTest : public ::testing::Test {
 protected:
  void SetUp() override { OpenWriter(); }
  void OpenWriter() {
    writer_.reset();
    ASSERT_OK_AND_ASSIGN(writer_, IndexRootWriter::Open(path_));
  }
  // Complete versions 1 to n, the last published last.
  void Publish(int n) {
    for (int i = 0; i < n; ++i) {
      ASSERT_OK_AND_ASSIGN(const IndexVersion version, AddTinyVersion(*writer_, markets_));
      ASSERT_OK(writer_->Publish(version));
    }
  }
  void Remove(IndexVersion version) { std::filesystem::remove_all(writer_->root().VersionPath(version)); }
  std::string ActiveFile() const { return ReadFile(path_ + "/ACTIVE", 1000).value_or("none"); }
  std::optional<IndexVersion> Active() const { return writer_->root().Active().value(); }
  std::vector<IndexVersion> Versions() const { return writer_->root().Versions().value(); }

  TempDir dir_;
  std::string path_ = dir_.File("root");
  TinyMarkets markets_ = {{"", MakeLists({{"tent", {"tent pegs"}}})}};
  std::unique_ptr<IndexRootWriter> writer_;
};

TEST_F(IndexRootTest, NothingPublishedIsNormal) {
  EXPECT_EQ(Active(), std::nullopt);
  EXPECT_THAT(Versions(), IsEmpty());
  const IndexRoot none(dir_.File("none"));
  EXPECT_EQ(none.Active().value(), std::nullopt);
  EXPECT_THAT(none.Versions(), HasStatus(absl::StatusCode::kNotFound, HasSubstr("none")));
}

TEST_F(IndexRootTest, ACompleteVersionIsListedButNotActive) {
  ASSERT_OK_AND_ASSIGN(const IndexVersion version, AddTinyVersion(*writer_, markets_));
  EXPECT_EQ(version, 1U);
  EXPECT_THAT(Versions(), ElementsAre(1));
  EXPECT_EQ(Active(), std::nullopt);
  ASSERT_OK(writer_->Publish(1));
  EXPECT_EQ(Active(), 1U);
}

TEST_F(IndexRootTest, RollbackGoesBackThroughWhatWasPublishedAndForgetsTheBadOne) {
  Publish(3);
  EXPECT_EQ(ActiveFile(), "3\n2\n1\n");
  EXPECT_EQ(writer_->Rollback().value(), 2U);
  EXPECT_EQ(Active(), 2U);
  Publish(1);  // 4, which is bad too.
  EXPECT_EQ(ActiveFile(), "4\n2\n1\n");
  EXPECT_EQ(writer_->Rollback().value(), 2U);
  EXPECT_EQ(writer_->Rollback().value(), 1U);
  EXPECT_THAT(writer_->Rollback(),
              HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("no version that was active")));
  EXPECT_EQ(Active(), 1U);
}

TEST_F(IndexRootTest, RollbackOfNothingIsRefused) {
  EXPECT_THAT(writer_->Rollback(), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("root")));
}

TEST_F(IndexRootTest, RollbackPassesOverVersionsThatAreGone) {
  Publish(4);
  Remove(3);
  Remove(4);
  EXPECT_EQ(writer_->Rollback().value(), 2U);
  EXPECT_EQ(ActiveFile(), "2\n1\n");
}

TEST_F(IndexRootTest, RollbackToADamagedVersionLeavesActiveAlone) {
  Publish(2);
  std::filesystem::remove(path_ + "/1/CURRENT");
  EXPECT_THAT(writer_->Rollback(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("1/CURRENT")));
  EXPECT_EQ(Active(), 2U);
}

TEST_F(IndexRootTest, PublishingAgainMovesAVersionToTheTop) {
  Publish(3);
  ASSERT_OK(writer_->Publish(1));
  EXPECT_EQ(ActiveFile(), "1\n3\n2\n");
  ASSERT_OK(writer_->Publish(1));
  EXPECT_EQ(ActiveFile(), "1\n3\n2\n");
  Remove(3);
  ASSERT_OK(writer_->Publish(2));
  EXPECT_EQ(ActiveFile(), "2\n1\n");
}

TEST_F(IndexRootTest, ADamagedMissingOrRenamedVersionIsNotPublished) {
  Publish(2);
  std::filesystem::remove(path_ + "/1/CURRENT");
  EXPECT_THAT(writer_->Publish(1), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("1/CURRENT")));
  EXPECT_THAT(writer_->Publish(9), HasStatus(absl::StatusCode::kNotFound, HasSubstr("9/INDEX_INFO")));
  std::filesystem::copy(path_ + "/2", path_ + "/7");
  EXPECT_THAT(writer_->Publish(7),
              HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("holds version 2, not 7")));
  EXPECT_EQ(ActiveFile(), "2\n1\n");
}

TEST_F(IndexRootTest, AnActiveFileThatDoesNotParseIsDataLoss) {
  for (const char* const content : {"", "x\n", "1\n\n2\n", "01\n", "+1\n", "0\n", "1 \n", "99999999999999999999\n"}) {
    SCOPED_TRACE(content);
    dir_.Write("root/ACTIVE", content);
    EXPECT_THAT(writer_->root().Active(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("root/ACTIVE: line ")));
  }
  dir_.Write("root/ACTIVE", "12\n11");
  EXPECT_EQ(Active(), 12U);
}

TEST_F(IndexRootTest, AnIncompleteFolderDoesNotBecomeAVersion) {
  EXPECT_THAT(writer_->Complete(1), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr(".building-1")));
  std::filesystem::create_directory(writer_->BuildPath(1));
  EXPECT_THAT(writer_->Complete(1), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("INDEX_INFO")));
  std::filesystem::remove(writer_->BuildPath(1));
  ASSERT_OK(testing::WriteTinyIndex(writer_->BuildPath(1), markets_, 5));
  EXPECT_THAT(writer_->Complete(1), HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("version 5, not 1")));
  EXPECT_THAT(Versions(), IsEmpty());
}

TEST_F(IndexRootTest, NumbersAreNotUsedTwice) {
  Publish(4);
  EXPECT_EQ(writer_->Rollback().value(), 3U);
  EXPECT_THAT(writer_->Prune(1).value(), ElementsAre(1));
  EXPECT_EQ(writer_->NextVersion().value(), 5U);
  Remove(4);
  dir_.Write("root/ACTIVE", "9\n2\n");
  EXPECT_EQ(writer_->NextVersion().value(), 10U);
  std::filesystem::create_directory(path_ + "/12");  // Not complete, but in the way.
  EXPECT_EQ(writer_->NextVersion().value(), 13U);
}

TEST_F(IndexRootTest, PruneKeepsTheNewestAndTheActiveOne) {
  Publish(5);
  ASSERT_OK(writer_->Publish(2));
  EXPECT_THAT(writer_->Prune(9).value(), IsEmpty());
  EXPECT_THAT(writer_->Prune(2).value(), ElementsAre(1, 3));
  EXPECT_THAT(Versions(), ElementsAre(2, 4, 5));
  EXPECT_THAT(writer_->Prune(0), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("at least 1")));
  EXPECT_EQ(Active(), 2U);
}

TEST_F(IndexRootTest, PruneKeepsWhatARollbackGoesBackTo) {
  Publish(5);
  EXPECT_THAT(writer_->Prune(1).value(), ElementsAre(1, 2, 3));
  EXPECT_EQ(writer_->Rollback().value(), 4U);
}

TEST_F(IndexRootTest, LeftoversOfKilledWritersAreRemovedAndNothingElse) {
  Publish(1);
  std::filesystem::create_directories(path_ + "/.building-2/deep");
  std::filesystem::create_directories(path_ + "/.building-2-measure");
  std::filesystem::create_directories(path_ + "/.deleting-3");
  dir_.Write("root/ACTIVE.tmp", "1");
  dir_.Write("root/README", "mine");
  OpenWriter();
  EXPECT_THAT(ListFolder(path_).value(), ElementsAre(".LOCK", "1", "ACTIVE", "README"));
}

// --index may be a folder such as /srv.
TEST_F(IndexRootTest, WhatOthersKeepUnderSimilarNamesSurvives) {
  const std::vector<std::string> theirs = {".building-",
                                           ".building-02",
                                           ".building-2-measured",
                                           ".building-2.tmp",
                                           ".building-site",
                                           ".building-x-measure",
                                           ".deleting-",
                                           ".deleting-2-measure",
                                           ".deleting-0",
                                           "INDEX.tmp",
                                           "x.tmp"};
  for (const std::string& name : theirs) std::filesystem::create_directories(path_ + "/" + name + "/deep");
  OpenWriter();
  for (const std::string& name : theirs) EXPECT_TRUE(std::filesystem::exists(path_ + "/" + name + "/deep")) << name;
}

TEST_F(IndexRootTest, AWriterThatIsDoneLeavesNoFailedBuild) {
  std::filesystem::create_directories(writer_->BuildPath(1) + "/deep");
  writer_.reset();
  EXPECT_THAT(ListFolder(path_).value(), ElementsAre(".LOCK"));
}

TEST_F(IndexRootTest, AWriterThatDidNotGetTheLockRemovesNothing) {
  std::filesystem::create_directories(writer_->BuildPath(1));
  EXPECT_FALSE(IndexRootWriter::Open(path_).ok());
  EXPECT_TRUE(std::filesystem::exists(writer_->BuildPath(1)));
}

TEST_F(IndexRootTest, ANewRootIsSyncedIntoItsParent) {
  const std::string parent = std::filesystem::canonical(dir_.path());
  const SyncFault fault([&](const std::string& path) { return path == parent; });
  for (const char* const name : {"new", "newer/"}) {
    EXPECT_THAT(IndexRootWriter::Open(dir_.File(name)), HasStatus(absl::StatusCode::kInternal, HasSubstr(dir_.path())));
    EXPECT_OK(IndexRootWriter::Open(dir_.File(name)));  // There already.
  }
}

TEST_F(IndexRootTest, OneWriterAtATimeOverAllProcesses) {
  EXPECT_THAT(IndexRootWriter::Open(path_), HasStatus(absl::StatusCode::kUnavailable, HasSubstr("another process")));
  writer_.reset();
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(done), 0);
  const pid_t child = ::fork();
  if (child == 0) {  // Takes the lock, tells so, and is killed with it.
    const auto writer = IndexRootWriter::Open(path_);
    const char opened = writer.ok() ? 'y' : 'n';
    char ignored = 0;
    ::close(done[1]);
    const bool waited = ::write(ready[1], &opened, 1) == 1 && ::read(done[0], &ignored, 1) == 0;
    ::_exit(waited ? 0 : 1);
  }
  char opened = 0;
  ASSERT_EQ(::read(ready[0], &opened, 1), 1);
  EXPECT_EQ(opened, 'y');
  EXPECT_THAT(IndexRootWriter::Open(path_), HasStatus(absl::StatusCode::kUnavailable, HasSubstr(path_)));
  ::kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_OK(IndexRootWriter::Open(path_));
  for (const int end : {ready[0], ready[1], done[0], done[1]}) ::close(end);
}

TEST_F(IndexRootTest, OpenNamesWhatIsWrongWithTheFolder) {
  EXPECT_THAT(IndexRootWriter::Open(dir_.File("none/root")),
              HasStatus(absl::StatusCode::kNotFound, AllOf(HasSubstr("none/root"), HasSubstr("mkdir -p"))));
  dir_.Write("file", "");
  EXPECT_THAT(IndexRootWriter::Open(dir_.File("file")), HasStatus(absl::StatusCode::kNotFound, HasSubstr("file")));
}

TEST_F(IndexRootTest, AFolderOfOtherFilesIsNoRootUnlessItHoldsAnIndex) {
  std::filesystem::create_directories(dir_.File("logs/lost+found"));
  std::filesystem::create_directory(dir_.File("logs/.snapshot"));
  ASSERT_OK(IndexRootWriter::Open(dir_.File("logs")).status()) << "what a disk brings with it";
  std::filesystem::remove(dir_.File("logs/.LOCK"));
  dir_.Write("logs/may.tsv", "");
  EXPECT_THAT(IndexRootWriter::Open(dir_.File("logs")),
              HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("other files, such as may.tsv")));
  EXPECT_FALSE(std::filesystem::exists(dir_.File("logs/.LOCK")));
  std::filesystem::create_directories(dir_.File("years/2026"));
  EXPECT_THAT(IndexRootWriter::Open(dir_.File("years")),
              HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("2026")));
  Publish(1);
  for (const char* name : {"/.LOCK", "/ACTIVE"}) std::filesystem::remove(path_ + name);  // As in a restored copy.
  dir_.Write("root/may.tsv", "");
  OpenWriter();
}

}  // namespace
}  // namespace kindred
