// What screens of typed text ask of a byte: ASCII's characters alone, whatever the locale.
#pragma once

#include "absl/strings/ascii.h"

namespace kindred {

inline bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
inline bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
inline bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

}  // namespace kindred
