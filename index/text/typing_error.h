// Whether two words differ as typing errors differ.
#pragma once

#include <string>

namespace kindred {

// Words of letters, as IsRespelling() says in respelling.h. Symmetric; equal words do not differ. Each returns false
// for words with a digit.
bool DifferByTypingError(const std::u32string& a, const std::u32string& b);

// Runs with a Han character: sound alike throughout, or blocks of two or more characters in another order.
bool DifferByInputMethod(const std::u32string& a, const std::u32string& b);

}  // namespace kindred
