#include "common/version.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kindred {
namespace {

using ::testing::AnyOf;
using ::testing::MatchesRegex;
using ::testing::StrEq;

TEST(VersionTest, IsAReleaseNumberAndACommit) {
  EXPECT_THAT(kVersion, MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_THAT(kCommit, AnyOf(StrEq("unknown"), MatchesRegex("[0-9a-f]+")));
}

}  // namespace
}  // namespace kindred
