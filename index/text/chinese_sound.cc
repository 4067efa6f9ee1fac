#include "index/text/chinese_sound.h"

#include <cstdint>
#include <iterator>

namespace kindred {
namespace {

#include "index/text/chinese_sounds.inc"

}  // namespace

char32_t SoundOf(char32_t code_point) {
  if (code_point < kFirst || code_point - kFirst >= std::size(kSounds)) return code_point;
  return kSounds[code_point - kFirst];
}

}  // namespace kindred
