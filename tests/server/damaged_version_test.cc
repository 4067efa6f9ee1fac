// Whatever is wrong with a new version: it is refused with one log line, the old one serves on, and a later good one is
// taken.
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/format.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/index_watcher.h"
#include "tests/server/index_damage.h"
#include "tests/server/tent.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

namespace fs = std::filesystem;
using ::kindred::testing::BreakList;
using ::kindred::testing::FlipByte;
using ::kindred::testing::kTent;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::kindred::testing::TinyMarkets;
using ::kindred::testing::WriteTinyIndex;
using ::testing::AllOf;
using ::testing::HasSubstr;

TinyMarkets Lists() { return {{"", MakeLists({{"tent", {"stove"}}, {"lamp", {"torch"}}, {"boat", {"oar"}}})}}; }

// Does something to a version's folder; `file` is one of its files.
struct Damage {
  const char* name;
  std::function<void(const fs::path& file)> of_file;
};

std::vector<Damage> DamagesOfAFile() {
  return {{"truncated by a byte", [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) - 1); }},
          {"truncated to half", [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 2); }},
          {"emptied", [](const fs::path& file) { fs::resize_file(file, 0); }},
          {"longer", [](const fs::path& file) { std::ofstream(file, std::ios::app) << 'x'; }},
          {"first byte flipped", [](const fs::path& file) { FlipByte(file, 0); }},
          {"middle byte flipped",
           [](const fs::path& file) { FlipByte(file, static_cast<std::streamoff>(fs::file_size(file) / 2)); }},
          {"last byte flipped",
           [](const fs::path& file) { FlipByte(file, static_cast<std::streamoff>(fs::file_size(file) - 1)); }},
          {"missing", [](const fs::path& file) { fs::remove(file); }},
          {"a folder", [](const fs::path& file) {
             fs::remove(file);
             fs::create_directory(file);
           }}};
}

class DamagedVersionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(PublishTinyIndex(dir_.path(), Lists()));
    ASSERT_OK_AND_ASSIGN(store_, SnapshotStore::Open(IndexRoot(dir_.path()), {}));
    watcher_ = std::make_unique<IndexWatcher>(store_.get(), &metrics_, &clock_, IndexWatcher::Options());
    ASSERT_OK(store_->Current()->Ask(kTent));  // What a new version is warmed with.
  }

  // Writes a version and does not publish it.
  IndexVersion Add(const TinyMarkets& markets) {
    ++newest_;
    EXPECT_OK(WriteTinyIndex(Folder(newest_), markets, newest_));
    return newest_;
  }
  // The same of the lists of version 1, without the syncs of writing.
  IndexVersion AddCopy() {
    fs::copy(dir_.File("1"), Folder(++newest_));
    auto info = ReadIndexInfo(dir_.File("1"));
    EXPECT_OK(info);
    info->set_version(newest_);
    dir_.Write(absl::StrCat(newest_, "/", kIndexInfoName), *EncodeIndexInfo(*info));
    return newest_;
  }
  std::string Folder(IndexVersion version) const { return dir_.File(absl::StrCat(version)); }

  double Refused() const {
    for (const auto& family : metrics_.collectable()->Collect()) {
      if (family.name == "kindred_index_rejected_total") return family.metric.at(0).counter.value;
    }
    return -1;
  }
  // Polls three times and returns what was logged meanwhile.
  std::string PollAndReadLog() {
    ::testing::internal::CaptureStdout();  // Before InitLogging(), spdlog logs here.
    for (int i = 0; i < 3; ++i) watcher_->PollOnce();
    return ::testing::internal::GetCapturedStdout();
  }

  void ExpectRefusedAndTheNextTaken(IndexVersion version) {
    const IndexVersion serving = store_->Current()->version();
    const double refused = Refused();
    dir_.Write("ACTIVE", absl::StrCat(version, "\n", serving, "\n"));
    const std::string log = PollAndReadLog();
    EXPECT_THAT(log, AllOf(HasSubstr("index refused"), HasSubstr(absl::StrCat("version ", version)),
                           HasSubstr(absl::StrCat("serving=", serving))));
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_EQ(Refused(), refused + 1);
    EXPECT_EQ(store_->Current()->version(), serving);
    for (const char* query : {"tent", "lamp"}) {
      ASSERT_OK_AND_ASSIGN(const Snapshot::Result result, store_->Current()->Ask({"", query, 8, false}));
      EXPECT_EQ(result.answer->match(), MatchKind::kExact);
    }
    fs::remove_all(Folder(version));
    const IndexVersion next = AddCopy();
    dir_.Write("ACTIVE", absl::StrCat(next, "\n", serving, "\n"));
    watcher_->PollOnce();
    EXPECT_EQ(store_->Current()->version(), next);
  }

  const TempDir dir_;
  testing::FakeClock clock_;
  ServerMetrics metrics_;
  std::unique_ptr<SnapshotStore> store_;
  std::unique_ptr<IndexWatcher> watcher_;
  IndexVersion newest_ = 1;
};

TEST_F(DamagedVersionTest, EveryFileInEveryWay) {
  ASSERT_OK_AND_ASSIGN(const auto files, ListFolder(dir_.File("1")));
  ASSERT_GE(files.size(), 7U) << "INDEX_INFO, CURRENT, a MANIFEST and a table for each kind of row";
  for (size_t i = 0; i < files.size(); ++i) {
    for (const Damage& damage : DamagesOfAFile()) {
      const IndexVersion version = AddCopy();
      ASSERT_OK_AND_ASSIGN(const auto names, ListFolder(Folder(version)));
      ASSERT_EQ(names.size(), files.size());
      SCOPED_TRACE(absl::StrCat(names[i], " ", damage.name));
      damage.of_file(fs::path(Folder(version)) / names[i]);
      ASSERT_NO_FATAL_FAILURE(ExpectRefusedAndTheNextTaken(version));
    }
  }
}

TEST_F(DamagedVersionTest, EveryWayOfAWholeVersion) {
  const struct {
    const char* name;
    TinyMarkets markets;
    std::function<void(const std::string& folder)> damage;
  } kCases[] = {
      {"empty", {}, [](const std::string&) {}},
      {"absurdly small", {{"", MakeLists({{"tent", {"stove"}}})}}, [](const std::string&) {}},
      {"of a newer format", Lists(),
       [](const std::string& folder) {
         ASSERT_OK_AND_ASSIGN(index::v1::IndexInfo info, ReadIndexInfo(folder));
         info.set_format_version(kIndexFormatVersion + 1);
         ASSERT_OK(WriteIndexInfo(folder, info));
       }},
      {"of another number", Lists(),
       [](const std::string& folder) {
         ASSERT_OK_AND_ASSIGN(index::v1::IndexInfo info, ReadIndexInfo(folder));
         info.set_version(info.version() + 1);
         ASSERT_OK(WriteIndexInfo(folder, info));
       }},
      {"with a row that does not decode", Lists(),
       [](const std::string& folder) { ASSERT_OK(BreakList(folder, "tent")); }},
      {"an empty folder", Lists(),
       [](const std::string& folder) {
         fs::remove_all(folder);
         fs::create_directory(folder);
       }},
      {"no folder", Lists(), [](const std::string& folder) { fs::remove_all(folder); }},
      {"a file, not a folder", Lists(),
       [](const std::string& folder) {
         fs::remove_all(folder);
         std::ofstream(folder) << "version";
       }},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const IndexVersion version = Add(c.markets);
    ASSERT_NO_FATAL_FAILURE(c.damage(Folder(version)));
    ASSERT_NO_FATAL_FAILURE(ExpectRefusedAndTheNextTaken(version));
  }
}

TEST_F(DamagedVersionTest, ATooSmallOneIsTakenOnceItIsAccepted) {
  const IndexVersion version = Add({{"", MakeLists({{"tent", {"stove"}}})}});
  dir_.Write("ACTIVE", absl::StrCat(version, "\n1\n"));
  EXPECT_THAT(PollAndReadLog(), HasSubstr("touch " + Folder(version) + "/ACCEPT_SIZE"));
  dir_.Write(absl::StrCat(version, "/ACCEPT_SIZE"), "");
  clock_.now += absl::Minutes(1);
  EXPECT_THAT(PollAndReadLog(), HasSubstr("index swapped"));
  EXPECT_EQ(store_->Current()->version(), version);
}

// A server that starts anew must not take what those that ran refused.
TEST_F(DamagedVersionTest, ATooSmallOneIsRefusedAtTheStartToo) {
  const IndexVersion version = Add({{"", MakeLists({{"tent", {"stove"}}})}});
  dir_.Write("ACTIVE", absl::StrCat(version, "\n1\n"));
  ASSERT_OK_AND_ASSIGN(store_, SnapshotStore::Open(IndexRoot(dir_.path()), {}));
  EXPECT_EQ(store_->Current()->version(), 1U);
  ASSERT_EQ(store_->refused_at_open().size(), 1U);
  EXPECT_THAT(std::string(store_->refused_at_open()[0].why.message()), HasSubstr("ACCEPT_SIZE"));
  ASSERT_OK_AND_ASSIGN(store_, SnapshotStore::Open(IndexRoot(dir_.path()), {.min_size_ratio = 0}));
  EXPECT_EQ(store_->Current()->version(), version);
}

}  // namespace
}  // namespace kindred
