#include "index/text/display_form.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace kindred {
namespace {

// Letters and ideographs of Chinese and Japanese that are never white space, nor without a shape.
bool IsPlain(UChar32 c) { return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x30FE); }

}  // namespace

std::string DisplayForm(absl::string_view raw) {
  std::string display;
  display.reserve(raw.size());
  const auto add_space = [&] {
    if (!display.empty() && display.back() != ' ') display += ' ';
  };
  for (int32_t i = 0; i < static_cast<int32_t>(raw.size());) {
    const int32_t begin = i;
    UChar32 c;
    U8_NEXT(raw.data(), i, static_cast<int32_t>(raw.size()), c);
    if (c > ' ' && c < 0x7F) {
      display += static_cast<char>(c);
    } else if (c == ' ') {
      add_space();
    } else if (IsPlain(c)) {
      display.append(raw.data() + begin, i - begin);
    } else if (c < 0 || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
      continue;
    } else if (u_iscntrl(c) || u_isUWhiteSpace(c)) {
      add_space();
    } else {
      display.append(raw.data() + begin, i - begin);
    }
  }
  if (!display.empty() && display.back() == ' ') display.pop_back();
  return display;
}

}  // namespace kindred
