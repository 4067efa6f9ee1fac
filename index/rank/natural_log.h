// The natural logarithm as additions and multiplications alone, so that a loop over a column becomes vector code and
// every machine gets the same bits, which the C library does not promise.
#pragma once

#include <bit>
#include <cstdint>

namespace kindred {

// Within 1e-7 of the value or of its size, whichever is more; 0 of 1. REQUIRES: x is normal and above 0.
//
// x = 2^e m with m in [sqrt(1/2), sqrt(2)); ln x = e ln 2 + ln m, ln m by a polynomial of m - 1: the coefficients of
// logf() in Moshier's Cephes library. ln 2 stands as a short number and a rest, so that e times the former is exact.
inline float NaturalLog(float x) {
  const auto bits = std::bit_cast<int32_t>(x);
  const int32_t exponent = (bits - 0x3F3504F3) >> 23;  // The bits of sqrt(1/2).
  const float m = std::bit_cast<float>(bits - (exponent << 23)) - 1.f;
  float y = 7.0376836292e-2f;
  y = y * m - 1.1514610310e-1f;
  y = y * m + 1.1676998740e-1f;
  y = y * m - 1.2420140846e-1f;
  y = y * m + 1.4249322787e-1f;
  y = y * m - 1.6668057665e-1f;
  y = y * m + 2.0000714765e-1f;
  y = y * m - 2.4999993993e-1f;
  y = y * m + 3.3333331174e-1f;
  const auto e = static_cast<float>(exponent);
  const float square = m * m;
  y = y * m * square - 2.12194440e-4f * e - .5f * square;
  return m + y + .693359375f * e;
}

}  // namespace kindred
