#include "server/related_search_service.h"

#include <chrono>
#include <string>

#include "absl/time/clock.h"
#include "grpcpp/grpcpp.h"
#include "kindred/v1/related_search.grpc.pb.h"

namespace kindred {
namespace {

using v1::RelatedSearchService;
using RawService = RelatedSearchService::WithRawCallbackMethod_GetRelatedKeywords<
    RelatedSearchService::WithRawCallbackMethod_BatchGetRelatedKeywords<RelatedSearchService::Service>>;

// The bytes of a message. Small ones arrive in one slice, which is used where it lies.
class MessageBytes {
 public:
  explicit MessageBytes(const grpc::ByteBuffer& buffer) {
    if (!buffer.TrySingleSlice(&slice_).ok()) buffer.DumpToSingleSlice(&slice_);
  }
  absl::string_view view() const { return {reinterpret_cast<const char*>(slice_.begin()), slice_.size()}; }

 private:
  grpc::Slice slice_;
};

grpc::ByteBuffer ToByteBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

grpc::Status ToGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

class Service final : public RawService {
 public:
  Service(const Responder* responder, ServerMetrics* metrics) : responder_(responder), metrics_(metrics) {}

  grpc::ServerUnaryReactor* GetRelatedKeywords(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override {
    const absl::Time start = absl::Now();
    const absl::StatusOr<Responder::Response> answer = responder_->Respond(MessageBytes(*request).view());
    if (answer.ok()) *response = ToByteBuffer(answer->bytes);
    metrics_->CountCall(Method::kGet, answer.status().code(), answer.ok() ? answer->match : MatchKind::kNone,
                        absl::Now() - start);
    return Finish(context, answer.status());
  }

  grpc::ServerUnaryReactor* BatchGetRelatedKeywords(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) override {
    const absl::Time start = absl::Now();
    const absl::StatusOr<std::string> answer = responder_->RespondToBatch(MessageBytes(*request).view(), [context] {
      return context->IsCancelled() || std::chrono::system_clock::now() > context->deadline();
    });
    if (answer.ok()) *response = ToByteBuffer(*answer);
    metrics_->CountCall(Method::kBatch, answer.status().code(), MatchKind::kNone, absl::Now() - start);
    return Finish(context, answer.status());
  }

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const absl::Status& status) {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(status.ok() ? grpc::Status::OK : ToGrpc(status));
    return reactor;
  }

  const Responder* const responder_;
  ServerMetrics* const metrics_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRelatedSearchService(const Responder* responder, ServerMetrics* metrics) {
  return std::make_unique<Service>(responder, metrics);
}

}  // namespace kindred
