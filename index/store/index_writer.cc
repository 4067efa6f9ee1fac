#include "index/store/index_writer.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/content_checksum.h"
#include "index/store/file_checksum.h"
#include "index/store/files.h"
#include "index/store/format.h"
#include "index/store/index_info_file.h"
#include "index/store/index_reader.h"
#include "index/store/near_index_builder.h"
#include "index/store/related_list_codec.h"
#include "index/store/rocksdb_border.h"
#include "index/store/row_file.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

using index::v1::FileInfo;
using index::v1::IndexInfo;
using index::v1::MarketInfo;

struct MarketCounts {
  uint64_t lists = 0;
  uint64_t keywords = 0;
};

// What the read-only database needs. All else that RocksDB leaves (LOG, LOCK, OPTIONS, an empty write-ahead log) goes.
bool IsDatabaseFile(absl::string_view name) {
  return name == "CURRENT" || absl::StartsWith(name, "MANIFEST-") || absl::EndsWith(name, ".sst");
}

absl::Status RemoveWriterFiles(const std::string& dir) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(dir));
  for (const std::string& name : names) {
    const std::string path = absl::StrCat(dir, "/", name);
    if (!IsDatabaseFile(name) && ::unlink(path.c_str()) != 0) return ErrnoStatus(errno, path);
  }
  return absl::OkStatus();
}

// Syncs every file, and the folder, and tells what they hold. RocksDB syncs its files itself; that is not left to its
// options.
absl::StatusOr<std::vector<FileInfo>> SyncedFiles(const std::string& dir) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(dir));
  std::vector<FileInfo> files;
  for (const std::string& name : names) {
    const std::string path = absl::StrCat(dir, "/", name);
    RETURN_IF_ERROR(SyncPath(path));
    ASSIGN_OR_RETURN(const FileChecksum checksum, ChecksumFile(path));
    FileInfo& file = files.emplace_back();
    file.set_name(name);
    file.set_bytes(checksum.bytes);
    file.set_checksum(checksum.checksum);
  }
  RETURN_IF_ERROR(SyncPath(dir));
  return files;
}

// The markets of the caller's record and those that have lists, by name, each with its counts.
std::map<std::string, MarketInfo> CountedMarkets(const IndexInfo& info,
                                                 const std::map<std::string, MarketCounts>& counts) {
  std::map<std::string, MarketInfo> markets;
  for (const auto& [name, count] : counts) markets[name].set_name(name);
  for (const MarketInfo& market : info.markets()) markets[market.name()] = market;
  for (auto& [name, market] : markets) {
    const auto found = counts.find(name);
    market.set_lists(found == counts.end() ? 0 : found->second.lists);
    market.set_keywords(found == counts.end() ? 0 : found->second.keywords);
  }
  return markets;
}

// The record as a reader finds it, who also checks every file that it lists.
absl::StatusOr<IndexInfo> WriteChecked(const std::string& dir, const IndexInfo& info) {
  RETURN_IF_ERROR(WriteIndexInfo(dir, info));
  ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(dir, IndexReader::Options()));
  return reader->info();
}

}  // namespace

struct IndexWriter::Rep {
  std::string dir;
  std::optional<absl::Status> failure;  // Sticks: a half-written row file cannot go on.
  std::vector<std::string> row_files;
  uint64_t rows = 0;
  std::map<std::string, MarketCounts> markets;

  // Of the market that is being added.
  std::unique_ptr<RowFile> queries;
  std::unique_ptr<NearIndexBuilder> near;
  std::string last_query;

  absl::StatusOr<std::unique_ptr<RowFile>> CreateRowFile(RowKind kind);
  absl::Status FinishRowFile(RowFile& file);
  absl::Status CheckAdd(absl::string_view market, NormalizedView query) const;
  absl::Status Add(absl::string_view market, NormalizedView query, const EncodedList& list);
  absl::Status AddRowFile(absl::string_view market, const std::string& path, absl::Span<const Row> of_file);
  absl::Status StartMarket(absl::string_view market);
  void Note(NormalizedView query, uint32_t users, uint32_t keywords);
  absl::Status WriteNearRows(RowKind kind, const std::function<absl::Status(NearIndexBuilder&, RowSink&)>& write);
  absl::Status FinishMarket();
  absl::Status Ingest(rocksdb::DB& db);
  // Of all rows. DataLoss: they are not as many as were written.
  absl::StatusOr<std::string> ReadBackChecksum(rocksdb::DB& db);
  // Returns the content's checksum.
  absl::StatusOr<std::string> BuildDatabase();
  // The complete record, but for the caller's stamp.
  absl::StatusOr<IndexInfo> Record(IndexInfo info);
};

absl::StatusOr<std::unique_ptr<RowFile>> IndexWriter::Rep::CreateRowFile(RowKind kind) {
  const std::string name =
      absl::StrCat("rows-", absl::string_view(reinterpret_cast<const char*>(&kind), 1), "-", markets.size());
  return RowFile::Create(absl::StrCat(dir, "/", name), kind);
}

absl::Status IndexWriter::Rep::FinishRowFile(RowFile& file) {
  RETURN_IF_ERROR(file.Finish());
  rows += file.rows();
  row_files.push_back(file.path());
  return absl::OkStatus();
}

absl::Status IndexWriter::Rep::CheckAdd(absl::string_view market, NormalizedView query) const {
  if (market.size() > kMaxMarketBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a market's name of ", market.size(), " bytes: at most ", kMaxMarketBytes, " can be stored"));
  }
  if (query.empty()) return absl::InvalidArgumentError("an empty query");
  if (near != nullptr && (market < near->market() || (market == near->market() && !(last_query < query.text())))) {
    return absl::InvalidArgumentError(absl::StrCat("query \"", query.text(), "\" of market \"", market,
                                                   "\" is out of order after \"", last_query, "\" of \"",
                                                   near->market(), "\""));
  }
  return absl::OkStatus();
}

absl::Status IndexWriter::Rep::StartMarket(absl::string_view market) {
  if (near != nullptr && market == near->market()) return absl::OkStatus();
  RETURN_IF_ERROR(FinishMarket());
  near = std::make_unique<NearIndexBuilder>(std::string(market));
  return absl::OkStatus();
}

void IndexWriter::Rep::Note(NormalizedView query, uint32_t users, uint32_t keywords) {
  near->Add(query, users);
  last_query.assign(query.text().data(), query.text().size());
  MarketCounts& counts = markets[near->market()];
  ++counts.lists;
  counts.keywords += keywords;
}

absl::Status IndexWriter::Rep::Add(absl::string_view market, NormalizedView query, const EncodedList& list) {
  RETURN_IF_ERROR(StartMarket(market));
  if (queries == nullptr) {
    ASSIGN_OR_RETURN(queries, CreateRowFile(RowKind::kQuery));
  }
  RETURN_IF_ERROR(queries->Add(QueryKey(market, query.text()), list.value));
  Note(query, list.users, list.keywords);
  return absl::OkStatus();
}

absl::Status IndexWriter::Rep::AddRowFile(absl::string_view market, const std::string& path,
                                          absl::Span<const Row> of_file) {
  for (const Row& row : of_file) {
    RETURN_IF_ERROR(CheckAdd(market, row.query));
    RETURN_IF_ERROR(StartMarket(market));
    Note(row.query, row.users, row.keywords);
  }
  rows += of_file.size();
  row_files.push_back(path);
  return absl::OkStatus();
}

absl::Status IndexWriter::Rep::WriteNearRows(RowKind kind,
                                             const std::function<absl::Status(NearIndexBuilder&, RowSink&)>& write) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RowFile> file, CreateRowFile(kind));
  RETURN_IF_ERROR(write(*near, *file));
  return FinishRowFile(*file);
}

absl::Status IndexWriter::Rep::FinishMarket() {
  if (near == nullptr) return absl::OkStatus();
  if (queries != nullptr) RETURN_IF_ERROR(FinishRowFile(*queries));
  RETURN_IF_ERROR(WriteNearRows(RowKind::kStripped, &NearIndexBuilder::WriteStripped));
  RETURN_IF_ERROR(WriteNearRows(RowKind::kGram, &NearIndexBuilder::WriteGrams));
  RETURN_IF_ERROR(WriteNearRows(RowKind::kNorms, &NearIndexBuilder::WriteNorms));
  RETURN_IF_ERROR(WriteNearRows(RowKind::kDocument, &NearIndexBuilder::WriteDocuments));
  near = nullptr;
  queries = nullptr;
  return absl::OkStatus();
}

absl::Status IndexWriter::Rep::Ingest(rocksdb::DB& db) {
  if (row_files.empty()) return absl::OkStatus();  // An index without rows is a valid one.
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  options.fail_if_not_bottommost_level = true;
  return FromRocksDb(db.IngestExternalFile(row_files, options), dir);
}

absl::StatusOr<std::string> IndexWriter::Rep::ReadBackChecksum(rocksdb::DB& db) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 1 << 20;
  const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator(options));
  ContentChecksum checksum;
  uint64_t found = 0;
  for (row->SeekToFirst(); row->Valid(); row->Next(), ++found) checksum.Add(ToView(row->key()), ToView(row->value()));
  RETURN_IF_ERROR(FromRocksDb(row->status(), dir));
  if (found != rows) {
    return absl::DataLossError(absl::StrCat(dir, ": ", rows, " rows were written, ", found, " read back"));
  }
  return checksum.Hex();
}

absl::StatusOr<std::string> IndexWriter::Rep::BuildDatabase() {
  RETURN_IF_ERROR(FinishMarket());
  rocksdb::Options options = ReadOptionsOfDatabase(MakeBlockCache(IndexReader::Options().block_cache_bytes));
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(FromRocksDb(rocksdb::DB::Open(options, dir, &opened), dir));
  const std::unique_ptr<rocksdb::DB> db(opened);
  RETURN_IF_ERROR(Ingest(*db));
  ASSIGN_OR_RETURN(const std::string checksum, ReadBackChecksum(*db));
  RETURN_IF_ERROR(FromRocksDb(db->Close(), dir));
  return checksum;
}

absl::StatusOr<IndexInfo> IndexWriter::Rep::Record(IndexInfo info) {
  ASSIGN_OR_RETURN(const std::string checksum, BuildDatabase());
  RETURN_IF_ERROR(RemoveWriterFiles(dir));
  ASSIGN_OR_RETURN(const std::vector<FileInfo> files, SyncedFiles(dir));
  info.set_format_version(kIndexFormatVersion);
  info.set_rows(rows);
  info.set_content_checksum(checksum);
  info.set_bytes(0);
  for (const FileInfo& file : files) info.set_bytes(info.bytes() + file.bytes());
  info.mutable_files()->Assign(files.begin(), files.end());
  const std::map<std::string, MarketInfo> counted = CountedMarkets(info, markets);
  info.clear_markets();
  for (const auto& [name, market] : counted) *info.add_markets() = market;
  return info;
}

IndexWriter::IndexWriter(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
IndexWriter::~IndexWriter() = default;

absl::StatusOr<std::unique_ptr<IndexWriter>> IndexWriter::Create(const std::string& dir) {
  constexpr mode_t kMode = 0755;
  if (::mkdir(dir.c_str(), kMode) != 0) return ErrnoStatus(errno, dir);
  auto rep = std::make_unique<Rep>();
  rep->dir = dir;
  return std::unique_ptr<IndexWriter>(new IndexWriter(std::move(rep)));
}

absl::Status IndexWriter::Add(absl::string_view market, NormalizedView query, const RelatedList& list) {
  if (rep_->failure.has_value()) return *rep_->failure;
  RETURN_IF_ERROR(rep_->CheckAdd(market, query));
  RETURN_IF_ERROR(Annotate(CheckRelatedList(list), absl::StrCat("list of \"", query.text(), "\"")));
  return AddEncoded(market, query,
                    {.value = EncodeRelatedList(list),
                     .users = list.users,
                     .keywords = static_cast<uint32_t>(list.candidates.size())});
}

absl::Status IndexWriter::AddEncoded(absl::string_view market, NormalizedView query, const EncodedList& list) {
  if (rep_->failure.has_value()) return *rep_->failure;
  RETURN_IF_ERROR(rep_->CheckAdd(market, query));
  const absl::Status status = rep_->Add(market, query, list);
  if (!status.ok()) rep_->failure = status;
  return status;
}

absl::Status IndexWriter::AddRowFile(absl::string_view market, const std::string& path, absl::Span<const Row> rows) {
  if (rep_->failure.has_value()) return *rep_->failure;
  const absl::Status status = rep_->AddRowFile(market, path, rows);
  if (!status.ok()) rep_->failure = status;
  return status;
}

absl::StatusOr<IndexInfo> IndexWriter::Finish(IndexInfo info, const std::function<void(IndexInfo&)>& stamp) {
  if (rep_->failure.has_value()) return *rep_->failure;
  rep_->failure = absl::FailedPreconditionError(absl::StrCat(rep_->dir, ": the writer is finished"));
  ASSIGN_OR_RETURN(info, rep_->Record(std::move(info)));
  if (stamp != nullptr) stamp(info);
  absl::StatusOr<IndexInfo> written = WriteChecked(rep_->dir, info);
  if (!written.ok()) ::unlink(absl::StrCat(rep_->dir, "/", kIndexInfoName).c_str());  // Also where only a sync failed.
  return written;
}

}  // namespace kindred
