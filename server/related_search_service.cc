#include "server/related_search_service.h"

#include <chrono>
#include <string>

#include "common/status_macros.h"
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

// OK: somebody waits for the answer.
absl::Status StillWanted(const grpc::CallbackServerContext& context) {
  // First, because a call past its deadline is cancelled too.
  if (std::chrono::system_clock::now() > context.deadline()) {
    return absl::DeadlineExceededError("the call's deadline has passed");
  }
  if (context.IsCancelled()) return absl::CancelledError("the caller has gone");
  return absl::OkStatus();
}

// OK: the caller may ask.
absl::Status Authenticate(const grpc::CallbackServerContext& context, TokenFile* tokens) {
  if (tokens == nullptr) return absl::OkStatus();
  const auto header = context.client_metadata().find("authorization");
  if (header != context.client_metadata().end() && tokens->Allows({header->second.data(), header->second.size()})) {
    return absl::OkStatus();
  }
  return absl::UnauthenticatedError("no token of this server's: send the header \"authorization: Bearer TOKEN\"");
}

class Service final : public RawService {
 public:
  Service(const Responder* responder, ServerMetrics* metrics, TokenFile* tokens)
      : responder_(responder), metrics_(metrics), tokens_(tokens) {}

  grpc::ServerUnaryReactor* GetRelatedKeywords(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override {
    const CountedCall call(metrics_, Method::kGet, request->Length());
    const absl::StatusOr<Responder::Response> answer = Respond(*context, *request);
    if (answer.ok()) *response = ToByteBuffer(answer->bytes);
    call.Finish(answer.status().code(), response->Length());
    return Finish(context, answer.status());
  }

  grpc::ServerUnaryReactor* BatchGetRelatedKeywords(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) override {
    const CountedCall call(metrics_, Method::kBatch, request->Length());
    const absl::StatusOr<std::string> answer = RespondToBatch(*context, *request);
    if (answer.ok()) *response = ToByteBuffer(*answer);
    call.Finish(answer.status().code(), response->Length());
    return Finish(context, answer.status());
  }

 private:
  absl::StatusOr<Responder::Response> Respond(const grpc::CallbackServerContext& context,
                                              const grpc::ByteBuffer& request) const {
    RETURN_IF_ERROR(StillWanted(context));
    RETURN_IF_ERROR(Authenticate(context, tokens_));
    return responder_->Respond(MessageBytes(request).view());
  }
  absl::StatusOr<std::string> RespondToBatch(const grpc::CallbackServerContext& context,
                                             const grpc::ByteBuffer& request) const {
    const auto go_on = [&context] { return StillWanted(context); };
    RETURN_IF_ERROR(go_on());
    RETURN_IF_ERROR(Authenticate(context, tokens_));
    return responder_->RespondToBatch(MessageBytes(request).view(), go_on);
  }

  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const absl::Status& status) {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(status.ok() ? grpc::Status::OK : ToGrpc(status));
    return reactor;
  }

  const Responder* const responder_;
  ServerMetrics* const metrics_;
  TokenFile* const tokens_;  // May be null.
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRelatedSearchService(const Responder* responder, ServerMetrics* metrics,
                                                        TokenFile* tokens) {
  return std::make_unique<Service>(responder, metrics, tokens);
}

}  // namespace kindred
