// gRPC calls made of HTTP/2 frames by hand, for a load that gRPC's own client could not make: beside a server on the
// same machine it would need more of the processors than the server has.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kindred::bench {

struct PoissonLoad {
  int port = 0;        // On 127.0.0.1, plain text.
  std::string method;  // "/package.Service/Method"
  int connections = 1;
  double calls_per_second = 0;
  absl::Duration duration;
};

struct SentCall {
  static constexpr int kUnanswered = -1;  // Within a few seconds after the last was sent; or the stream was reset.

  double late_ms = 0;      // By which it was sent.
  double took_ms = 0;      // Since it was sent.
  int code = kUnanswered;  // gRPC's status.
};

// Sends `requests` one after another, and from the start again, each when it is due, whatever became of those before:
// the gaps are those of callers who know nothing of one another. One thread. The calls in the order in which they were
// due.
//   Unavailable: no connection, or one that the server closed.
absl::StatusOr<std::vector<SentCall>> Send(const PoissonLoad& load, const std::vector<std::string>& requests);

}  // namespace kindred::bench
