// The whole of a call but gRPC: the bytes of a request in, the bytes of its response out.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/rate_limit.h"
#include "server/request_parser.h"
#include "server/server_metrics.h"
#include "server/snapshot_store.h"

namespace kindred {

// Thread-safe. An index that does not decode is logged, at most once a second and without the query, which is logged at
// debug.
class Responder {
 public:
  struct Options {
    uint32_t default_keywords = 8;  // Where a request asks for 0; 1 to kMaxKeywords.
    std::string default_market;     // Where a request names none; empty: the index's own default.
  };

  // `store` and `metrics` must outlive the responder.
  Responder(const SnapshotStore* store, ServerMetrics* metrics, const Options& options);

  // A serialized GetRelatedKeywordsResponse.
  //   InvalidArgument: as ParseRequest().  DataLoss: the index does not decode.
  absl::StatusOr<std::string> Respond(absl::string_view request) const;
  enum class Effort { kWithoutSearch, kAll };
  // The same. nullopt: it takes a search among near queries, which was not to be made, and nothing is counted.
  absl::StatusOr<std::optional<std::string>> Respond(absl::string_view request, Effort effort) const;
  // Queries of a batch whose answers are brought into the processor's caches together. Chosen, not measured against
  // other sizes: more than the fetches from memory that a processor keeps under way.
  static constexpr size_t kBatchStep = 16;
  // A batch, as far as it is answered.
  struct Batch {
    std::shared_ptr<const Snapshot> snapshot;  // One index version for all of it; nullptr: none of it is answered.
    size_t answered = 0;                       // So many of the requests.
    std::string responses;                     // Of these: in the end, a serialized BatchGetRelatedKeywordsResponse.
  };
  // Judges a serialized BatchGetRelatedKeywordsRequest and answers those of it that are not answered yet. `go_on` is
  // asked before the first, after each that took more than a look into the cache, and at least once in kBatchStep;
  // where it is not OK, that is the outcome, and another call goes on from there. REQUIRES: all calls for one `batch`
  // are of the same bytes.
  //   InvalidArgument: as SplitBatchRequest() and ParseRequest(), such as "requests[17].query"; nothing is answered but
  //   before one that is too long once it is normalized.  DataLoss: as above.  Else as `go_on`.
  absl::Status Answer(absl::string_view request, Batch& batch, absl::FunctionRef<absl::Status()> go_on) const;

 private:
  struct BatchedRequest {
    absl::string_view bytes;
    std::optional<RequestView> seen;
    std::shared_ptr<const kindred::Answer> kept;
  };
  absl::Status AnswerStep(absl::Span<BatchedRequest> requests, Batch& batch,
                          absl::FunctionRef<absl::Status()> go_on) const;
  // nullopt: a recent query has no normal form.
  std::optional<std::string> RespondWith(const kindred::Answer& kept, const RequestView& request) const;
  absl::StatusOr<std::optional<std::string>> ParseAndRespond(absl::string_view request, const Snapshot& snapshot,
                                                             Effort effort) const;
  // `request` is within the limits, and UTF-8.
  absl::StatusOr<std::optional<std::string>> AskAndRespond(const RequestView& request, const Snapshot& snapshot,
                                                           Effort effort) const;
  Question QuestionOf(const RequestView& request, const Snapshot& snapshot) const;
  void ReportDamage(const Question& question, const Snapshot& snapshot, const absl::Status& status) const;

  const SnapshotStore* const store_;
  ServerMetrics* const metrics_;
  const Options options_;
  mutable RateLimit damage_reports_{std::chrono::seconds(1)};
};

}  // namespace kindred
