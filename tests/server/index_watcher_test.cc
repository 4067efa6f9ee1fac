#include "server/index_watcher.h"

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "tests/server/index_damage.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::DamageVersion;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::testing::HasSubstr;

class FakeClock final : public Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Time now = absl::UnixEpoch();
};

const Question kTent{"", NormalizeQuery("tent").value(), 8, false};

class IndexWatcherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Publish("one");
    ASSERT_OK_AND_ASSIGN(store_, SnapshotStore::Open(IndexRoot(dir_.path()), {}));
    watcher_ = std::make_unique<IndexWatcher>(store_.get(), &metrics_, &clock_, IndexWatcher::Options());
  }

  IndexVersion Publish(const std::string& keyword) {
    const auto version = PublishTinyIndex(dir_.path(), MakeLists({{"tent", {keyword}}}));
    EXPECT_OK(version);
    return *version;
  }
  // As something else than Publish(), which verifies first, may point ACTIVE.
  void Activate(const std::string& active) const { dir_.Write("ACTIVE", active + "\n"); }
  IndexVersion Serving() const { return store_->Current()->version(); }

  double Counter(const std::string& name) const {
    for (const auto& family : metrics_.collectable()->Collect()) {
      if (family.name == name) return family.metric.at(0).counter.value;
    }
    ADD_FAILURE() << "no metric " << name;
    return 0;
  }
  // Polls and returns what was logged meanwhile.
  std::string PollAndReadLog() {
    ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here.
    watcher_->PollOnce();
    return ::testing::internal::GetCapturedStdout();
  }

  const TempDir dir_;
  FakeClock clock_;
  ServerMetrics metrics_;
  std::unique_ptr<SnapshotStore> store_;
  std::unique_ptr<IndexWatcher> watcher_;
};

TEST_F(IndexWatcherTest, NothingNewChangesNothing) {
  const auto before = store_->Current();
  watcher_->PollOnce();
  EXPECT_EQ(store_->Current(), before);
  EXPECT_EQ(Counter("kindred_index_swaps_total"), 0);
}

TEST_F(IndexWatcherTest, TakesANewVersionAndRollsBack) {
  Publish("two");
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 2U);
  {
    ASSERT_OK_AND_ASSIGN(const auto root, IndexRootWriter::Open(dir_.path()));
    ASSERT_OK(root->Rollback());
  }
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 1U);
  EXPECT_EQ(Counter("kindred_index_swaps_total"), 2);
}

TEST_F(IndexWatcherTest, NewVersionIsWarm) {
  ASSERT_OK(store_->Current()->Ask(kTent));
  Publish("two");
  watcher_->PollOnce();
  ASSERT_OK_AND_ASSIGN(const Snapshot::Result result, store_->Current()->Ask(kTent));
  EXPECT_TRUE(result.cached);
}

TEST_F(IndexWatcherTest, DamagedVersionIsRefusedOnceAndTheNextTaken) {
  Publish("two");
  DamageVersion(dir_.File("2"));
  EXPECT_THAT(PollAndReadLog(), HasSubstr("version 2"));
  EXPECT_EQ(PollAndReadLog(), "");
  EXPECT_EQ(Serving(), 1U);
  EXPECT_EQ(Counter("kindred_index_rejected_total"), 1);
  Publish("three");
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 3U);
}

TEST_F(IndexWatcherTest, VersionThatWasCopiedTooLateIsTakenAfterAWhile) {
  Publish("two");
  const std::string copy = dir_.File("copy");
  std::filesystem::rename(dir_.File("2"), copy);
  watcher_->PollOnce();
  std::filesystem::rename(copy, dir_.File("2"));
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 1U);
  clock_.now += absl::Minutes(1);
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 2U);
  EXPECT_EQ(Counter("kindred_index_rejected_total"), 1);
}

TEST_F(IndexWatcherTest, FolderOfAnotherVersionIsRefused) {
  std::filesystem::copy(dir_.File("1"), dir_.File("7"), std::filesystem::copy_options::recursive);
  Activate("7");
  EXPECT_THAT(PollAndReadLog(), HasSubstr("version 7"));
  EXPECT_EQ(Serving(), 1U);
}

TEST_F(IndexWatcherTest, UnreadableOrMissingPointerIsLoggedOnce) {
  for (const bool missing : {false, true}) {
    SCOPED_TRACE(missing);
    missing ? static_cast<void>(std::filesystem::remove(dir_.File("ACTIVE"))) : Activate("forty-two");
    EXPECT_THAT(PollAndReadLog(), HasSubstr("ACTIVE"));
    EXPECT_EQ(PollAndReadLog(), "");
    EXPECT_EQ(Serving(), 1U);
  }
  Activate("1");
  EXPECT_EQ(PollAndReadLog(), "");
  Activate("forty-two");
  EXPECT_THAT(PollAndReadLog(), HasSubstr("ACTIVE")) << "a problem that comes back is logged again";
}

TEST_F(IndexWatcherTest, RetiredVersionIsClosedWhenItsLastCallEnded) {
  std::shared_ptr<const Snapshot> call = store_->Current();
  Publish("two");
  watcher_->PollOnce();
  EXPECT_EQ(watcher_->retired(), 1U);
  watcher_->PollOnce();
  EXPECT_EQ(watcher_->retired(), 1U);
  EXPECT_OK(call->Ask(kTent));
  const std::weak_ptr<const Snapshot> closed = call;
  call.reset();
  EXPECT_FALSE(closed.expired()) << "closing is the watcher's work, not the call's";
  watcher_->PollOnce();
  EXPECT_TRUE(closed.expired());
}

TEST_F(IndexWatcherTest, PrunedVersionServesOnUntilSwapped) {
  ASSERT_OK(store_->Current()->Ask(kTent));
  std::filesystem::remove_all(dir_.File("1"));
  const Question other{"", NormalizeQuery("tents").value(), 8, false};
  EXPECT_OK(store_->Current()->Ask(other));
  Publish("two");
  watcher_->PollOnce();
  EXPECT_NE(Serving(), 1U);
}

TEST_F(IndexWatcherTest, ThreadFollowsAndStops) {
  const SystemClock clock;
  IndexWatcher watcher(store_.get(), &metrics_, &clock, {.poll_interval = absl::Milliseconds(1)});
  watcher.Start();
  Publish("two");
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  while (Serving() != 2U && absl::Now() < give_up) std::this_thread::yield();
  EXPECT_EQ(Serving(), 2U);
}

}  // namespace
}  // namespace kindred
