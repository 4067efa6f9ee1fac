#include "server/snapshot.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/snapshot_store.h"
#include "tests/server/index_damage.h"
#include "tests/server/tent.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::DamageRows;
using ::kindred::testing::FirstKeyword;
using ::kindred::testing::HasStatus;
using ::kindred::testing::kTent;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::testing::_;
using ::testing::SizeIs;

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
  ASSERT_OK(next->WarmFrom(*store->Current(), 10, [] { return false; }));
  ASSERT_OK_AND_ASSIGN(const Snapshot::Result result, next->Ask(kTent));
  EXPECT_TRUE(result.cached);
  EXPECT_EQ(FirstKeyword(*next), "new");
}

TEST(SnapshotTest, WarmingStopsWhereAsked) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  for (const char* query : {"a", "b", "c", "d", "e"}) {
    ASSERT_OK(store->Current()->Ask({"", query, 8, false}));
  }
  ASSERT_OK_AND_ASSIGN(const auto next, store->OpenVersion(1));
  int asked = 0;
  EXPECT_THAT(next->WarmFrom(*store->Current(), 10, [&asked] { return ++asked > 3; }),
              HasStatus(absl::StatusCode::kCancelled, _));
  EXPECT_EQ(asked, 4);
  EXPECT_THAT(next->cache().Questions(10), SizeIs(3));
}

TEST(SnapshotTest, WarmingTellsOfDamage) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  ASSERT_OK(store->Current()->Ask(kTent));
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"lamp"}}})));
  ASSERT_OK_AND_ASSIGN(const auto next, store->OpenVersion(2));
  DamageRows(dir.File("2"));
  EXPECT_THAT(next->WarmFrom(*store->Current(), 10, [] { return false; }), HasStatus(absl::StatusCode::kDataLoss, _));
}

}  // namespace
}  // namespace kindred
