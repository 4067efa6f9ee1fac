#include "index/store/index_info_file.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "index/store/file_checksum.h"
#include "index/store/files.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using index::v1::IndexInfo;
using ::testing::ElementsAre;
using testing::HasStatus;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TempDir;

IndexInfo SomeInfo() {
  IndexInfo info;
  info.set_version(18446744073709551615U);
  info.set_format_version(1);
  info.set_built_at_ms(1790000000000);
  info.set_build_seconds(8.07);
  info.add_inputs("日誌.tsv");
  (*info.mutable_parameters())["min_users"] = "5";
  (*info.mutable_log()->mutable_bad_rows())["not UTF-8"] = 3;
  info.add_weights(0.1F);
  info.add_markets()->set_name("");
  return info;
}

std::string Sealed(const std::string& json) {
  return absl::StrCat("kindred-index-info 1 xxh3=", Checksum(json), "\n", json);
}

TEST(IndexInfoFileTest, ReadsBack) {
  const IndexInfo written = SomeInfo();
  ASSERT_OK_AND_ASSIGN(const std::string content, EncodeIndexInfo(written));
  ASSERT_OK_AND_ASSIGN(const IndexInfo read, DecodeIndexInfo(content));
  EXPECT_EQ(read.SerializeAsString(), written.SerializeAsString());
}

TEST(IndexInfoFileTest, IsReadableByAPerson) {
  ASSERT_OK_AND_ASSIGN(const std::string content, EncodeIndexInfo(SomeInfo()));
  EXPECT_THAT(content, StartsWith("kindred-index-info 1 xxh3="));
  EXPECT_THAT(content, HasSubstr("\n \"built_at_ms\": \"1790000000000\",\n"));
  EXPECT_THAT(content, HasSubstr("日誌.tsv"));
}

TEST(IndexInfoFileTest, EveryTruncationAndFlipIsDataLoss) {
  ASSERT_OK_AND_ASSIGN(const std::string content, EncodeIndexInfo(SomeInfo()));
  for (size_t at = 0; at < content.size(); ++at) {
    ASSERT_THAT(DecodeIndexInfo(content.substr(0, at)), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(""))) << at;
    std::string damaged = content;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    ASSERT_THAT(DecodeIndexInfo(damaged), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(""))) << at;
  }
}

TEST(IndexInfoFileTest, ANewerFormatIsNamedEvenWithFieldsUnknownHere) {
  EXPECT_THAT(DecodeIndexInfo(Sealed(R"({"format_version": 2, "layout": {"shards": 4}})")),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        HasSubstr("index format 2 is newer than this program's 1: upgrade it")));
}

TEST(IndexInfoFileTest, AnUnknownFieldOfThisFormatIsIgnored) {
  ASSERT_OK_AND_ASSIGN(const IndexInfo info, DecodeIndexInfo(Sealed(R"({"format_version": 1, "version": 7, "x": 1})")));
  EXPECT_EQ(info.version(), 7U);
}

TEST(IndexInfoFileTest, WhatIsNoRecordIsDataLoss) {
  for (const std::string json : {"", "[]", "{", "{}", R"({"format_version": "x"})"}) {
    EXPECT_THAT(DecodeIndexInfo(Sealed(json)), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(""))) << json;
  }
}

TEST(IndexInfoFileTest, WritingLeavesOnlyTheFile) {
  const TempDir dir;
  ASSERT_OK(WriteIndexInfo(dir.path(), SomeInfo()));
  ASSERT_OK(WriteIndexInfo(dir.path(), SomeInfo()));
  EXPECT_THAT(ListFolder(dir.path()).value(), ElementsAre("INDEX_INFO"));
  EXPECT_EQ(ReadIndexInfo(dir.path()).value().version(), SomeInfo().version());
}

TEST(IndexInfoFileTest, ErrorsNameTheFile) {
  const TempDir dir;
  EXPECT_THAT(ReadIndexInfo(dir.path()), HasStatus(absl::StatusCode::kNotFound, HasSubstr("/INDEX_INFO")));
  dir.Write("INDEX_INFO", "x");
  EXPECT_THAT(ReadIndexInfo(dir.path()), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("/INDEX_INFO: ")));
}

class VerifyFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_.Write("a", "hello");
    auto& file = *info_.add_files();
    file.set_name("a");
    file.set_bytes(5);
    file.set_checksum(Checksum("hello"));
  }
  absl::Status Verify(Verification verification = Verification::kEveryByte) const {
    return VerifyFiles(dir_.path(), info_, verification);
  }

  TempDir dir_;
  IndexInfo info_;
};

TEST_F(VerifyFilesTest, AcceptsTheFilesAndIgnoresOthers) {
  dir_.Write("b", "other");
  EXPECT_OK(Verify());
}

TEST_F(VerifyFilesTest, NamesWhatIsMissingShortOrChanged) {
  dir_.Write("a", "hell");
  EXPECT_THAT(Verify(Verification::kSizes),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("/a: 4 bytes, but 5 were written")));
  dir_.Write("a", "hallo");
  EXPECT_OK(Verify(Verification::kSizes));
  EXPECT_THAT(Verify(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("/a: changed")));
  ::unlink(dir_.File("a").c_str());
  EXPECT_THAT(Verify(Verification::kSizes), HasStatus(absl::StatusCode::kDataLoss, HasSubstr("/a: missing")));
}

TEST_F(VerifyFilesTest, AListedNameStaysInTheFolder) {
  for (const std::string name : {"", "../a", "/etc/passwd", "."}) {
    info_.mutable_files(0)->set_name(name);
    EXPECT_THAT(Verify(), HasStatus(absl::StatusCode::kDataLoss, HasSubstr(""))) << name;
  }
}

}  // namespace
}  // namespace kindred
