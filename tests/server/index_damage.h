// Damages a published version on purpose.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/status_macros.h"
#include "index/store/file_checksum.h"
#include "index/store/format.h"
#include "index/store/index_info_file.h"
#include "index/store/rocksdb_border.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred::testing {

// Flips a byte, in place.
inline void FlipByte(const std::filesystem::path& path, std::streamoff position) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(position);
  const char byte = static_cast<char>(file.get());
  file.seekp(position);
  file.put(static_cast<char>(byte ^ 0x40));
}

// Flips a byte in the middle of the largest file of a version's folder.
inline void DamageVersion(const std::string& dir) {
  std::filesystem::path largest;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
    if (entry.is_regular_file() && (largest.empty() || entry.file_size() > std::filesystem::file_size(largest))) {
      largest = entry.path();
    }
  }
  FlipByte(largest, static_cast<std::streamoff>(std::filesystem::file_size(largest) / 2));
}

// Flips a byte in the rows of each table: a version that is open already, and has read nothing yet, answers no more.
inline void DamageRows(const std::string& dir) {
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    if (entry.path().extension() == ".sst") FlipByte(entry.path(), 4);
  }
}

// Gives `query` of the market "" a list that does not decode, under checksums that are right: the version opens.
inline absl::Status BreakList(const std::string& dir, const std::string& query) {
  {
    rocksdb::DB* opened = nullptr;
    RETURN_IF_ERROR(FromRocksDb(rocksdb::DB::Open(ReadOptionsOfDatabase(nullptr), dir, &opened), dir));
    const std::unique_ptr<rocksdb::DB> db(opened);
    RETURN_IF_ERROR(FromRocksDb(db->Put({}, QueryKey("", query), "no list"), dir));
    RETURN_IF_ERROR(FromRocksDb(db->Flush({}), dir));
    RETURN_IF_ERROR(FromRocksDb(db->Close(), dir));
  }
  ASSIGN_OR_RETURN(index::v1::IndexInfo info, ReadIndexInfo(dir));
  info.clear_files();
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    const std::string name = entry.path().filename();
    if (name == kIndexInfoName || name == "LOCK") continue;
    ASSIGN_OR_RETURN(const FileChecksum checksum, ChecksumFile(entry.path()));
    index::v1::FileInfo& file = *info.add_files();
    file.set_name(name);
    file.set_bytes(checksum.bytes);
    file.set_checksum(checksum.checksum);
  }
  return WriteIndexInfo(dir, info);
}

}  // namespace kindred::testing
