// Builds that are killed, and disks that fill, beside a server: callers notice nothing, the next build succeeds and is
// taken, and nothing is left over.
#include <sys/mount.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/related_search_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "index/store/index_root.h"
#include "kindred/v1/related_search.pb.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

namespace fs = std::filesystem;
using ::kindred::testing::ChildProcess;
using ::kindred::testing::TempDir;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kIndexProgram[] = KINDRED_BINARY_DIR "/bin/kindred-index";
constexpr char kServerProgram[] = KINDRED_BINARY_DIR "/bin/kindred-server";

// A small file system of its own, where the test may mount one.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=8m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  // Leaves so much room.
  void Fill(uintmax_t free_bytes) const {
    fs::remove(Filler());
    const uintmax_t available = fs::space(path_).available;
    std::ofstream(Filler()) << std::string(available - std::min(available, free_bytes), 'x');
  }
  void Empty() const { fs::remove(Filler()); }

 private:
  std::string Filler() const { return path_ + "/filler"; }

  const std::string path_;
  bool mounted_ = false;
};

class BuildFaultTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(Index());
    ChildProcess sample({kIndexProgram, "sample", "--rows=3000", "--seed=2"});
    ASSERT_EQ(sample.Wait(), 0);
    log_ = dir_.Write("log.tsv", sample.output());
  }

  std::string Index() const { return dir_.File("index"); }
  std::vector<std::string> BuildCommand() const {
    return {kIndexProgram, "build", "--input=" + log_, "--index=" + Index(), "--measure=false", "--temp_dir=/tmp"};
  }
  void BuildOrFail() const {
    ChildProcess build(BuildCommand());
    ASSERT_EQ(build.Wait(), 0) << build.output();
  }

  // Builds the first version, serves it, and asks for the same query until StopServing().
  void StartServing() {
    ASSERT_NO_FATAL_FAILURE(BuildOrFail());
    server_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{kServerProgram, "--index=" + Index(), "--listen=127.0.0.1:0",
                                 "--metrics_listen=", "--poll_interval=1ms", "--drain_grace=0s"});
    ASSERT_TRUE(server_->ReadUntil(" port=") && server_->ReadUntil("\n")) << server_->output();
    const int port = std::atoi(server_->output().c_str() + server_->output().find(" port=") + 6);
    caller_ = std::jthread([this, port](const std::stop_token& stop) {
      const RelatedSearchClient client(
          {.server = absl::StrCat("127.0.0.1:", port), .deadline = absl::Seconds(60), .max_attempts = 1});
      v1::GetRelatedKeywordsRequest request;
      request.set_query("running shoes");
      std::string first;
      for (; !stop.stop_requested(); ++calls_) {
        auto response = client.GetRelatedKeywords(request);
        ASSERT_OK(response);
        response->clear_index_version();  // All versions are built from one log.
        if (first.empty()) first = response->SerializeAsString();
        ASSERT_EQ(response->SerializeAsString(), first);
      }
    });
  }

  // The next build succeeds and is served; nothing was refused, and nothing lies about.
  void ExpectTheNextBuildIsServed() {
    ASSERT_NO_FATAL_FAILURE(BuildOrFail());
    ASSERT_OK_AND_ASSIGN(const auto active, IndexRoot(Index()).Active());
    EXPECT_TRUE(server_->ReadUntil(absl::StrCat("index swapped version=", *active)));
    caller_ = {};
    EXPECT_GT(calls_, 0);
    server_->Signal(SIGTERM);
    EXPECT_EQ(server_->Wait(), 0);
    EXPECT_THAT(server_->output(), Not(HasSubstr("refused")));
    for (const auto& entry : fs::directory_iterator(Index())) {
      const std::string name = entry.path().filename();
      EXPECT_THAT(name, AnyOf("ACTIVE", ".LOCK", ::testing::ContainsRegex("^[0-9]+$")));
    }
    ChildProcess verify({kIndexProgram, "verify", "--index=" + Index()});
    EXPECT_EQ(verify.Wait(), 0) << verify.output();
  }

  const TempDir dir_;
  std::string log_;
  std::unique_ptr<ChildProcess> server_;
  std::atomic<int64_t> calls_ = 0;
  std::jthread caller_;
};

TEST_F(BuildFaultTest, KilledBuildsAreNotNoticed) {
  ASSERT_NO_FATAL_FAILURE(StartServing());
  std::mt19937 random(4);
  for (int i = 0; i < 8; ++i) {
    ChildProcess build(BuildCommand());
    absl::SleepFor(absl::Milliseconds(random() % 250));
    build.Signal(SIGKILL);
    build.Wait();
  }
  ExpectTheNextBuildIsServed();
}

// Works for every user: no file may grow above a limit, which fails a write as a full disk does, or kills.
TEST_F(BuildFaultTest, BuildsThatMayNotWriteAreNotNoticed) {
  ASSERT_NO_FATAL_FAILURE(StartServing());
  for (const char* signal : {"trap '' XFSZ;", ""}) {
    for (const int blocks : {2, 8}) {
      SCOPED_TRACE(absl::StrCat(signal, " ", blocks));
      std::string command = absl::StrCat(signal, " ulimit -f ", blocks, "; exec");
      for (const std::string& argument : BuildCommand()) absl::StrAppend(&command, " '", argument, "'");
      ChildProcess build({"/bin/sh", "-c", command});
      EXPECT_NE(build.Wait(), 0) << build.output();
    }
  }
  ExpectTheNextBuildIsServed();
}

TEST_F(BuildFaultTest, FullDiskIsNamedAndNotNoticed) {
  const SmallDisk disk(Index());
  if (!disk.mounted()) GTEST_SKIP() << "no file system may be mounted here; the test before this one takes its place";
  ASSERT_NO_FATAL_FAILURE(StartServing());
  for (const uintmax_t free_kib : {0, 20, 40}) {
    SCOPED_TRACE(free_kib);
    disk.Fill(free_kib << 10);
    ChildProcess build(BuildCommand());
    EXPECT_EQ(build.Wait(), 1);
    EXPECT_THAT(build.output(), HasSubstr("No space left on device"));
  }
  disk.Empty();
  ExpectTheNextBuildIsServed();
}

// Of what does not fit into the budget.
TEST_F(BuildFaultTest, FullTempFolderIsNamedAndNotNoticed) {
  fs::create_directory(dir_.File("temp"));
  const SmallDisk disk(dir_.File("temp"));
  if (!disk.mounted()) GTEST_SKIP() << "no file system may be mounted here; MineTest takes its place";
  ASSERT_NO_FATAL_FAILURE(StartServing());
  std::vector<std::string> command = BuildCommand();
  command.push_back("--temp_dir=" + dir_.File("temp"));
  command.push_back("--memory_budget=1MiB");
  for (const uintmax_t free_kib : {0, 64}) {
    SCOPED_TRACE(free_kib);
    disk.Fill(free_kib << 10);
    ChildProcess build(command);
    EXPECT_EQ(build.Wait(), 1);
    EXPECT_THAT(build.output(),
                AllOf(HasSubstr("a temporary file in " + dir_.File("temp")), HasSubstr("No space left")));
  }
  disk.Empty();
  ExpectTheNextBuildIsServed();
}

}  // namespace
}  // namespace kindred
