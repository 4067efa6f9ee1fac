#include "index/log/excerpt.h"

#include <simdjson.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace kindred {
namespace {

// The length of the UTF-8 character that starts `text`, 0 if none does.
size_t CharacterBytes(absl::string_view text) {
  for (size_t bytes = 1; bytes <= 4 && bytes <= text.size(); ++bytes) {
    if (simdjson::validate_utf8(text.data(), bytes)) return bytes;
  }
  return 0;
}

bool IsControl(absl::string_view character) {
  const unsigned char first = static_cast<unsigned char>(character[0]);
  if (first < 0x20 || first == 0x7F) return true;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;  // C1 controls drive terminals too.
}

}  // namespace

std::string Excerpt(absl::string_view text, size_t max_bytes) {
  static constexpr absl::string_view kCut = "...";
  std::string excerpt;
  size_t before_cut = 0;  // How much of it still leaves room for kCut.
  while (!text.empty()) {
    const size_t character = CharacterBytes(text);
    const absl::string_view piece = text.substr(0, std::max<size_t>(character, 1));
    text.remove_prefix(piece.size());
    if (character == 0 || IsControl(piece)) {
      for (const char c : piece) absl::StrAppendFormat(&excerpt, "\\x%02x", static_cast<unsigned char>(c));
    } else {
      absl::StrAppend(&excerpt, piece);
    }
    if (excerpt.size() > max_bytes) return absl::StrCat(excerpt.substr(0, before_cut), kCut);
    if (excerpt.size() + kCut.size() <= max_bytes) before_cut = excerpt.size();
  }
  return excerpt;
}

}  // namespace kindred
