#include "server/snapshot_store.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_reader.h"
#include "rocksdb/cache.h"
#include "tests/server/index_damage.h"
#include "tests/server/tent.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::DamageVersion;
using ::kindred::testing::FirstKeyword;
using ::kindred::testing::HasStatus;
using ::kindred::testing::kTent;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::testing::_;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(SnapshotStoreTest, NothingPublishedSaysWhatToDo) {
  const TempDir dir;
  EXPECT_THAT(
      SnapshotStore::Open(IndexRoot(dir.File("none")), {}),
      HasStatus(absl::StatusCode::kNotFound, AllOf(HasSubstr(dir.File("none")), HasSubstr("kindred-index build"))));
}

TEST(SnapshotStoreTest, DamagedIndexIsNamed) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  DamageVersion(dir.File("1"));
  EXPECT_THAT(SnapshotStore::Open(IndexRoot(dir.path()), {}),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("version 1")));
}

TEST(SnapshotStoreTest, DamagedVersionIsPassedOverForTheNewestThatOpens) {
  const TempDir dir;
  for (const char* keyword : {"one", "two", "three", "four"}) {
    ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {keyword}}})));
  }
  DamageVersion(dir.File("4"));
  std::filesystem::remove_all(dir.File("3"));  // As prune does.
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  EXPECT_EQ(FirstKeyword(*store->Current()), "two");
  ASSERT_EQ(store->refused_at_open().size(), 1U);
  EXPECT_EQ(store->refused_at_open()[0].version, 4U);
  EXPECT_THAT(store->refused_at_open()[0].why, HasStatus(absl::StatusCode::kDataLoss, HasSubstr("version 4")));
}

TEST(SnapshotStoreTest, WhereNothingOpensTheActiveVersionIsNamed) {
  const TempDir dir;
  for (const char* version : {"1", "2"}) {
    ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
    DamageVersion(dir.File(version));
  }
  EXPECT_THAT(SnapshotStore::Open(IndexRoot(dir.path()), {}),
              HasStatus(absl::StatusCode::kDataLoss, HasSubstr("version 2")));
  std::filesystem::remove_all(dir.File("2"));
  EXPECT_THAT(SnapshotStore::Open(IndexRoot(dir.path()), {}),
              HasStatus(absl::StatusCode::kNotFound, HasSubstr("version 2")));
}

// A cache in RocksDB's default cut, 64 shards, would not take the largest gram lists.
TEST(SnapshotStoreTest, BlockCacheIsCutAsTheIndexAsks) {
  constexpr size_t kBytes = 256 << 20;
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {.block_cache_bytes = kBytes}));
  EXPECT_EQ(store->block_cache().GetPrintableOptions(), MakeBlockCache(kBytes)->GetPrintableOptions());
}

TEST(SnapshotStoreTest, AVersionWithoutTheDefaultMarketIsRefusedForOneThatHasIt) {
  const TempDir dir;
  const SnapshotStore::Options options = {.default_market = "tw"};
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}}), "tw"));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), options));
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}}), "jp"));
  EXPECT_THAT(store->OpenVersion(2), HasStatus(absl::StatusCode::kFailedPrecondition,
                                               HasSubstr("no market \"tw\", which --default_market names; it has jp")));
  ASSERT_OK_AND_ASSIGN(const auto started_later, SnapshotStore::Open(IndexRoot(dir.path()), options));
  EXPECT_EQ(started_later->Current()->version(), 1u);
}

// Else a server that is restarted would serve the second small version, which is as large as the first.
TEST(SnapshotStoreTest, ASmallVersionIsHeldAgainstTheNewestOneThatWasNotRefusedItself) {
  const TempDir dir;
  const auto small = MakeLists({{"tent", {"stove"}}});
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}, {"stove", {"gas"}}, {"lamp", {"oil"}}})));
  for (int i = 0; i < 2; ++i) ASSERT_OK(PublishTinyIndex(dir.path(), small));
  ASSERT_OK_AND_ASSIGN(auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  EXPECT_EQ(store->Current()->version(), 1u);
  EXPECT_EQ(store->refused_at_open().size(), 2u);
  dir.Write("2/ACCEPT_SIZE", "");
  ASSERT_OK_AND_ASSIGN(store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  EXPECT_EQ(store->Current()->version(), 3u) << "as large as one that was accepted";
}

TEST(SnapshotStoreTest, ABadBlocklistIsNamedBeforeAnythingIsOpened) {
  const TempDir dir;
  EXPECT_THAT(SnapshotStore::Open(IndexRoot(dir.File("none")), {.blocklist_file = dir.Write("blocked", "*")}),
              HasStatus(absl::StatusCode::kInvalidArgument, HasSubstr("--blocklist_file")));
}

TEST(SnapshotStoreTest, StopsBetweenTheBlocksThatItReads) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  int blocks = 0;
  const auto stop = [&blocks] { return ++blocks == 2; };
  EXPECT_THAT(SnapshotStore::Open(IndexRoot(dir.path()), {}, stop), HasStatus(absl::StatusCode::kCancelled, _));
  EXPECT_EQ(blocks, 2);
}

TEST(SnapshotStoreTest, SwapReplacesAndOldUsersFinishOnTheOld) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"old"}}})));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {}));
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"new"}}})));
  ASSERT_OK_AND_ASSIGN(auto next, store->OpenVersion(2));
  EXPECT_EQ(FirstKeyword(*store->Current()), "old");
  const auto old = store->Swap(std::move(next));
  EXPECT_EQ(store->Current()->version(), 2U);
  EXPECT_EQ(FirstKeyword(*store->Current()), "new");
  EXPECT_EQ(FirstKeyword(*old), "old");
}

}  // namespace
}  // namespace kindred
