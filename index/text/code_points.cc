#include "index/text/code_points.h"

#include <unicode/utf8.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace kindred {
namespace {

struct Decoded {
  std::u32string code_points;      // Up to there.
  std::optional<size_t> bad_byte;  // Position of the first that is not UTF-8.
};

Decoded Decode(absl::string_view text) {
  Decoded decoded;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const size_t size = text.size();
  decoded.code_points.resize(size);
  size_t count = 0;
  for (size_t i = 0; i < size;) {
    const size_t start = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c < 0) {
      decoded.bad_byte = start;
      break;
    }
    decoded.code_points[count++] = static_cast<char32_t>(c);
  }
  decoded.code_points.resize(count);
  return decoded;
}

}  // namespace

absl::StatusOr<std::u32string> DecodeUtf8(absl::string_view text) {
  Decoded decoded = Decode(text);
  if (!decoded.bad_byte.has_value()) return std::move(decoded.code_points);
  return absl::InvalidArgumentError(absl::StrFormat("byte 0x%02x at position %d is not valid UTF-8; send UTF-8 text",
                                                    static_cast<uint8_t>(text[*decoded.bad_byte]), *decoded.bad_byte));
}

bool IsUtf8(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto is_ascii_from = [bytes](size_t at) {
    uint64_t eight = 0;
    std::memcpy(&eight, bytes + at, sizeof(eight));
    return (eight & 0x8080808080808080) == 0;
  };
  const size_t size = text.size();
  size_t i = 0;
  while (i + 8 <= size && is_ascii_from(i)) i += 8;
  if (i > 0 && i + 8 > size && is_ascii_from(size - 8)) return true;  // The rest, with some before it.
  const auto continues = [bytes](size_t at) { return (bytes[at] & 0xC0) == 0x80; };
  while (i < size) {
    const uint8_t lead = bytes[i];
    if (lead < 0x80) {
      ++i;
    } else if (lead > 0xE0 && lead < 0xED && i + 2 < size && continues(i + 1) && continues(i + 2)) {
      i += 3;  // Nearly all Chinese and Japanese: no rule but that it continues.
    } else {
      UChar32 c = 0;
      U8_NEXT(bytes, i, size, c);
      if (c < 0) return false;
    }
  }
  return true;
}

std::u32string CodePointsOf(absl::string_view text) { return Decode(text).code_points; }

void AppendUtf8(char32_t code_point, std::string& text) {
  if (code_point < 0x80) return text.push_back(static_cast<char>(code_point));
  uint8_t bytes[U8_MAX_LENGTH];
  size_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, static_cast<uint32_t>(code_point));
  text.append(reinterpret_cast<const char*>(bytes), size);
}

std::string EncodeUtf8(const std::u32string& code_points) {
  std::string text(code_points.size() * U8_MAX_LENGTH, '\0');
  size_t size = 0;
  for (const char32_t c : code_points) U8_APPEND_UNSAFE(text.data(), size, static_cast<uint32_t>(c));
  text.resize(size);
  return text;
}

}  // namespace kindred
