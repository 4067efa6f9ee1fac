// From the bytes of a request to a message that keeps every limit of the API. The server takes bytes rather than parsed
// messages so that a request that is not UTF-8 gets an answer that names the field; gRPC's own parsing says "INTERNAL".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred::v1 {
class GetRelatedKeywordsRequest;
}  // namespace kindred::v1

namespace kindred {

inline constexpr uint32_t kMaxKeywords = 50;
inline constexpr int kMaxBatchRequests = 100;
// The last so many recent queries count; a request may send more, so that a front-end need not count.
inline constexpr int kMaxRecentQueries = 5;
inline constexpr int kMaxRecentQueriesSent = 100;

// Thread-safe.
//   InvalidArgument: the bytes are not this message, or a field breaks its limit; the message names the field and the
//   limit.
absl::StatusOr<v1::GetRelatedKeywordsRequest> ParseRequest(absl::string_view bytes);

// The bytes of each request of a BatchGetRelatedKeywordsRequest, views into `bytes`; for ParseRequest() to judge. Takes
// what Protobuf's parser does, and besides numbers that are written in more bytes than they need.
//   InvalidArgument: the bytes are not this message, or hold none or too many.
absl::StatusOr<std::vector<absl::string_view>> SplitBatchRequest(absl::string_view bytes);

// What a request holds, of its recent queries the last. Views into its bytes, or into a message.
struct RequestView {
  absl::string_view query, market;
  uint32_t max_keywords = 0;  // 0: not given.
  bool explain = false;
  absl::InlinedVector<absl::string_view, kMaxRecentQueries> recent_queries;
};

// By a look at the bytes, which takes a tenth of what a message takes. nullopt: they hold anything else, or break a
// limit, so that ParseRequest() has to say what they are. Whether texts are UTF-8 is not looked at.
std::optional<RequestView> ScanRequest(absl::string_view bytes);

}  // namespace kindred
