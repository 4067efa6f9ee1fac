#include "index/build/version_parts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using testing::HasStatus;
using ::testing::HasSubstr;
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

TEST(VersionPartsTest, NoKeywordsSaysWhatToDo) {
  EXPECT_THAT(NoKeywords(5, 0, 2), HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("lower --min_pair_users")));
}

}  // namespace
}  // namespace kindred
