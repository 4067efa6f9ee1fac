#include "index/store/size_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kindred/index/v1/index_info.pb.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

using ::kindred::testing::HasStatus;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;

index::v1::IndexInfo Version(IndexVersion version, const std::vector<uint64_t>& lists) {
  index::v1::IndexInfo info;
  info.set_version(version);
  for (const uint64_t count : lists) info.add_markets()->set_lists(count);
  return info;
}

TEST(SizeCheckTest, FewerThanTheShareAreRefusedAndMayBeAccepted) {
  const TempDir dir;
  const IndexRoot root(dir.path());
  const auto before = Version(6, {150, 50});
  EXPECT_OK(CheckSize(root, Version(7, {60, 40}), before, .5));
  EXPECT_THAT(CheckSize(root, Version(7, {99}), before, .5),
              HasStatus(absl::StatusCode::kFailedPrecondition,
                        AllOf(HasSubstr("version 7"), HasSubstr("99 queries"), HasSubstr("version 6 has 200"),
                              HasSubstr("touch " + dir.File("7/ACCEPT_SIZE")))));
  std::filesystem::create_directory(dir.File("7"));
  dir.Write("7/ACCEPT_SIZE", "");
  EXPECT_OK(CheckSize(root, Version(7, {99}), before, .5));
}

TEST(SizeCheckTest, AnEmptyOneIsRefusedUnlessAllPassOrTheOtherIsEmptyToo) {
  const IndexRoot root("nowhere");
  EXPECT_THAT(CheckSize(root, Version(2, {}), Version(1, {1}), 1e-9),
              HasStatus(absl::StatusCode::kFailedPrecondition, HasSubstr("0 queries")));
  EXPECT_OK(CheckSize(root, Version(2, {}), Version(1, {1}), 0));
  EXPECT_OK(CheckSize(root, Version(2, {}), Version(1, {}), .5));
}

TEST(SizeCheckTest, OneMayGoBackToAnOlderVersionButNotBuildASmallerOneUnderTheSameNumber) {
  const IndexRoot root("nowhere");
  EXPECT_OK(CheckSize(root, Version(1, {1}), Version(2, {100}), .5));
  EXPECT_FALSE(CheckSize(root, Version(2, {1}), Version(2, {100}), .5).ok());
}

}  // namespace
}  // namespace kindred
