#include "index/store/row_file.h"

#include <rocksdb/env.h>

#include <utility>

#include "common/status_macros.h"
#include "index/store/rocksdb_border.h"

namespace kindred {

RowFile::RowFile(std::string path, RowKind kind)
    : path_(std::move(path)), writer_(rocksdb::EnvOptions(), WriteOptionsOfRows(kind)) {}

absl::StatusOr<std::unique_ptr<RowFile>> RowFile::Create(const std::string& path, RowKind kind) {
  std::unique_ptr<RowFile> file(new RowFile(path, kind));
  RETURN_IF_ERROR(FromRocksDb(file->writer_.Open(path), path));
  return file;
}

absl::Status RowFile::Add(absl::string_view key, absl::string_view value) {
  RETURN_IF_ERROR(FromRocksDb(writer_.Put(ToSlice(key), ToSlice(value)), path_));
  ++rows_;
  return absl::OkStatus();
}

absl::Status RowFile::Finish() { return FromRocksDb(writer_.Finish(), path_); }

}  // namespace kindred
