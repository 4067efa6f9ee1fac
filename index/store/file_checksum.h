// What tells that a file is still the one that was written.
#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

// XXH3-64 as 16 hexadecimal digits, the highest first. The same on every machine, for ever: it is stored.
std::string Checksum(absl::string_view bytes);

struct FileChecksum {
  uint64_t bytes = 0;
  std::string checksum;  // As Checksum() of the whole content.
};

// Reads the file in blocks of a megabyte; `stop` is asked before each. NotFound, PermissionDenied, Internal (a read
// error): named.  Cancelled: `stop` said so.
absl::StatusOr<FileChecksum> ChecksumFile(
    const std::string& path, absl::FunctionRef<bool()> stop = [] { return false; });

}  // namespace kindred
