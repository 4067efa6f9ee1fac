// Whether two words differ as typing errors differ.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace kindred {

struct TypingError {
  enum class Kind {
    kExtra,
    kSwap,
    kOther
  };  // a character more, two neighbours swapped, another character in its place
  Kind kind;
  size_t at;  // the first character that differs, in both
};

// What alone makes the longer of what was meant for the shorter; nullopt where they are equal or more differs.
// REQUIRES: shorter.size() <= longer.size().
std::optional<TypingError> OnlyTypingError(const std::u32string& shorter, const std::u32string& longer);

// Words of letters, as IsRespelling() says in respelling.h. Symmetric. REQUIRES: a != b, neither empty.
bool DifferByTypingError(const std::u32string& a, const std::u32string& b);

// How many distinct characters may occur in one of two words that DifferByTypingError() and not in the other, at most,
// given the length of either.
size_t MostCharactersChangedByTyping(size_t size);

// The runs with a Han character of two queries, a space between two runs: they sound alike throughout, or are cut into
// the same blocks of two or more characters, or of one that begins a run in both, or that tells a sex or a colour (one
// block at most).
bool DifferByInputMethod(const std::u32string& a, const std::u32string& b);

}  // namespace kindred
