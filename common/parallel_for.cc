#include "common/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace kindred {

void ParallelFor(uint32_t threads, size_t count, absl::FunctionRef<void(uint32_t, size_t)> body) {
  std::atomic<size_t> next{0};
  const auto work = [&](uint32_t worker) {
    for (size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) body(worker, i);
  };
  std::vector<std::thread> others;
  try {
    for (uint32_t worker = 1; worker < std::min<size_t>(threads, count); ++worker) others.emplace_back(work, worker);
  } catch (const std::system_error&) {  // The system gives no more threads: those that run do it all.
  }
  work(0);
  for (std::thread& thread : others) thread.join();
}

}  // namespace kindred
