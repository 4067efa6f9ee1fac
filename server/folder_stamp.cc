#include "server/folder_stamp.h"

#include <sys/stat.h>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "index/store/files.h"
#include "index/store/size_check.h"
#include "index/store/verified_files.h"

namespace kindred {
namespace {

// The last is the build's, for people.
constexpr absl::string_view kBeside[] = {kVerifiedName, kAcceptSizeName, "report.json"};

int64_t Nanoseconds(const timespec& time) { return absl::ToUnixNanos(absl::TimeFromTimespec(time)); }

}  // namespace

FileStamp StampFile(const std::string& path) {
  FileStamp stamp{.name = path.substr(path.rfind('/') + 1)};
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return stamp;
  stamp.inode = status.st_ino;
  stamp.written_ns = Nanoseconds(status.st_mtim);
  stamp.changed_ns = Nanoseconds(status.st_ctim);
  stamp.bytes = status.st_size;
  return stamp;
}

FolderStamp StampVersion(const std::string& path) {
  FolderStamp stamps;
  const auto names = ListFolder(path);
  if (!names.ok()) return stamps;
  for (const std::string& name : *names) {
    if (!absl::c_linear_search(kBeside, name)) stamps.push_back(StampFile(absl::StrCat(path, "/", name)));
  }
  return stamps;
}

}  // namespace kindred
