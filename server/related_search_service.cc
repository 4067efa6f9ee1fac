#include "server/related_search_service.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/logging.h"
#include "common/status_macros.h"
#include "grpcpp/grpcpp.h"
#include "kindred/v1/related_search.grpc.pb.h"
#include "server/request_parser.h"
#include "server/trace_context.h"

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

// How many a batch asks, at least 1, as of one that is to be refused.
int QueriesOf(const grpc::ByteBuffer& batch) {
  const MessageBytes bytes(batch);
  const auto requests = SplitBatchRequest(bytes.view());
  return requests.ok() ? static_cast<int>(requests->size()) : 1;
}

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

// What a call's log lines say of the trace that it belongs to.
LogFields TraceOf(const grpc::CallbackServerContext& context) {
  const auto header = context.client_metadata().find("traceparent");
  if (header == context.client_metadata().end()) return {};
  return TraceFields({header->second.data(), header->second.size()});
}

// Where single calls take longer than this on average, those that search among near queries are handed over. To refuse
// a call takes 50 to 100 us of a processor, in gRPC, so that there is little to win by it where to answer takes no
// more.
constexpr absl::Duration kWorthHandingOver = absl::Microseconds(100);
// The same of batches: to wake a thread for one and to send its long answer from there costs more. One that looked
// cheap and has taken kLongestBatchHere where it arrived is handed over before its next query.
constexpr absl::Duration kBatchWorthHandingOver = absl::Microseconds(200), kLongestBatchHere = absl::Milliseconds(1);

// One call, from its arrival to its answer.
struct Call {
  Method method;
  grpc::CallbackServerContext* context;
  const grpc::ByteBuffer* request;
  grpc::ByteBuffer* response;
  CountedCall counted;
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();  // Made by its first caller: this thread.
};

class Service final : public RawService {
  using Effort = Responder::Effort;

 public:
  explicit Service(const RelatedSearchParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* GetRelatedKeywords(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override {
    const Call call = Begin(Method::kGet, context, request, response);
    bool done = false;
    parts_.singles->DoHere(1, [&] {
      const bool may_search = parts_.singles->unit_cost() < kWorthHandingOver;
      done = AnswerSingle(call, may_search ? Effort::kAll : Effort::kWithoutSearch);
      return done;
    });
    if (done) return call.reactor;
    const auto answer = [this, call](bool late) {
      late ? Shed(call) : static_cast<void>(AnswerSingle(call, Effort::kAll));
    };
    if (!parts_.singles->TryAdd(1, answer)) Shed(call);
    return call.reactor;
  }

  grpc::ServerUnaryReactor* BatchGetRelatedKeywords(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) override {
    const Call call = Begin(Method::kBatch, context, request, response);
    if (const absl::Status status = CheckCaller(*context); !status.ok()) {
      Refuse(call, status);
      return call.reactor;
    }
    const int queries = QueriesOf(*request);
    Responder::Batch batch;
    bool finished = false;
    if (queries * parts_.batches->unit_cost() < kBatchWorthHandingOver) {
      parts_.batches->DoHere(queries, [&] {
        finished = AnswerBatch(call, batch, absl::Now() + kLongestBatchHere);
        return true;  // As far as it came.
      });
    }
    if (finished) return call.reactor;
    auto answer = [this, call, batch = std::move(batch)](bool late) mutable {
      late ? Shed(call) : static_cast<void>(AnswerBatch(call, batch, absl::InfiniteFuture()));
    };
    if (!parts_.batches->TryAdd(queries, std::move(answer))) Shed(call);
    return call.reactor;
  }

 private:
  Call Begin(Method method, grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
             grpc::ByteBuffer* response) const {
    return {method, context, request, response, CountedCall(parts_.metrics, method, request->Length())};
  }

  // False: it takes a search among near queries, and that was not to be done.
  bool AnswerSingle(const Call& call, Effort effort) const {
    const auto trace = [&call] { return TraceOf(*call.context); };
    const LogScope scope(trace);
    const absl::StatusOr<bool> responded = RespondToSingle(call, effort);
    if (responded.ok() && !*responded) return false;
    Finish(call, responded.status());
    return true;
  }

  // False: it would have gone on after `latest`. What it has begun is in `batch`, to go on with.
  bool AnswerBatch(const Call& call, Responder::Batch& batch, absl::Time latest) const {
    const auto trace = [&call] { return TraceOf(*call.context); };
    const LogScope scope(trace);
    bool too_late = false;
    const absl::Status status = RespondToBatch(call, batch, [&] {
      too_late = absl::Now() > latest;
      return too_late ? absl::DeadlineExceededError("not here") : StillWanted(*call.context);
    });
    if (!too_late) Finish(call, status);
    return !too_late;
  }

  void Shed(const Call& call) const {
    Refuse(call, absl::ResourceExhaustedError("more to do than can be done soon: ask another replica, or later"));
  }

  void Refuse(const Call& call, const absl::Status& why) const {
    const auto trace = [&call] { return TraceOf(*call.context); };
    const LogScope scope(trace);
    Finish(call, why);
  }

  // OK: somebody who may ask waits for the answer.
  absl::Status CheckCaller(const grpc::CallbackServerContext& context) const {
    RETURN_IF_ERROR(StillWanted(context));
    return Authenticate(context, parts_.tokens);
  }

  absl::StatusOr<bool> RespondToSingle(const Call& call, Effort effort) const {
    RETURN_IF_ERROR(CheckCaller(*call.context));
    ASSIGN_OR_RETURN(const std::optional<std::string> response,
                     parts_.responder->Respond(MessageBytes(*call.request).view(), effort));
    if (response.has_value()) *call.response = ToByteBuffer(*response);
    return response.has_value();
  }

  absl::Status RespondToBatch(const Call& call, Responder::Batch& batch,
                              absl::FunctionRef<absl::Status()> go_on) const {
    RETURN_IF_ERROR(parts_.responder->Answer(MessageBytes(*call.request).view(), batch, go_on));
    *call.response = ToByteBuffer(batch.responses);
    return absl::OkStatus();
  }

  void Finish(const Call& call, const absl::Status& status) const {
    call.counted.Finish(status.code(), call.response->Length());
    if (LogsDebug()) {
      LogDebug("call", {{"method", call.method == Method::kGet ? "GetRelatedKeywords" : "BatchGetRelatedKeywords"},
                        {"code", absl::StatusCodeToString(status.code())},
                        {"took", absl::FormatDuration(call.counted.age())}});
    }
    call.reactor->Finish(status.ok() ? grpc::Status::OK : ToGrpc(status));
  }

  const RelatedSearchParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRelatedSearchService(const RelatedSearchParts& parts) {
  return std::make_unique<Service>(parts);
}

}  // namespace kindred
