// The whole of a call but gRPC: the bytes of a request in, the bytes of its response out.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/rate_limit.h"
#include "server/server_metrics.h"
#include "server/snapshot_store.h"

namespace kindred::v1 {
class GetRelatedKeywordsRequest;
}

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
  // A serialized BatchGetRelatedKeywordsResponse, all of it from one index version. `go_on` is asked before each query;
  // where it is not OK, that is the outcome.
  //   InvalidArgument: as ParseBatchRequest().  DataLoss: as above.  Else as `go_on`.
  absl::StatusOr<std::string> RespondToBatch(absl::string_view request, absl::FunctionRef<absl::Status()> go_on) const;

 private:
  absl::StatusOr<std::string> Respond(const v1::GetRelatedKeywordsRequest& request, const Snapshot& snapshot) const;
  void ReportDamage(const Question& question, const Snapshot& snapshot, const absl::Status& status) const;

  const SnapshotStore* const store_;
  ServerMetrics* const metrics_;
  const Options options_;
  mutable RateLimit damage_reports_{std::chrono::seconds(1)};
};

}  // namespace kindred
