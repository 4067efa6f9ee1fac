// A shop's log of random rows, as a TSV file with a header: several markets, spellings of one query, products, robots,
// rows that are bad or of no use, in no order of time.
#pragma once

#include <fstream>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"

namespace kindred::testing {

inline std::string WriteRandomLog(const std::string& path, uint32_t seed, int rows) {
  static const char* const kQueries[] = {"tent", "Tent",     "tent pegs",  "boots",    "hiking boots", "stove",
                                         "gas",  "camp bed", "藍牙耳機",   "蓝牙耳机", "耳機",         "iphone 15",
                                         "case", "Case!",    "iPhone  15", "lamp",     "lamps",        "me@here.de",
                                         "!!!",  "wool",     "socks"};
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  std::ofstream file(path, std::ios::binary);
  file << "user_id\ttimestamp\tquery\titem\thits\tmarket\n";
  for (int row = 0; row < rows; ++row) {
    const uint32_t user = below(static_cast<uint32_t>(rows) / 12 + 2);
    const uint32_t which = std::min(below(21), below(21));
    const int64_t time_ms = 1'700'000'000'000 + int64_t{below(40)} * 86'400'000 + int64_t{below(7200)} * 1000;
    const std::string item = below(3) == 0 ? absl::StrCat("p", below(9) + which) : std::string();
    const std::string time = below(200) == 0 ? std::string("yesterday") : absl::StrCat(time_ms);
    file << "u" << (user == 0 ? 0 : user) << "\t" << time << "\t" << kQueries[which] << "\t" << item << "\t"
         << (below(4) == 0   ? "0"
             : below(2) == 0 ? "7"
                             : "")
         << "\t" << (below(3) == 0 ? "tw" : "jp") << "\n";
  }
  return path;
}

}  // namespace kindred::testing
