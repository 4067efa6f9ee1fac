// One sorted file of rows, streamed to the disk as they come and ingested into the database at the end.
#pragma once

#include <rocksdb/sst_file_writer.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/store/format.h"
#include "index/store/row_source.h"

namespace kindred {

// Not thread-safe. Codes of all: FromRocksDb().
class RowFile : public RowSink {
 public:
  static absl::StatusOr<std::unique_ptr<RowFile>> Create(const std::string& path, RowKind kind);

  // REQUIRES: keys strictly ascending; Internal where they are not.
  absl::Status Add(absl::string_view key, absl::string_view value) override;
  // Completes and syncs the file. REQUIRES: rows() > 0.
  absl::Status Finish();

  const std::string& path() const { return path_; }
  uint64_t rows() const { return rows_; }

 private:
  RowFile(std::string path, RowKind kind);

  std::string path_;
  rocksdb::SstFileWriter writer_;
  uint64_t rows_ = 0;
};

}  // namespace kindred
