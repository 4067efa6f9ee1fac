// Queries as people type them, made up: English-like, Chinese-like and mixed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace kindred::bench {

using Words = std::vector<std::string>;

// Draws of words by Zipf's law, as people type them.
class Vocabulary {
 public:
  explicit Vocabulary(uint32_t seed) : random_(seed) {
    static constexpr const char* kOnsets[] = {"b", "c",  "d",  "f",  "g",  "h",  "l",  "m", "n", "p", "r",  "s", "t",
                                              "w", "tr", "st", "ch", "sh", "pl", "gr", "k", "v", "x", "qu", ""};
    static constexpr const char* kRimes[] = {"a",  "e",   "i",  "o",  "u",  "er", "in", "on",  "an",   "ea",
                                             "oo", "ing", "ar", "al", "es", "or", "et", "ake", "ight", "y"};
    for (int i = 0; i < 12'000; ++i) {
      std::string word;
      for (size_t j = 1 + Below(3); j > 0; --j) absl::StrAppend(&word, kOnsets[Skewed(25)], kRimes[Skewed(20)]);
      if (Below(25) == 0) word = absl::StrCat(Below(1000));
      english_.push_back(std::move(word));
    }
    for (int i = 0; i < 8'000; ++i) {
      std::string word;
      for (size_t j = 1 + Below(3); j > 0; --j) word += Han(Skewed(2500));
      chinese_.push_back(word);
    }
  }

  size_t Below(size_t bound) { return random_() % bound; }

  Words Query() {
    const size_t kind = Below(10);  // 0 to 6 English, 7 and 8 Chinese, 9 mixed.
    Words words;
    for (size_t i = 1 + Below(4); i > 0; --i) words.push_back(Word(kind >= 7 && (kind < 9 || Below(2) == 0)));
    return words;
  }

  std::string Word(bool chinese) {
    const Words& words = chinese ? chinese_ : english_;
    return words[Skewed(words.size())];
  }

 private:
  // Roughly 1 / rank: the exponential of a uniform number.
  size_t Skewed(size_t bound) {
    const double uniform = static_cast<double>(random_()) / static_cast<double>(std::mt19937::max());
    return std::min(bound - 1, static_cast<size_t>(std::pow(static_cast<double>(bound), uniform)) - 1);
  }

  static std::string Han(size_t rank) {
    const uint32_t c = 0x4E00 + static_cast<uint32_t>(rank * 7919 % 20'000);
    return {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  }

  std::mt19937 random_;
  Words english_;
  Words chinese_;
};

}  // namespace kindred::bench
