#include "client/display_width.h"

#include <clocale>
#include <cwchar>

namespace kindred {
namespace {

// The C library knows every character's width, in a locale of Unicode. Debian always has this one.
locale_t Utf8Locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  const locale_t utf8 = Utf8Locale();
  if (utf8 == nullptr) return static_cast<int>(text.size());
  const locale_t before = ::uselocale(utf8);
  std::mbstate_t state{};
  int width = 0;
  while (!text.empty()) {
    wchar_t character = 0;
    const size_t bytes = std::mbrtowc(&character, text.data(), text.size(), &state);
    const bool valid = bytes != 0 && bytes <= text.size();
    if (!valid) state = {};
    const int columns = valid ? ::wcwidth(character) : 1;
    width += columns < 0 ? 1 : columns;
    text.remove_prefix(valid ? bytes : 1);
  }
  ::uselocale(before);
  return width;
}

}  // namespace kindred
