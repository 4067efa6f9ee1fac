// The bytes of HTTP/2 and gRPC, for clients that no library would be.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kindred::testing {

inline constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum class FrameType : char { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kPing = 6, kContinuation = 9 };
inline constexpr char kEndStream = 1;
inline constexpr char kEndHeaders = 4;

inline std::string BigEndian(uint32_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  return out;
}

inline std::string Frame(FrameType type, char flags, uint32_t stream, absl::string_view payload) {
  return absl::StrCat(BigEndian(static_cast<uint32_t>(payload.size()), 3), std::string(1, static_cast<char>(type)),
                      std::string(1, flags), BigEndian(stream, 4), payload);
}

// What a client says first.
inline std::string Hello() { return absl::StrCat(kPreface, Frame(FrameType::kSettings, 0, 0, "")); }

// A header field as HPACK writes it where it compresses nothing.
inline std::string Header(absl::string_view name, absl::string_view value) {
  return absl::StrCat(std::string(1, '\0'), std::string(1, static_cast<char>(name.size())), name,
                      std::string(1, static_cast<char>(value.size())), value);
}

inline std::string CallHeaders(absl::string_view method) {
  return absl::StrCat(Header(":method", "POST"), Header(":scheme", "http"), Header(":path", method),
                      Header(":authority", "kindred"), Header("te", "trailers"),
                      Header("content-type", "application/grpc"));
}

// A message as gRPC frames it, or one that claims to be of `bytes`.
inline std::string Message(absl::string_view message, size_t bytes) {
  return absl::StrCat(std::string(1, '\0'), BigEndian(static_cast<uint32_t>(bytes), 4), message);
}

inline std::string CallBytes(uint32_t stream, absl::string_view method, absl::string_view message) {
  return absl::StrCat(Frame(FrameType::kHeaders, kEndHeaders, stream, CallHeaders(method)),
                      Frame(FrameType::kData, kEndStream, stream, Message(message, message.size())));
}

}  // namespace kindred::testing
