// How many of those who did something count, so that one day does not speak for all: a crowd that appears on a day and
// is gone is a campaign or an attack, not what shoppers do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kindred {

// Days since 1970, UTC.
using DayNumber = uint16_t;
inline DayNumber DayOf(int64_t time_ms) {
  constexpr int64_t kDayMs = 24 * 60 * 60 * 1000;
  return static_cast<DayNumber>(std::clamp<int64_t>(time_ms / kDayMs, 0, UINT16_MAX));
}

// How many people did something first on each day. Keeps its memory when cleared. Not thread-safe.
class DayTally {
 public:
  // Of one person. REQUIRES: day <= UINT16_MAX.
  void Add(uint32_t day) {
    if (people_of_day_.size() <= day) people_of_day_.resize(day + 1);
    if (people_of_day_[day]++ == 0) days_.push_back(day);
    ++people_;
  }
  // The largest n such that n people are left when no day gives more than n / wanted_days of them, rounded up: one day
  // counts 1 however many came, and from wanted_days days on everybody counts whom the days share evenly. Everybody
  // counts where wanted_days <= 1.
  uint32_t Agreed(uint32_t wanted_days) const;
  void Clear();

 private:
  std::vector<uint32_t> people_of_day_;
  std::vector<uint32_t> days_;  // That have somebody.
  uint32_t people_ = 0;
};

// The days that a log of `log_days` days can be asked for: an eighth of them, at least 1, at most `most`.
uint32_t WantedDays(int64_t log_days, uint32_t most);

}  // namespace kindred
