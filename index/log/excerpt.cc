#include "index/log/excerpt.h"

#include <simdjson.h>

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
  std::string excerpt;
  for (size_t i = 0; i < text.size();) {
    const size_t character = CharacterBytes(text.substr(i));
    const size_t bytes = character == 0 ? 1 : character;
    std::string piece(text.substr(i, bytes));
    if (character == 0 || IsControl(piece)) {
      std::string escaped;
      for (const char c : piece) absl::StrAppendFormat(&escaped, "\\x%02x", static_cast<unsigned char>(c));
      piece = std::move(escaped);
    }
    i += bytes;
    const size_t dots = i < text.size() ? 3 : 0;
    if (excerpt.size() + piece.size() + dots > max_bytes) return absl::StrCat(excerpt, "...");
    excerpt += piece;
  }
  return excerpt;
}

}  // namespace kindred
