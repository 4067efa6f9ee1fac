// Waits for what another thread or process does, but not for ever.
#pragma once

#include <thread>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kindred::testing {

// Whether `condition` came true within a minute.
[[nodiscard]] inline bool WaitUntil(absl::FunctionRef<bool()> condition) {
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (!condition()) {
    if (absl::Now() > give_up) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace kindred::testing
