#include "server/folder_stamp.h"

#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "index/store/files.h"

namespace kindred {

FileStamp StampFile(const std::string& path) {
  constexpr int64_t kNanoseconds = 1'000'000'000;
  FileStamp stamp{.name = path.substr(path.rfind('/') + 1)};
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return stamp;
  stamp.inode = status.st_ino;
  stamp.changed_ns = status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec;
  stamp.bytes = status.st_size;
  return stamp;
}

FolderStamp StampFolder(const std::string& path) {
  FolderStamp stamps;
  const auto names = ListFolder(path);
  if (!names.ok()) return stamps;
  for (const std::string& name : *names) stamps.push_back(StampFile(absl::StrCat(path, "/", name)));
  return stamps;
}

}  // namespace kindred
