// A part of a plain log file, so that several machines can read one file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "index/log/byte_source.h"

namespace kindred {

// Of a file: bytes from begin up to, not including, end.
struct ByteRange {
  uint64_t begin = 0, end = UINT64_MAX;
};

// The lines of a file that begin within a range, whole: ranges that touch each other give every line once. The file is
// taken as it is, compressed or not. `begins_line`: a line begins at range.begin; else that is seen from the byte
// before.
//   NotFound, PermissionDenied: as the system says.  Others: ByteSource::Read().
absl::StatusOr<std::unique_ptr<ByteSource>> OpenLineRange(const std::string& path, const ByteRange& range,
                                                          bool begins_line);

}  // namespace kindred
