#include "common/clock.h"

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(SystemClockTest, TellsTheTimeBetweenTwoReadings) {
  const SystemClock system;
  const Clock& clock = system;
  const absl::Time before = absl::Now();
  const absl::Time read = clock.Now();
  EXPECT_LE(before, read);
  EXPECT_LE(read, absl::Now());
}

}  // namespace
}  // namespace kindred
