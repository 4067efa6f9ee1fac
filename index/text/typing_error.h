// Whether two words differ as typing errors differ.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

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
std::optional<TypingError> OnlyTypingError(std::u32string_view shorter, std::u32string_view longer);

// Words of letters, as IsRespelling() says in respelling.h. Symmetric. REQUIRES: a != b, neither empty.
bool DifferByTypingError(std::u32string_view a, std::u32string_view b);

// How many distinct characters may occur in one of two words that DifferByTypingError() and not in the other, at most,
// given the length of either.
size_t MostCharactersChangedByTyping(size_t size);

// Runs with a Han character: they sound alike throughout, or AreSameBlocks().
bool DifferByInputMethod(std::u32string_view a, std::u32string_view b);

// Runs with a Han character, a space between two: the same blocks in another order, each of two or more characters, or
// of one that begins a run in both; besides, one block may be the character that tells for whom a thing is.
bool AreSameBlocks(std::u32string_view a, std::u32string_view b);

}  // namespace kindred
