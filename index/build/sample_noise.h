// What no list of related searches may ever show or be moved by: personal data, attacks and robots of the sample log.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/build/sample_random.h"

namespace kindred {

// E-mail addresses, telephone numbers, links, markup and attack strings, all invented. More than half of the draws come
// from a short list, so that many shoppers share them and no threshold on people hides them.
std::string JunkQuery(SampleRandom& random);
// That short list.
std::vector<std::string> CommonJunk();

// One robot's day: searches at equal gaps, without a click.
struct RobotDay {
  uint64_t robot = 0;    // From 0.
  int64_t start_ms = 0;  // Since the beginning of the log.
  int64_t gap_ms = 0;
  uint64_t searches = 0;
  uint64_t first_query = 0;  // Goes up from here through the catalogue ...
  bool repeats = false;      // ... or, where set, round these five queries again and again.
};

// Robots for a log of `rows` rows over `days` days, in order of start; their searches are a fortieth of the rows.
// REQUIRES: days >= 2.
std::vector<RobotDay> RobotDays(uint64_t rows, int64_t days, uint64_t queries, SampleRandom& random);

}  // namespace kindred
