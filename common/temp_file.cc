#include "common/temp_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace kindred {

absl::StatusOr<int> OpenTempFile(const std::string& temp_dir) {
  std::string path = absl::StrCat(temp_dir, "/kindred-spill-XXXXXX");
  const int file = mkostemp(path.data(), O_CLOEXEC);
  if (file < 0) return TempFileError(errno, "cannot make", temp_dir);
  unlink(path.c_str());
  return file;
}

absl::Status TempFileError(int error, absl::string_view what, const std::string& temp_dir) {
  return absl::ErrnoToStatus(
      error, absl::StrCat(what, " a temporary file in ", temp_dir, "; name a folder with more room by --temp_dir"));
}

}  // namespace kindred
