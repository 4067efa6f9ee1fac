// A clock that a test sets.
#pragma once

#include "absl/time/time.h"
#include "common/clock.h"

namespace kindred::testing {

class FakeClock final : public Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Time now = absl::UnixEpoch();
};

}  // namespace kindred::testing
