// The log whose index the golden tests know by heart.
#pragma once

namespace kindred::testing {

inline constexpr char kGoldenLog[] = KINDRED_SOURCE_DIR "/tests/golden/golden.tsv";

}  // namespace kindred::testing
