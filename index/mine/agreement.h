// How many of those who did something count, so that one day does not speak for all: a crowd that appears on a day and
// is gone is a campaign or an attack, not what shoppers do.
#pragma once

#include <cstdint>

#include "absl/types/span.h"

namespace kindred {

// Days since 1970, UTC.
using DayNumber = uint16_t;
DayNumber DayOf(int64_t time_ms);

// `days`, ascending: the day on which each person did it first. The largest n such that n people are left when no day
// gives more than n / wanted_days of them, rounded up: one day counts 1 however many came, and from wanted_days days on
// everybody counts whom the days share evenly. Everybody counts where wanted_days <= 1.
uint32_t AgreedUsers(absl::Span<const DayNumber> days, uint32_t wanted_days);

// The days that a log of `log_days` days can be asked for: an eighth of them, at least 1, at most `most`.
uint32_t WantedDays(int64_t log_days, uint32_t most);

}  // namespace kindred
