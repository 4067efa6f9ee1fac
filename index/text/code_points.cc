#include "index/text/code_points.h"

#include <unicode/utf8.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace kindred {
namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

// Appends the code points of `text` up to the first byte that is not UTF-8, whose position it returns (kNone if all
// is).
size_t Decode(absl::string_view text, std::u32string& code_points) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const size_t size = text.size();
  code_points.reserve(size);
  for (size_t i = 0; i < size;) {
    const size_t start = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c < 0) return start;
    code_points.push_back(static_cast<char32_t>(c));
  }
  return kNone;
}

}  // namespace

absl::StatusOr<std::u32string> DecodeUtf8(absl::string_view text) {
  std::u32string code_points;
  const size_t bad = Decode(text, code_points);
  if (bad == kNone) return code_points;
  return absl::InvalidArgumentError(absl::StrFormat("byte 0x%02x at position %d is not valid UTF-8; send UTF-8 text",
                                                    static_cast<uint8_t>(text[bad]), bad));
}

std::u32string CodePointsOf(absl::string_view text) {
  std::u32string code_points;
  Decode(text, code_points);
  return code_points;
}

void AppendUtf8(char32_t code_point, std::string& text) {
  uint8_t bytes[U8_MAX_LENGTH];
  size_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, static_cast<uint32_t>(code_point));
  text.append(reinterpret_cast<const char*>(bytes), size);
}

std::string EncodeUtf8(const std::u32string& code_points) {
  std::string text;
  text.reserve(code_points.size() * 3);
  for (const char32_t c : code_points) AppendUtf8(c, text);
  return text;
}

}  // namespace kindred
