#include "index/store/rocksdb_border.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "index/store/files.h"

namespace kindred {
namespace {

constexpr size_t kBlockBytes = 16 << 10;
constexpr double kFilterBitsPerKey = 10;

// RocksDB writes LOG files into the database's folder unless it is given another logger.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::BlockBasedTableOptions TableOptions() {
  rocksdb::BlockBasedTableOptions table;
  table.block_size = kBlockBytes;
  // Indexes and filters are read at open and stay. In the cache, each row would take three of its look-ups instead of
  // one, which are most of what a row costs.
  table.cache_index_and_filter_blocks = false;
  return table;
}

rocksdb::Options CommonOptions() {
  rocksdb::Options options;
  options.info_log = std::make_shared<NoLog>();
  options.max_open_files = -1;  // A handful; all stay open, so that a pruned folder stays readable.
  options.max_file_opening_threads = 1;
  options.skip_stats_update_on_db_open = true;
  options.skip_checking_sst_file_sizes_on_db_open = true;  // IndexReader::Open checks sizes.
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.disable_auto_compactions = true;
  return options;
}

}  // namespace

absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view context) {
  if (status.ok()) return absl::OkStatus();
  const std::string what = status.ToString();
  const std::string message = absl::StrCat(context, ": ", what);
  if (status.IsCorruption()) return absl::DataLossError(message);
  // RocksDB keeps the error's text but not its number.
  for (const int error : {ENOSPC, EDQUOT, EFBIG, EACCES, EPERM, EROFS, ENOENT}) {
    if (absl::StrContains(what, std::strerror(error))) return {ErrnoStatus(error, "").code(), message};
  }
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  return absl::InternalError(message);
}

rocksdb::Options ReadOptionsOfDatabase(std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::BlockBasedTableOptions table = TableOptions();
  table.block_cache = std::move(cache);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  rocksdb::Options options = CommonOptions();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::Options WriteOptionsOfRows(RowKind kind) {
  rocksdb::BlockBasedTableOptions table = TableOptions();
  table.no_block_cache = true;
  if (kind == RowKind::kQuery || kind == RowKind::kStripped) {  // Most look-ups of these find nothing.
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  }
  // A block has some twenty lists, each of several cache lines: to go through those before the one that is looked for
  // took a seventh of the time of a known query. It takes 1% more bytes.
  if (kind == RowKind::kQuery) table.block_restart_interval = 1;
  rocksdb::Options options = CommonOptions();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Gram lists are numbers that hardly compress, and an uncompressed block is read without a copy.
  options.compression = kind == RowKind::kGram ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
  return options;
}

}  // namespace kindred
