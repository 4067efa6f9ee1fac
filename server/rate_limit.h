// Keeps a log readable where one cause fails every call.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace kindred {

// Lets one event a period pass and counts those that it holds back. Thread-safe, without a lock.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateLimit(Clock::duration period) : period_(period.count()) {}

  // Where the event may pass: how many were held back since the last that did. One held back while another passes is
  // counted by that or by the next that passes, never by both.
  std::optional<int64_t> Pass(Clock::time_point now) {
    const Clock::rep ticks = now.time_since_epoch().count();
    Clock::rep next = next_.load(std::memory_order_relaxed);
    if (ticks < next || !next_.compare_exchange_strong(next, ticks + period_, std::memory_order_relaxed)) {
      held_back_.fetch_add(1, std::memory_order_relaxed);
      return std::nullopt;
    }
    return held_back_.exchange(0, std::memory_order_relaxed);
  }

 private:
  const Clock::rep period_;
  std::atomic<Clock::rep> next_ = INT64_MIN;
  std::atomic<int64_t> held_back_ = 0;
};

}  // namespace kindred
