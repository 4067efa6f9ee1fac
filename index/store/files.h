// Files and folders with the care that a store needs: every error named by path and code, every write synced.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kindred {

// "path: No space left on device" with the code that callers act on. NotFound, PermissionDenied (also a read-only file
// system), AlreadyExists, ResourceExhausted (disk, quota or file size limit), else Internal.
absl::Status ErrnoStatus(int error, absl::string_view path);

// Owns an open file; movable.
class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor = -1) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileDescriptor();

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// open(2), closed on exec; new files get mode 0644 as the umask allows. Codes: ErrnoStatus().
absl::StatusOr<FileDescriptor> OpenFile(const std::string& path, int flags);

// The whole file, which is at most `limit` bytes: DataLoss where it is longer. Other codes: ErrnoStatus().
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit);

// A file's bytes as they lie in the system's cache; movable. Nobody may change the file meanwhile.
class MappedFile {
 public:
  // Codes: ErrnoStatus().
  static absl::StatusOr<MappedFile> Open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, absl::string_view())) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MappedFile();

  absl::string_view bytes() const { return bytes_; }  // At a page's start.

 private:
  explicit MappedFile(absl::string_view bytes) : bytes_(bytes) {}
  absl::string_view bytes_;
};

// Puts the content into folder/name for good and at once: a temporary file beside it (name + ".tmp"), synced, renamed,
// and the folder synced. On failure the old file, if any, is as it was, but for one: where the folder's sync fails, the
// new content is there and read from now on, and a power cut may bring the old file back. Codes: ErrnoStatus().
absl::Status ReplaceFile(const std::string& folder, const std::string& name, absl::string_view content);

// fsync(2) of a file or a folder. Codes: ErrnoStatus().
absl::Status SyncPath(const std::string& path);

// Names of the folder's entries, sorted. Codes: ErrnoStatus().
absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& path);

}  // namespace kindred
