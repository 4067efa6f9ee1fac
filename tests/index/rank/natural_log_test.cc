#include "index/rank/natural_log.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace kindred {
namespace {

TEST(NaturalLogTest, AgreesWithTheLibraryFromTheSmallestToTheLargest) {
  for (float x = std::numeric_limits<float>::min(); x < 1e38f; x *= 1.0037f) {
    const double want = std::log(static_cast<double>(x));
    EXPECT_NEAR(NaturalLog(x), want, 1e-7 * std::max(1., std::abs(want))) << x;
  }
}

TEST(NaturalLogTest, OfOneIsExactlyZero) { EXPECT_EQ(NaturalLog(1), 0); }

TEST(NaturalLogTest, Ascends) {
  for (uint32_t n = 1; n < 100000; ++n) {
    EXPECT_LT(NaturalLog(static_cast<float>(n)), NaturalLog(static_cast<float>(n + 1))) << n;
  }
}

}  // namespace
}  // namespace kindred
