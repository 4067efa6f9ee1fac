// A whole server in this process, on a free port, over a real index that the test publishes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/clock.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/grpc_server.h"
#include "server/index_watcher.h"
#include "server/related_search_service.h"
#include "server/responder.h"
#include "server/server_metrics.h"
#include "server/snapshot_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_dir.h"
#include "tests/testing/tiny_index.h"

namespace kindred::testing {

inline const TinyMarkets kCamping = {{"", MakeLists({{"tent", {"stove", "lamp"}}})}};
inline constexpr char kGetMethod[] = "/kindred.v1.RelatedSearchService/GetRelatedKeywords";
inline constexpr char kBatchMethod[] = "/kindred.v1.RelatedSearchService/BatchGetRelatedKeywords";

// Members die in reverse order, as in the server's main().
class TestServer {
 public:
  explicit TestServer(const TinyMarkets& markets, const Responder::Options& options = {},
                      const GrpcServer::Options& server_options = {.listen = "127.0.0.1:0"},
                      const SnapshotStore::Options& store_options = {}) {
    EXPECT_OK(PublishTinyIndex(dir_.path(), markets));
    auto store = SnapshotStore::Open(IndexRoot(dir_.path()), store_options);
    EXPECT_OK(store);
    store_ = *std::move(store);
    responder_ = std::make_unique<Responder>(store_.get(), &metrics_, options);
    service_ = MakeRelatedSearchService(
        {.responder = responder_.get(), .metrics = &metrics_, .singles = &singles_, .batches = &batches_});
    auto server = GrpcServer::Start(server_options, service_.get());
    EXPECT_OK(server);
    server_ = *std::move(server);
    watcher_ = std::make_unique<IndexWatcher>(store_.get(), &metrics_, &clock_, IndexWatcher::Options());
    channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    stub_ = v1::RelatedSearchService::NewStub(channel_);
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", server_->port()); }
  const std::string& root() const { return dir_.path(); }
  v1::RelatedSearchService::Stub& stub() { return *stub_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  GrpcServer& server() { return *server_; }
  IndexWatcher& watcher() { return *watcher_; }
  ServerMetrics& metrics() { return metrics_; }
  SnapshotStore& store() { return *store_; }
  WorkQueue& singles() { return singles_; }
  WorkQueue& batches() { return batches_; }

  // The sum of a counter's series, or of a histogram's counts, that have all these label values.
  double Counter(const std::string& name, const std::vector<std::string>& labels) const {
    double sum = 0;
    for (const auto& family : metrics_.collectable()->Collect()) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) {
        const auto has = [&metric](const std::string& value) {
          return absl::c_any_of(metric.label, [&value](const auto& label) { return label.value == value; });
        };
        const auto count = static_cast<double>(metric.histogram.sample_count);
        if (absl::c_all_of(labels, has)) sum += metric.counter.value + count;
      }
    }
    return sum;
  }
  // How many calls of a method ended with a status.
  double Calls(const std::string& method, const std::string& status) const {
    return Counter("grpc_server_call_duration_seconds", {"kindred.v1.RelatedSearchService/" + method, status});
  }

  grpc::Status Ask(const v1::GetRelatedKeywordsRequest& request, v1::GetRelatedKeywordsResponse* response) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    return stub_->GetRelatedKeywords(&context, request, response);
  }

 private:
  const TempDir dir_;
  const SystemClock clock_;
  ServerMetrics metrics_;
  std::unique_ptr<SnapshotStore> store_;
  std::unique_ptr<Responder> responder_;
  // So patient that a slow machine sheds nothing.
  WorkQueue singles_{{.threads = 1, .max_wait = absl::Hours(1)}};
  WorkQueue batches_{{.threads = 1, .max_wait = absl::Hours(1)}};
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<IndexWatcher> watcher_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::RelatedSearchService::Stub> stub_;
};

inline v1::GetRelatedKeywordsRequest Asking(const std::string& query) {
  v1::GetRelatedKeywordsRequest request;
  request.set_query(query);
  return request;
}

// Sends bytes that no generated client would.
inline grpc::Status CallRaw(TestServer& server, const std::string& method, const std::string& bytes) {
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(server.channel());
  grpc::ClientContext context;
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, method, {}, &request, &response, [&](grpc::Status result) {
    status = std::move(result);
    done.Notify();
  });
  done.WaitForNotification();
  return status;
}

inline std::vector<std::string> Keywords(const v1::GetRelatedKeywordsResponse& response) {
  std::vector<std::string> keywords;
  for (const auto& keyword : response.keywords()) keywords.push_back(keyword.keyword());
  return keywords;
}

}  // namespace kindred::testing
