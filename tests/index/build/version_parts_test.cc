#include "index/build/version_parts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::testing::AllOf;
using testing::HasStatus;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDir;

// FinishVersion() is held by the tests of BuildIndex() and PublishShards().
TEST(VersionPartsTest, TheActiveVersionTellsOfItselfWhereItCanBeRead) {
  const TempDir dir;
  EXPECT_FALSE(ActiveInfo(IndexRoot(dir.path())).has_value());
  ASSERT_OK(testing::PublishTinyIndex(dir.path(), testing::MakeLists({{"tent", {"stove"}}})));
  ASSERT_TRUE(ActiveInfo(IndexRoot(dir.path())).has_value());
  EXPECT_EQ(ActiveInfo(IndexRoot(dir.path()))->version(), 1u);
  dir.Write("1/INDEX_INFO", "damaged");
  EXPECT_FALSE(ActiveInfo(IndexRoot(dir.path())).has_value());
}

TEST(VersionPartsTest, AFullDiskIsToldOnceAndWithARemedy) {
  const absl::Status full = absl::ResourceExhaustedError(
      "q/.building-1/rows: IO error: No space left on device: While appending to file: q/.building-1/rows: No space "
      "left on device");
  EXPECT_THAT(WithRemedy(full, "q"), HasStatus(absl::StatusCode::kResourceExhausted,
                                               ::testing::StartsWith("q: No space left on device; make room there")));
  EXPECT_EQ(WithRemedy(full, "other"), full);
  const absl::Status other = absl::DataLossError("q/1/rows: damaged");
  EXPECT_EQ(WithRemedy(other, "q"), other);
  EXPECT_OK(WithRemedy(absl::OkStatus(), "q"));
}

TEST(VersionPartsTest, WithoutAListItSaysWhyAndWhatToDo) {
  BuildResult result;
  result.mined.resize(2);
  result.ranked.resize(2);
  result.mined[0].searches = 840;
  result.mined[0].users = 40;
  result.mined[0].pairs.pairs = 7;
  EXPECT_THAT(
      CheckHasLists(result, {}),
      HasStatus(absl::StatusCode::kInvalidArgument,
                AllOf(HasSubstr("840 searches of 40 people, 7 pairs of queries, 0 of them of at least 2 people, "
                                "where people of one day may count as one"),
                      HasSubstr("lower --min_pair_users"), Not(HasSubstr("left out")))));
  result.mined[1].robots = 1;
  result.mined[1].robot_events = 500;
  EXPECT_THAT(CheckHasLists(result, {}).message(), HasSubstr("; 1 user with 500 events left out"));
  result.mined[0] = {};
  EXPECT_THAT(CheckHasLists(result, {}).message(), HasSubstr("does its user column tell people apart?"));
  result.ranked[1].lists = 1;
  EXPECT_OK(CheckHasLists(result, {}));
}

}  // namespace
}  // namespace kindred
