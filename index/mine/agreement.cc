#include "index/mine/agreement.h"

#include <algorithm>

namespace kindred {
namespace {

constexpr int64_t kDayMs = 24 * 60 * 60 * 1000;
constexpr int64_t kLogDaysPerWantedDay = 8;

// Who is left when a day gives `cap` at most.
uint32_t Left(absl::Span<const DayNumber> days, uint32_t cap) {
  uint32_t left = 0, of_day = 0;
  for (size_t i = 0; i < days.size(); ++i) {
    of_day = i > 0 && days[i] == days[i - 1] ? of_day + 1 : 1;
    left += of_day <= cap;
  }
  return left;
}

}  // namespace

DayNumber DayOf(int64_t time_ms) {
  return static_cast<DayNumber>(std::clamp<int64_t>(time_ms / kDayMs, 0, UINT16_MAX));
}

uint32_t AgreedUsers(absl::Span<const DayNumber> days, uint32_t wanted_days) {
  const uint32_t all = static_cast<uint32_t>(days.size());
  if (wanted_days <= 1 || all <= 1) return all;
  // From above: n people left under the cap of n' > n are a bound for every further n, so that n falls to the largest
  // one that keeps itself.
  uint32_t n = all;
  for (;;) {
    const uint32_t left = Left(days, (n + wanted_days - 1) / wanted_days);
    if (left >= n) return n;
    n = left;
  }
}

uint32_t WantedDays(int64_t log_days, uint32_t most) {
  return static_cast<uint32_t>(std::clamp<int64_t>(log_days / kLogDaysPerWantedDay, 1, std::max(most, 1u)));
}

}  // namespace kindred
