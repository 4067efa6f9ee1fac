// How the shoppers of the sample log type a query: homophones, typing errors, spaces, case, full width, Simplified
// characters, and words cut off half way, on a Zhuyin keyboard with the symbol typed last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "index/build/sample_random.h"
#include "index/build/sample_vocabulary.h"

namespace kindred {

// One shopper's habits, always the same for the same shopper.
struct SampleTypist {
  bool simplified = false;
  bool no_spaces = false;
  bool capitals = false;
  bool full_width = false;
  uint64_t slips_per_mille = 0;  // Typing errors and homophones.
};
SampleTypist TypistOf(uint64_t user);

// `text` as this shopper types it this time. `topic` is the query's, null for hub queries.
std::string TypeQuery(absl::string_view text, const SampleTopic* topic, const SampleTypist& typist,
                      SampleRandom& random);

// The beginning of `text` that stands in the log where a search began too early; nothing: too short to be cut.
std::optional<std::string> HalfTyped(absl::string_view text, SampleRandom& random);

// `text` with the usual name of its topic replaced; `text` itself where it does not hold the name.
std::string Respelled(absl::string_view text, absl::string_view head, absl::string_view respelling);

// `text` with one of its longer Latin words mistyped, always the same for the same variant; `text` itself where it
// holds none. Two shoppers in three who slip make variant 0.
inline constexpr uint64_t kLatinSlips = 3;
std::string LatinSlip(absl::string_view text, uint64_t variant);

}  // namespace kindred
