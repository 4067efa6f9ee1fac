#include "client/related_search_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "absl/synchronization/notification.h"
#include "google/protobuf/wrappers.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "kindred/v1/related_search.grpc.pb.h"

namespace kindred {
namespace {

// After a connection is lost. gRPC's own defaults, 1 s growing to 2 minutes, suit wide networks.
constexpr int kFirstReconnectMs = 100;
constexpr int kMaxReconnectMs = 2000;
// How long one attempt may take, TLS and all; the calls that wait for it keep their deadlines.
constexpr int kConnectMs = 2000;

// gRPC retries by itself, within the call's deadline, and stops where more fails than succeeds (retryThrottling). A
// server that stops while a call is on its way cancels it; nothing else does, but who made the call.
std::string ServiceConfig(int max_attempts) {
  if (max_attempts <= 1) return "{}";
  return absl::Substitute(R"({
    "methodConfig": [{
      "name": [{"service": "$0"}],
      "retryPolicy": {"maxAttempts": $1, "initialBackoff": "0.01s", "maxBackoff": "0.1s", "backoffMultiplier": 2,
                      "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"]}
    }],
    "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}
  })",
                          v1::RelatedSearchService::service_full_name(), max_attempts);
}

std::shared_ptr<grpc::ChannelCredentials> Credentials(const std::optional<RelatedSearchClient::Tls>& tls) {
  if (!tls.has_value()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = tls->ca;
  options.pem_cert_chain = tls->certificate;
  options.pem_private_key = tls->key;
  return grpc::SslCredentials(options);
}

std::shared_ptr<grpc::Channel> MakeChannel(const RelatedSearchClient::Options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(ServiceConfig(options.max_attempts));
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  return grpc::CreateCustomChannel(options.server, Credentials(options.tls), arguments);
}

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace

// The messages of grpc.health.v1 are on the wire what Protobuf's wrappers are: HealthCheckRequest has one field, the
// service's name, number 1; HealthCheckResponse has one, the status, number 1.
using HealthStub = grpc::TemplatedGenericStub<google::protobuf::StringValue, google::protobuf::Int32Value>;
constexpr int kServing = 1;

struct RelatedSearchClient::Rep {
  explicit Rep(const Options& options)
      : options(options),
        channel(MakeChannel(options)),
        stub(v1::RelatedSearchService::NewStub(channel)),
        health(channel) {}

  void SetDeadline(grpc::ClientContext& context) const {
    context.set_deadline(absl::ToChronoTime(absl::Now() + options.deadline));
  }

  // Calls `method` of the stub within the deadline.
  template <typename Response, typename Request, typename StubMethod>
  absl::StatusOr<Response> Call(StubMethod method, const Request& request) const {
    grpc::ClientContext context;
    SetDeadline(context);
    if (!options.token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", options.token));
    Response response;
    const grpc::Status status = (stub.get()->*method)(&context, request, &response);
    if (!status.ok()) return FromGrpc(status);
    return response;
  }

  const Options options;
  const std::shared_ptr<grpc::Channel> channel;
  const std::unique_ptr<v1::RelatedSearchService::Stub> stub;
  mutable HealthStub health;
};

RelatedSearchClient::RelatedSearchClient(const Options& options) : rep_(std::make_unique<Rep>(options)) {}
RelatedSearchClient::~RelatedSearchClient() = default;

absl::StatusOr<v1::GetRelatedKeywordsResponse> RelatedSearchClient::GetRelatedKeywords(
    const v1::GetRelatedKeywordsRequest& request) const {
  return rep_->Call<v1::GetRelatedKeywordsResponse>(&v1::RelatedSearchService::Stub::GetRelatedKeywords, request);
}

absl::StatusOr<v1::BatchGetRelatedKeywordsResponse> RelatedSearchClient::BatchGetRelatedKeywords(
    const v1::BatchGetRelatedKeywordsRequest& request) const {
  return rep_->Call<v1::BatchGetRelatedKeywordsResponse>(&v1::RelatedSearchService::Stub::BatchGetRelatedKeywords,
                                                         request);
}

absl::Status RelatedSearchClient::CheckHealth() const {
  grpc::ClientContext context;
  rep_->SetDeadline(context);
  google::protobuf::StringValue service;
  service.set_value(v1::RelatedSearchService::service_full_name());
  google::protobuf::Int32Value serving_status;
  grpc::Status status;
  absl::Notification done;
  rep_->health.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &service, &serving_status,
                         [&status, &done](grpc::Status result) {
                           status = std::move(result);
                           done.Notify();
                         });
  done.WaitForNotification();
  if (!status.ok()) return FromGrpc(status);
  if (serving_status.value() == kServing) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(rep_->options.server, " is not serving"));
}

}  // namespace kindred
