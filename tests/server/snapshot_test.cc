#include "server/snapshot.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kindred/v1/related_search.pb.h"
#include "server/snapshot_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;

const Question kTent{"", NormalizeQuery("tent").value(), 8, false};

std::string FirstKeyword(const Snapshot& snapshot) {
  v1::GetRelatedKeywordsResponse response;
  const auto result = snapshot.Ask(kTent);
  EXPECT_OK(result);
  EXPECT_TRUE(response.ParseFromString(result->answer->Response({})));
  return response.keywords(0).keyword();
}

TEST(SnapshotTest, SecondTimeComesFromTheCache) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  ASSERT_OK_AND_ASSIGN(const Snapshot::Result first, store->Current()->Ask(kTent));
  ASSERT_OK_AND_ASSIGN(const Snapshot::Result second, store->Current()->Ask(kTent));
  EXPECT_FALSE(first.cached);
  EXPECT_TRUE(second.cached);
  EXPECT_EQ(first.answer, second.answer);
}

TEST(SnapshotTest, WarmingAsksWhatTheOtherWasAsked) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"old"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  ASSERT_OK(store->Current()->Ask(kTent));
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"new"}}})));
  ASSERT_OK_AND_ASSIGN(const auto next, store->OpenVersion(2));
  next->WarmFrom(*store->Current(), 10);
  ASSERT_OK_AND_ASSIGN(const Snapshot::Result result, next->Ask(kTent));
  EXPECT_TRUE(result.cached);
  EXPECT_EQ(FirstKeyword(*next), "new");
}

}  // namespace
}  // namespace kindred
