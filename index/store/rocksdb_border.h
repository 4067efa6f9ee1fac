// The one border between this room and RocksDB: its strings, its errors and the options of an index database. Include
// it in .cc files only: RocksDB's headers are heavy.
#pragma once

#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "index/store/format.h"

namespace kindred {

inline rocksdb::Slice ToSlice(absl::string_view view) { return {view.data(), view.size()}; }
inline absl::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// "context: what RocksDB says". DataLoss: damaged bytes.  ResourceExhausted: disk, quota or file size limit.
// PermissionDenied, NotFound.  Else Internal.
absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view context);

// For reading a database of any version of this format. The cache bounds what is held of rows. Outside of it, as
// long as the database is open, lie each file's index and filter: about 4 bytes a query.
rocksdb::Options ReadOptionsOfDatabase(std::shared_ptr<rocksdb::Cache> cache);
// For writing the rows of one kind. These are part of the format's speed, not of its meaning.
rocksdb::Options WriteOptionsOfRows(RowKind kind);

}  // namespace kindred
