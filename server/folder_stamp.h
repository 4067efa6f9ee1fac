// What tells one writing of files from another without reading them. A version's number does not: a root that was
// deleted and built anew counts from 1 again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kindred {

// Any writing changes at least one of these, and so does a change of who may read the file.
struct FileStamp {
  std::string name;
  uint64_t inode = 0;
  int64_t written_ns = 0;  // Last, since 1970 UTC. `cp -p` and rsync set it to what it was elsewhere.
  int64_t changed_ns = 0;  // Last, in any way; nobody can set it.
  int64_t bytes = 0;

  bool operator==(const FileStamp&) const = default;
};

// The files of a folder, sorted by name.
using FolderStamp = std::vector<FileStamp>;

// All but the name is 0 where there is no such file.
FileStamp StampFile(const std::string& path);
// Of the folder of a version, without what its publication and operators write beside the files that it is served from.
// Empty where there is no such folder.
FolderStamp StampVersion(const std::string& path);

}  // namespace kindred
