#include "index/text/chinese_sound.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <array>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"

namespace kindred {
namespace {

constexpr char32_t kFirst = 0x4E00, kLast = 0x9FFF;

// For each character, the first one that sounds like it. Without ICU's readings nothing sounds alike, which only leaves
// homophones apart.
class SoundTable {
 public:
  SoundTable() {
    for (char32_t c = kFirst; c <= kLast; ++c) sounds_[c - kFirst] = c;
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> to_latin(
        icu::Transliterator::createInstance("Han-Latin", UTRANS_FORWARD, error));
    if (U_FAILURE(error)) return;
    absl::flat_hash_map<std::string, char32_t> first_of_reading;
    for (char32_t& sound : sounds_) {
      icu::UnicodeString reading(static_cast<UChar32>(sound));
      to_latin->transliterate(reading);
      std::string key;
      sound = first_of_reading.try_emplace(reading.toUTF8String(key), sound).first->second;
    }
  }

  char32_t operator[](char32_t c) const { return sounds_[c - kFirst]; }

 private:
  std::array<char32_t, kLast - kFirst + 1> sounds_;
};

}  // namespace

char32_t SoundOf(char32_t code_point) {
  if (code_point < kFirst || code_point > kLast) return code_point;
  static const auto* const kTable = new SoundTable;
  return (*kTable)[code_point];
}

}  // namespace kindred
