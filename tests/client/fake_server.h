// A RelatedSearchService that answers as the test says, on a real socket.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "tests/testing/certificates.h"

namespace kindred::testing {

// Of a server with `identity` that takes clients with certificates of `client_ca` only.
inline std::shared_ptr<grpc::ServerCredentials> MutualTls(const Identity& identity, const std::string& client_ca) {
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_key_cert_pairs.push_back({identity.key, identity.certificate});
  options.pem_root_certs = client_ca;
  return grpc::SslServerCredentials(options);
}

class FakeServer {
 public:
  // `answer` gets the number of the call, from 1, and the request.
  using Answer =
      std::function<grpc::Status(int call, const v1::GetRelatedKeywordsRequest&, v1::GetRelatedKeywordsResponse&)>;

  explicit FakeServer(Answer answer,
                      std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials())
      : service_(std::move(answer)) {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", credentials, &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    SetServing(true);
  }

  void SetServing(bool serving) {
    server_->GetHealthCheckService()->SetServingStatus(v1::RelatedSearchService::service_full_name(), serving);
  }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }
  int calls() const { return service_.calls; }
  // What the last call showed in its header.
  std::string authorization() {
    const absl::MutexLock lock(&service_.mutex);
    return service_.authorization;
  }

 private:
  struct Service final : v1::RelatedSearchService::Service {
    explicit Service(Answer answer) : answer(std::move(answer)) {}
    grpc::Status GetRelatedKeywords(grpc::ServerContext* context, const v1::GetRelatedKeywordsRequest* request,
                                    v1::GetRelatedKeywordsResponse* response) override {
      Remember(*context);
      return answer(++calls, *request, *response);
    }
    grpc::Status BatchGetRelatedKeywords(grpc::ServerContext*, const v1::BatchGetRelatedKeywordsRequest* request,
                                         v1::BatchGetRelatedKeywordsResponse* response) override {
      for (const auto& each : request->requests()) {
        const grpc::Status status = answer(++calls, each, *response->add_responses());
        if (!status.ok()) return status;
      }
      return grpc::Status::OK;
    }
    void Remember(const grpc::ServerContext& context) {
      const auto header = context.client_metadata().find("authorization");
      const absl::MutexLock lock(&mutex);
      authorization =
          header == context.client_metadata().end() ? "" : std::string(header->second.data(), header->second.size());
    }

    const Answer answer;
    std::atomic<int> calls = 0;
    absl::Mutex mutex;
    std::string authorization ABSL_GUARDED_BY(mutex);
  };

  Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace kindred::testing
