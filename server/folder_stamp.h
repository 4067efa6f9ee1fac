// What tells one writing of a folder from another without reading its files. A version number does not: a root that was
// deleted and built anew counts from 1 again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kindred {

// Any writing changes at least one of these.
struct FileStamp {
  std::string name;
  uint64_t inode = 0;
  int64_t changed_ns = 0;  // Last modification, since 1970 UTC.
  int64_t bytes = 0;

  bool operator==(const FileStamp&) const = default;
};

// The files of a folder, sorted by name.
using FolderStamp = std::vector<FileStamp>;

// All but the name is 0 where there is no such file.
FileStamp StampFile(const std::string& path);
// Empty where there is no such folder.
FolderStamp StampFolder(const std::string& path);

}  // namespace kindred
