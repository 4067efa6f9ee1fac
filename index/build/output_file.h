// A file that is there when all of it is, and not before.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

// Not thread-safe. Unless it was finished, it leaves nothing behind; a process that is killed leaves the part that was
// written, under another name beside the file.
class OutputFile {
 public:
  // "-": standard output. Devices, pipes and links are written to as they are. A name that ends in .zst is compressed.
  // Errors name the path and what to do:
  //   NotFound, PermissionDenied, ... as the system says: its folder.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path);
  virtual ~OutputFile() = default;

  // Whether Create() would fail, to be asked before minutes of work: what is there stays as it is. Errors as Create().
  static absl::Status CheckWritable(const std::string& path);

  //   ResourceExhausted: the disk is full.
  virtual absl::Status Write(absl::string_view bytes) = 0;
  // Puts the file in its place, instead of one that was there.
  virtual absl::Status Finish() = 0;
};

}  // namespace kindred
