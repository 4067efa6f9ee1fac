#include "server/index_watcher.h"

#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "tests/server/index_damage.h"
#include "tests/server/tent.h"
#include "tests/server/wait_until.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::BreakList;
using ::kindred::testing::DamageVersion;
using ::kindred::testing::FirstKeyword;
using ::kindred::testing::FlipByte;
using ::kindred::testing::kTent;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::kindred::testing::WaitUntil;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class FakeClock final : public Clock {
 public:
  absl::Time Now() const override {
    if (when_asked) when_asked();
    return now;
  }
  absl::Time now = absl::UnixEpoch();
  std::function<void()> when_asked;
};

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

  double Metric(const std::string& name) const {
    for (const auto& family : metrics_.collectable()->Collect()) {
      if (family.name == name) return family.metric.at(0).counter.value + family.metric.at(0).gauge.value;
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
  EXPECT_EQ(Metric("kindred_index_swaps_total"), 0);
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
  EXPECT_EQ(Metric("kindred_index_swaps_total"), 2);
}

TEST_F(IndexWatcherTest, NewVersionIsWarm) {
  ASSERT_OK(store_->Current()->Ask(kTent));
  Publish("two");
  watcher_->PollOnce();
  ASSERT_OK_AND_ASSIGN(const Snapshot::Result result, store_->Current()->Ask(kTent));
  EXPECT_TRUE(result.cached);
}

TEST(IndexWatcherBlocklistTest, AChangedBlocklistIsServedBesideTheSameOpenVersionAndAllLaterOnes) {
  const TempDir dir, beside;  // An index has a folder of its own.
  const FakeClock clock;
  ServerMetrics metrics;
  const std::string path = beside.Write("blocked", "#");
  const auto lists = MakeLists({{"tent", {"stove", "lamp"}}});
  ASSERT_OK(PublishTinyIndex(dir.path(), lists));
  ASSERT_OK_AND_ASSIGN(const auto store, SnapshotStore::Open(IndexRoot(dir.path()), {.blocklist_file = path}));
  IndexWatcher watcher(store.get(), &metrics, &clock, {});
  const auto poll_twice = [&watcher] {  // The first sees a change, the second that it has ended.
    watcher.PollOnce();
    watcher.PollOnce();
  };
  EXPECT_EQ(FirstKeyword(*store->Current()), "stove");
  beside.Write("blocked", "stove\n");
  // A version that cannot be opened any more: what is open is shared.
  std::filesystem::rename(dir.File("1/INDEX_INFO"), dir.File("info"));
  poll_twice();
  std::filesystem::rename(dir.File("info"), dir.File("1/INDEX_INFO"));
  ASSERT_OK_AND_ASSIGN(const Snapshot::Result result, store->Current()->Ask(kTent));
  EXPECT_TRUE(result.cached) << "it was not warmed";
  EXPECT_EQ(FirstKeyword(*store->Current()), "lamp");
  ASSERT_OK(PublishTinyIndex(dir.path(), lists));
  watcher.PollOnce();
  EXPECT_EQ(store->Current()->version(), 2U);
  EXPECT_EQ(FirstKeyword(*store->Current()), "lamp");
  const auto before = store->Current();
  poll_twice();
  EXPECT_EQ(store->Current(), before) << "nothing changed";
  EXPECT_EQ(watcher.retired(), 0U);
  beside.Write("blocked", "# sizes differ\nte*nt\n");
  poll_twice();
  EXPECT_EQ(store->Current(), before);
  EXPECT_TRUE(store->blocklist_refused());
  beside.Write("blocked", "# none\n");
  poll_twice();
  EXPECT_EQ(FirstKeyword(*store->Current()), "stove");
  EXPECT_FALSE(store->blocklist_refused());
}

TEST_F(IndexWatcherTest, DamagedVersionIsRefusedOnceAndTheNextTaken) {
  Publish("two");
  DamageVersion(dir_.File("2"));
  EXPECT_THAT(PollAndReadLog(), HasSubstr("version 2"));
  EXPECT_EQ(PollAndReadLog(), "");
  EXPECT_EQ(Serving(), 1U);
  EXPECT_EQ(Metric("kindred_index_rejected_total"), 1);
  EXPECT_EQ(Metric("kindred_index_refused"), 1);
  Publish("three");
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 3U);
  EXPECT_EQ(Metric("kindred_index_refused"), 0);
}

TEST_F(IndexWatcherTest, WhatWasRefusedBeforeSaysNothingOfWhatIsBeingTaken) {
  Publish("two");
  DamageVersion(dir_.File("2"));
  watcher_->PollOnce();
  EXPECT_EQ(Metric("kindred_index_refused"), 1);
  Publish("three");
  double meanwhile = 1;
  clock_.when_asked = [&] { meanwhile = Metric("kindred_index_refused"); };  // Once it has begun to take the version.
  watcher_->PollOnce();
  clock_.when_asked = nullptr;
  EXPECT_EQ(meanwhile, 0);
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
  EXPECT_EQ(Metric("kindred_index_rejected_total"), 1);
}

TEST_F(IndexWatcherTest, RefusedVersionIsNotReadAgainUntilItsFilesChange) {
  Publish("two");
  const std::string info = dir_.File("2/INDEX_INFO");
  const auto time = std::filesystem::last_write_time(info);
  FlipByte(info, 9);
  std::filesystem::last_write_time(info, time);
  const FileStamp damaged = StampFile(info);
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 1U);
  clock_.now += absl::Hours(1);
  clock_.when_asked = [] { ADD_FAILURE() << "takes it again"; };
  watcher_->PollOnce();
  clock_.when_asked = nullptr;
  FlipByte(info, 9);
  // As `cp -p` of a good copy does; until the clock of the file system has moved on.
  ASSERT_TRUE(WaitUntil([&] {
    std::filesystem::last_write_time(info, time);
    return StampFile(info) != damaged;
  }));
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 2U);
}

TEST_F(IndexWatcherTest, TheVersionThatIsServedIsNotTakenAgainWhenItIsPublishedAgain) {
  const auto before = store_->Current();
  for (const char* beside : {"VERIFIED", "ACCEPT_SIZE", "report.json"}) dir_.Write(absl::StrCat("1/", beside), "");
  {
    ASSERT_OK_AND_ASSIGN(const auto root, IndexRootWriter::Open(dir_.path()));
    ASSERT_OK(root->Publish(1));
  }
  watcher_->PollOnce();
  EXPECT_EQ(store_->Current(), before);
}

TEST_F(IndexWatcherTest, RefusedVersionThatIsPublishedAgainIsReadAtOnce) {
  Publish("two");
  const std::string info = dir_.File("2/INDEX_INFO");
  FlipByte(info, 9);
  watcher_->PollOnce();
  FlipByte(info, 9);
  {
    ASSERT_OK_AND_ASSIGN(const auto root, IndexRootWriter::Open(dir_.path()));
    ASSERT_OK(root->Publish(2));
  }
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 2U);
}

TEST_F(IndexWatcherTest, VersionThatOpensButDoesNotAnswerIsRefused) {
  ASSERT_OK(store_->Current()->Ask(kTent));
  Publish("two");
  ASSERT_OK(BreakList(dir_.File("2"), "tent"));
  EXPECT_THAT(PollAndReadLog(), AllOf(HasSubstr("index refused"), HasSubstr("version 2"), Not(HasSubstr("tent"))));
  EXPECT_EQ(PollAndReadLog(), "");
  EXPECT_EQ(Serving(), 1U);
  EXPECT_EQ(Metric("kindred_index_rejected_total"), 1);
}

TEST_F(IndexWatcherTest, IndexBuiltAnewUnderTheSameNumberIsTaken) {
  for (const char* name : {"1", "ACTIVE"}) std::filesystem::remove_all(dir_.File(name));
  ASSERT_EQ(Publish("anew"), 1U);
  const auto before = store_->Current();
  watcher_->PollOnce();
  EXPECT_NE(store_->Current(), before);
  EXPECT_EQ(Metric("kindred_index_swaps_total"), 1);
  const auto anew = store_->Current();
  watcher_->PollOnce();
  EXPECT_EQ(store_->Current(), anew);
}

TEST_F(IndexWatcherTest, WhatWasRefusedAtTheStartIsLoggedAndCountedOnce) {
  Publish("two");
  DamageVersion(dir_.File("2"));
  ASSERT_OK_AND_ASSIGN(store_, SnapshotStore::Open(IndexRoot(dir_.path()), {}));
  ::testing::internal::CaptureStdout();
  watcher_ = std::make_unique<IndexWatcher>(store_.get(), &metrics_, &clock_, IndexWatcher::Options());
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), AllOf(HasSubstr("version 2"), HasSubstr("serving=1")));
  EXPECT_EQ(PollAndReadLog(), "");
  EXPECT_EQ(Metric("kindred_index_rejected_total"), 1);
  EXPECT_EQ(Metric("kindred_index_refused"), 1);
  EXPECT_EQ(Serving(), 1U);
  Publish("three");
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 3U);
}

TEST_F(IndexWatcherTest, StoppingGivesUpTheVersionThatIsBeingTaken) {
  ASSERT_OK(store_->Current()->Ask(kTent));
  Publish("two");
  clock_.when_asked = [this] { watcher_->RequestStop(); };  // Once it has begun to take the version.
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 1U);
  EXPECT_EQ(Metric("kindred_index_swaps_total"), 0);
  EXPECT_EQ(Metric("kindred_index_rejected_total"), 0);
}

// Whether a thread of this process has this nice value.
bool AThreadIsAsNiceAs(int nice) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (::getpriority(PRIO_PROCESS, static_cast<id_t>(std::atoi(task.path().filename().c_str()))) == nice) return true;
  }
  return false;
}

TEST_F(IndexWatcherTest, ThreadGivesWayToCalls) {
  if (::getpriority(PRIO_PROCESS, 0) >= 10) GTEST_SKIP() << "this process gives way itself";
  ASSERT_FALSE(AThreadIsAsNiceAs(10));
  watcher_->Start();
  EXPECT_TRUE(WaitUntil([] { return AThreadIsAsNiceAs(10); }));
}

TEST_F(IndexWatcherTest, ThreadStopsInTheMidstOfTakingAVersion) {
  for (int i = 0; i < 1000; ++i) {
    ASSERT_OK(store_->Current()->Ask({"", absl::StrCat("query ", i), 8, false}));
  }
  Publish("two");
  FakeClock clock;
  auto watcher = std::make_unique<IndexWatcher>(store_.get(), &metrics_, &clock,
                                                IndexWatcher::Options{.poll_interval = absl::Milliseconds(1)});
  absl::Notification taking;
  absl::Notification stopping;
  clock.when_asked = [&] {
    if (taking.HasBeenNotified()) return;
    taking.Notify();
    stopping.WaitForNotification();
  };
  watcher->Start();
  taking.WaitForNotification();
  watcher->RequestStop();  // As the destructor does first.
  stopping.Notify();
  watcher.reset();
  EXPECT_EQ(Serving(), 1U);
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
  EXPECT_THAT(PollAndReadLog(), AllOf(HasSubstr("index settled"), HasSubstr("serving=1")));
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
  const Question other{"", "tents", 8, false};
  EXPECT_OK(store_->Current()->Ask(other));
  Publish("two");
  watcher_->PollOnce();
  EXPECT_EQ(Serving(), 2U);
}

TEST_F(IndexWatcherTest, ThreadFollowsAndStops) {
  const SystemClock clock;
  IndexWatcher watcher(store_.get(), &metrics_, &clock, {.poll_interval = absl::Milliseconds(1)});
  watcher.Start();
  Publish("two");
  EXPECT_TRUE(WaitUntil([this] { return Serving() == 2U; }));
}

}  // namespace
}  // namespace kindred
