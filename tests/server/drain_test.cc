// Replicas that are restarted one after another, under a client that balances its load over them as service meshes and
// gRPC's own clients do: by the health that each replica reports.
#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "tests/server/wait_until.h"
#include "tests/testing/child_process.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred {
namespace {

using ::kindred::testing::ChildProcess;
using ::kindred::testing::MakeLists;
using ::kindred::testing::PublishTinyIndex;
using ::kindred::testing::TempDir;
using ::kindred::testing::WaitUntil;

// A kindred-server that always comes back at the same port.
class Replica {
 public:
  explicit Replica(const std::string& index) : index_(index) { Start(); }

  void Start() {
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{std::string(KINDRED_BINARY_DIR) + "/bin/kindred-server", "--index", index_,
                                 absl::StrCat("--listen=127.0.0.1:", port_), "--metrics_listen=", "--drain_grace=1h",
                                 "--max_connection_age=1s"});
    ASSERT_TRUE(process_->ReadUntil("info serving ")) << process_->output();
    ASSERT_TRUE(process_->ReadUntil(" port="));
    ASSERT_TRUE(process_->ReadUntil("\n"));
    const std::string& log = process_->output();
    port_ = std::atoi(log.c_str() + log.find(" port=") + 6);
  }
  // The first signal turns health NOT_SERVING; the second ends the wait for balancers.
  void Signal() const { process_->Signal(SIGTERM); }
  int Wait() { return process_->Wait(); }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  const std::string index_;
  int port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

std::shared_ptr<grpc::Channel> BalancingChannel(const std::vector<Replica*>& replicas) {
  std::string target = "ipv4:";
  for (const Replica* replica : replicas) absl::StrAppend(&target, target == "ipv4:" ? "" : ",", replica->address());
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(R"({"loadBalancingConfig": [{"round_robin": {}}],
                                     "healthCheckConfig": {"serviceName": "kindred.v1.RelatedSearchService"}})");
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 60'000);  // How long a slow machine may take to connect.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

// Calls without end, each of which must succeed, and none of which the client tries again.
class Callers {
 public:
  explicit Callers(const std::vector<Replica*>& replicas) : channel_(BalancingChannel(replicas)) {
    for (const Replica* replica : replicas) answers_.push_back({"ipv4:" + replica->address(), 0});
    for (int i = 0; i < 3; ++i) threads_.emplace_back([this](const std::stop_token& stop) { Call(stop); });
  }

  // Whether `replica` answers calls.
  bool Answers(size_t replica) {
    return WaitUntil([&, before = answers_[replica].count.load()] { return answers_[replica].count > before; });
  }
  // Whether none of many calls in succession is answered by `replica`, in the end.
  bool AvoidsInTheEnd(size_t replica) {
    return WaitUntil([&] {
      const int64_t before = answers_[replica].count;
      const int64_t others = answers_[1 - replica].count;
      return WaitUntil([&] { return answers_[1 - replica].count >= others + 100; }) &&
             answers_[replica].count == before;
    });
  }

 private:
  struct Answered {
    Answered(std::string peer, int64_t count) : peer(std::move(peer)), count(count) {}
    Answered(Answered&& other) noexcept : peer(other.peer), count(other.count.load()) {}
    const std::string peer;
    std::atomic<int64_t> count;
  };

  void Call(const std::stop_token& stop) {
    const auto stub = v1::RelatedSearchService::NewStub(channel_);
    v1::GetRelatedKeywordsRequest request;
    request.set_query("tent");
    while (!stop.stop_requested()) {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
      v1::GetRelatedKeywordsResponse response;
      const grpc::Status status = stub->GetRelatedKeywords(&context, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_code() << ": " << status.error_message() << " from " << context.peer();
      for (Answered& each : answers_) each.count += context.peer() == each.peer ? 1 : 0;
    }
  }

  const std::shared_ptr<grpc::Channel> channel_;
  std::vector<Answered> answers_;
  std::vector<std::jthread> threads_;
};

// Connections reach their age meanwhile, too.
TEST(DrainTest, RestartsOfOneReplicaAfterAnotherFailNoCall) {
  const TempDir dir;
  ASSERT_OK(PublishTinyIndex(dir.path(), MakeLists({{"tent", {"stove"}}})));
  Replica first(dir.path());
  Replica second(dir.path());
  const std::vector<Replica*> replicas = {&first, &second};
  Callers callers(replicas);
  for (int restart = 0; restart < 4; ++restart) {
    const size_t leaving = restart % 2;
    ASSERT_TRUE(callers.Answers(0) && callers.Answers(1));
    replicas[leaving]->Signal();
    ASSERT_TRUE(callers.AvoidsInTheEnd(leaving));
    replicas[leaving]->Signal();
    EXPECT_EQ(replicas[leaving]->Wait(), 0);
    replicas[leaving]->Start();
  }
  EXPECT_TRUE(callers.Answers(0) && callers.Answers(1));
}

}  // namespace
}  // namespace kindred
