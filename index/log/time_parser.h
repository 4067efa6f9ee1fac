// Reads the time of a log row: ISO 8601, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970.
// Hand-written, because it runs once a row and absl::ParseTime and ICU take a microsecond where this takes tens of
// nanoseconds.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace kindred {

// Milliseconds since 1970 UTC, rounded down; nullopt: not a time as below, or not within 1990-01-01 .. 2199-12-31.
//   2011-10-09                   midnight UTC
//   2011-10-09T17:21[:42[.917]]  'T' or one space; a comma may stand for the dot; without a zone: UTC
//   ...Z  ...UTC  ...+08  ...+08:00  ...-0800    a zone, also after one space
//   1318180902[.917]             seconds; 12 and 13 digits are milliseconds, 15 and 16 microseconds, 18 and 19
//   nanoseconds.
//                                The magnitudes cannot be confused within the range of years.
// Strict: dates that no calendar has (30 February), hour 24, second 60, signs and exponents are refused.
std::optional<int64_t> ParseTimeMs(absl::string_view text);

// The same for every row, where handing over an optional takes as long as reading the number.
inline constexpr int64_t kNoTimeMs = INT64_MIN;
int64_t TimeMsOrNone(absl::string_view text);

}  // namespace kindred
