// Which Chinese characters sound alike: input methods by sound (Zhuyin, pinyin) err among these.
#pragma once

namespace kindred {

// Equal for two Han characters of the same Mandarin reading and tone, by ICU's most frequent reading of each; for any
// other character, itself. Thread-safe.
char32_t SoundOf(char32_t code_point);

}  // namespace kindred
