// Sends the same calls to any server, several at once, and measures what comes back. Requests and responses are bytes,
// so that the generator costs the same whatever it talks to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace kindred::bench {

// Calls that are sent when it is their time, whatever became of those before: latencies hold the wait that a slow
// moment makes for the calls behind it.
struct PacedLoad {
  std::string address;
  std::string method;
  int connections = 1;
  double calls_per_second = 0;
  absl::Duration duration;
};

struct PacedCall {
  absl::Duration at;  // When it was due, since the start.
  double latency_us = 0;
  bool failed = false;
};

struct Measured {
  double calls_per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  int64_t calls = 0;  // That were answered; only they have latencies.
  int64_t failed = 0;
};

// Keeps so many calls in flight to one server. Not thread-safe.
class Caller {
 public:
  Caller(const std::string& address, std::string method, int connections, const std::vector<std::string>& requests);
  ~Caller();
  // Sends the requests one after another, and from the first again, until the time is over; the next call goes on
  // where this one stopped. in_flight: over all connections.
  Measured Run(int in_flight, absl::Duration duration);
  size_t sent() const;

 private:
  struct Rep;
  const std::unique_ptr<Rep> rep_;
};

// In no order.
std::vector<PacedCall> Run(const PacedLoad& load, const std::vector<std::string>& requests);

}  // namespace kindred::bench
