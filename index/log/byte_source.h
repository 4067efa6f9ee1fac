// Where a log's bytes come from: a file or standard input, plain, gzip or zstd, told apart by their first bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace kindred {

// A stream of (decompressed) bytes. Not thread-safe. A source that failed is not read again.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `into`; the number of bytes, 0 exactly at the end. REQUIRES: `into` is not empty.
  //   DataLoss: compressed bytes are truncated or damaged (input named).  Unknown and others: the operating system's
  //   errors.
  virtual absl::StatusOr<size_t> Read(absl::Span<char> into) = 0;
  // Bytes taken from the file or standard input, before decompression.
  virtual uint64_t raw_bytes_read() const = 0;
};

// Opens a path, or standard input for "-".
//   NotFound, PermissionDenied: as the system says.  InvalidArgument: a folder; a file that is compressed or packed in
//   a way that Kindred does not read (the message says how to feed it).
absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path);

// How an input is called in messages: its path, or "standard input".
std::string InputName(const std::string& path);

// The file's size; nullopt for standard input and whatever is no regular file.
std::optional<uint64_t> InputSize(const std::string& path);

}  // namespace kindred
