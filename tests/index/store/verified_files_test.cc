#include "index/store/verified_files.h"

#include <filesystem>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/file_checksum.h"
#include "index/store/index_info_file.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

namespace fs = std::filesystem;
using ::kindred::testing::HasStatus;
using ::kindred::testing::TempDir;
using ::testing::_;

class VerifiedFilesTest : public ::testing::Test {
 protected:
  VerifiedFilesTest() {
    dir_.Write("rows", "content");
    file_.set_name("rows");
    file_.set_bytes(7);
    file_.set_checksum(Checksum("content"));
    *info_.add_files() = file_;
  }
  // As read an hour later.
  void Record() const { ASSERT_OK(WriteVerifiedFiles(dir_.path(), info_, absl::Now() + absl::Hours(1))); }
  bool IsVerifiedNow() const { return IsVerified(ReadVerifiedFiles(dir_.path()), dir_.path(), file_); }

  const TempDir dir_;
  index::v1::FileInfo file_;
  index::v1::IndexInfo info_;
};

TEST_F(VerifiedFilesTest, AFileThatWasReadNeedsNoSecondReading) {
  EXPECT_FALSE(IsVerifiedNow());
  Record();
  EXPECT_TRUE(IsVerifiedNow());
  const auto written = fs::last_write_time(dir_.File(kVerifiedName));
  Record();
  EXPECT_EQ(fs::last_write_time(dir_.File(kVerifiedName)), written) << "what says the same is not written again";
}

TEST_F(VerifiedFilesTest, AFileThatChangedShortlyBeforeItWasReadOrSinceIsNotRecorded) {
  for (const absl::Duration ago : {absl::ZeroDuration(), absl::Hours(1)}) {
    ASSERT_OK(WriteVerifiedFiles(dir_.path(), info_, absl::Now() - ago));
    EXPECT_FALSE(fs::exists(dir_.File(kVerifiedName)));
  }
}

TEST_F(VerifiedFilesTest, AFileThatWasWrittenCopiedOrListedOtherwiseIsAnother) {
  Record();
  const auto time = fs::last_write_time(dir_.File("rows"));
  dir_.Write("rows", "contemt");
  fs::last_write_time(dir_.File("rows"), time);  // The time of change cannot be set back.
  EXPECT_FALSE(IsVerifiedNow());
  EXPECT_THAT(VerifyFiles(dir_.path(), info_, Verification::kNotYetVerified),
              HasStatus(absl::StatusCode::kDataLoss, _));
  dir_.Write("rows", "content");
  Record();
  fs::copy(dir_.File("rows"), dir_.File("copy"));
  fs::rename(dir_.File("copy"), dir_.File("rows"));
  EXPECT_FALSE(IsVerifiedNow());
  Record();
  file_.set_checksum(Checksum("other"));
  EXPECT_FALSE(IsVerifiedNow());
}

// So that a test tells when files are read, one is damaged in a way that no stamp shows: the record itself is wrong.
TEST_F(VerifiedFilesTest, OnlyServersTrustTheRecord) {
  info_.mutable_files(0)->set_checksum(Checksum("never written"));
  Record();
  EXPECT_OK(VerifyFiles(dir_.path(), info_, Verification::kNotYetVerified));
  EXPECT_THAT(VerifyFiles(dir_.path(), info_, Verification::kEveryByte), HasStatus(absl::StatusCode::kDataLoss, _));
}

TEST_F(VerifiedFilesTest, AFileThatIsMissingOrARecordThatIsNoneVouchesForNothing) {
  dir_.Write(kVerifiedName, "rows");
  EXPECT_FALSE(IsVerifiedNow());
  Record();
  fs::remove(dir_.File("rows"));
  EXPECT_FALSE(IsVerifiedNow());
}

}  // namespace
}  // namespace kindred
