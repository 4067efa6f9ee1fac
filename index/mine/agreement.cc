#include "index/mine/agreement.h"

#include <algorithm>

namespace kindred {
namespace {

constexpr int64_t kLogDaysPerWantedDay = 8;

}  // namespace

uint32_t DayTally::Agreed(uint32_t wanted_days) const {
  if (wanted_days <= 1 || people_ <= 1) return people_;
  // From above: n people left under the cap of n' > n are a bound for every further n, so that n falls to the largest
  // one that keeps itself.
  uint32_t n = people_;
  for (;;) {
    const uint32_t cap = (n + wanted_days - 1) / wanted_days;
    uint32_t left = 0;
    for (const uint32_t day : days_) left += std::min(people_of_day_[day], cap);
    if (left >= n) return n;
    n = left;
  }
}

void DayTally::Clear() {
  for (const uint32_t day : days_) people_of_day_[day] = 0;
  days_.clear();
  people_ = 0;
}

uint32_t WantedDays(int64_t log_days, uint32_t most) {
  return static_cast<uint32_t>(std::clamp<int64_t>(log_days / kLogDaysPerWantedDay, 1, std::max(most, 1u)));
}

}  // namespace kindred
