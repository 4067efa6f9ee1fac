#include "index/store/index_reader.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "index/store/format.h"
#include "index/store/gram_list_cache.h"
#include "index/store/index_info_file.h"
#include "index/store/related_list_codec.h"
#include "index/store/rocksdb_border.h"
#include "index/text/code_points.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

std::shared_ptr<rocksdb::Cache> MakeBlockCache(size_t bytes) {
  constexpr int kShardBits = 4;
  return rocksdb::NewLRUCache(bytes, kShardBits);
}

namespace {

class DatabaseRows : public RowSource {
 public:
  DatabaseRows(std::unique_ptr<rocksdb::DB> db, std::string name)
      : db_(std::move(db)), family_(db_->DefaultColumnFamily()), name_(std::move(name)) {}

  // Keeps the row's block in the cache.
  absl::StatusOr<std::optional<StoredRow>> Get(const std::string& key) const override {
    auto value = std::make_shared<rocksdb::PinnableSlice>();
    const rocksdb::Status status = db_->Get(options_, family_, key, value.get());
    if (status.IsNotFound()) return std::nullopt;
    RETURN_IF_ERROR(FromRocksDb(status, name_));
    const absl::string_view bytes = ToView(*value);
    return StoredRow{bytes, std::move(value)};
  }

 private:
  const std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* const family_;  // All rows'.
  const rocksdb::ReadOptions options_;
  const std::string name_;  // For messages.
};

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(const std::string& dir,
                                                          std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(ReadOptionsOfDatabase(std::move(cache)), dir, &opened);
  RETURN_IF_ERROR(FromRocksDb(status, dir));
  return std::unique_ptr<rocksdb::DB>(opened);
}

}  // namespace

struct IndexReader::Rep {
  std::string name;  // "index 42", for messages.
  index::v1::IndexInfo info;
  std::unique_ptr<const RowSource> rows;
  absl::flat_hash_map<std::string, Norms> norms;  // By market.
  // Where the rows are a database's:
  rocksdb::DB* db = nullptr;
  std::optional<GramListCache> gram_lists;

  absl::Status ReadNorms();
  // DataLoss: `text` cannot be a normalized query.
  absl::StatusOr<NormalizedQuery> QueryOf(absl::string_view text) const;
  // An empty one of a gram that the market does not know. DataLoss: it does not decode.
  absl::StatusOr<GramList> ReadGramList(absl::string_view market, Gram gram, uint32_t documents) const;
  std::unique_ptr<rocksdb::Iterator> NewIterator(const std::string& prefix) const;
};

absl::Status IndexReader::Rep::ReadNorms() {
  for (const index::v1::MarketInfo& market : info.markets()) {
    if (market.name().size() > kMaxMarketBytes) continue;
    ASSIGN_OR_RETURN(const std::optional<StoredRow> row, rows->Get(NormsKey(market.name())));
    if (!row.has_value()) continue;
    absl::StatusOr<Norms> decoded = DecodeNorms(row->value);
    if (!decoded.ok()) {
      return Annotate(decoded.status(), absl::StrCat(name, ": norms of market \"", market.name(), "\""));
    }
    norms.emplace(market.name(), *std::move(decoded));
  }
  return absl::OkStatus();
}

absl::StatusOr<GramList> IndexReader::Rep::ReadGramList(absl::string_view market, Gram gram, uint32_t documents) const {
  const std::string key = GramKey(market, gram);
  if (gram_lists.has_value()) {
    if (std::optional<GramList> kept = gram_lists->Find(key)) return *std::move(kept);
  }
  ASSIGN_OR_RETURN(const std::optional<StoredRow> row, rows->Get(key));
  absl::StatusOr<GramList> list = GramList();
  if (row.has_value()) {
    // A copy: a list that is kept would hold its whole block in memory, however full the cache is.
    const auto bytes = std::make_shared<const std::string>(row->value);
    list = GramList::Decode(*bytes, bytes, documents);
    if (!list.ok()) {
      return Annotate(list.status(), absl::StrCat(name, ": gram ", absl::Hex(gram), " of \"", market, "\""));
    }
  }
  if (gram_lists.has_value()) gram_lists->Insert(key, *list, row.has_value() ? row->value.size() : 0);
  return list;
}

std::unique_ptr<rocksdb::Iterator> IndexReader::Rep::NewIterator(const std::string& prefix) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // A scan would throw out what requests need.
  std::unique_ptr<rocksdb::Iterator> iterator(db->NewIterator(options));
  iterator->Seek(prefix);
  return iterator;
}

absl::StatusOr<NormalizedQuery> IndexReader::Rep::QueryOf(absl::string_view text) const {
  if (text.empty() || text.size() > kMaxQueryBytes) {
    return absl::DataLossError(absl::StrCat("a query of ", text.size(), " bytes"));
  }
  if (!IsUtf8(text)) return absl::DataLossError("a query that is not UTF-8");
  return NormalizedQuery(std::string(text));
}

IndexReader::IndexReader(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
IndexReader::~IndexReader() = default;

absl::StatusOr<std::unique_ptr<const IndexReader>> IndexReader::Open(const std::string& dir, const Options& options) {
  auto rep = std::make_unique<Rep>();
  ASSIGN_OR_RETURN(rep->info, ReadIndexInfo(dir));
  RETURN_IF_ERROR(VerifyFiles(dir, rep->info, options.verification));
  rep->name = absl::StrCat("index ", rep->info.version());
  const auto cache = options.block_cache != nullptr ? options.block_cache : MakeBlockCache(options.block_cache_bytes);
  rep->gram_lists.emplace(cache);
  ASSIGN_OR_RETURN(auto db, OpenDatabase(dir, cache));
  rep->db = db.get();
  rep->rows = std::make_unique<DatabaseRows>(std::move(db), rep->name);
  RETURN_IF_ERROR(rep->ReadNorms());
  return std::unique_ptr<const IndexReader>(new IndexReader(std::move(rep)));
}

absl::StatusOr<std::unique_ptr<const IndexReader>> IndexReader::Over(std::unique_ptr<const RowSource> rows,
                                                                     const index::v1::IndexInfo& info) {
  auto rep = std::make_unique<Rep>();
  rep->info = info;
  rep->name = "rows in memory";
  rep->rows = std::move(rows);
  RETURN_IF_ERROR(rep->ReadNorms());
  return std::unique_ptr<const IndexReader>(new IndexReader(std::move(rep)));
}

const index::v1::IndexInfo& IndexReader::info() const { return rep_->info; }

absl::StatusOr<std::optional<RelatedListView>> IndexReader::Find(absl::string_view market, const NormalizedQuery& query,
                                                                 size_t limit) const {
  if (market.size() > kMaxMarketBytes) return std::nullopt;
  ASSIGN_OR_RETURN(std::optional<StoredRow> row, rep_->rows->Get(QueryKey(market, query.text())));
  if (!row.has_value()) return std::nullopt;
  absl::StatusOr<RelatedListView> list = DecodeRelatedList(row->value, limit);
  if (!list.ok()) return Annotate(list.status(), absl::StrCat(rep_->name, ": value of \"", query.text(), "\""));
  list->owner = std::move(row->owner);
  return *std::move(list);
}

absl::StatusOr<std::optional<NormalizedQuery>> IndexReader::FindStripped(absl::string_view market,
                                                                         absl::string_view stripped) const {
  if (market.size() > kMaxMarketBytes) return std::nullopt;
  ASSIGN_OR_RETURN(const std::optional<StoredRow> row, rep_->rows->Get(StrippedKey(market, stripped)));
  if (!row.has_value()) return std::nullopt;
  absl::StatusOr<NormalizedQuery> query = rep_->QueryOf(row->value);
  if (!query.ok()) return Annotate(query.status(), absl::StrCat(rep_->name, ": stripped form \"", stripped, "\""));
  return *std::move(query);
}

absl::Status IndexReader::ForEach(absl::string_view market,
                                  const std::function<bool(const NormalizedQuery&, const RelatedList&)>& visit) const {
  if (rep_->db == nullptr) return absl::UnimplementedError(absl::StrCat(rep_->name, ": cannot be listed"));
  if (market.size() > kMaxMarketBytes) return absl::OkStatus();
  const std::string prefix = KeyPrefix(RowKind::kQuery, market);
  const std::unique_ptr<rocksdb::Iterator> row = rep_->NewIterator(prefix);
  for (; row->Valid(); row->Next()) {
    absl::string_view key = ToView(row->key());
    if (!absl::ConsumePrefix(&key, prefix)) break;
    absl::StatusOr<NormalizedQuery> query = rep_->QueryOf(key);
    if (!query.ok()) return Annotate(query.status(), rep_->name);
    const absl::StatusOr<RelatedListView> list = DecodeRelatedList(ToView(row->value()));
    if (!list.ok()) return Annotate(list.status(), absl::StrCat(rep_->name, ": value of \"", key, "\""));
    if (!visit(*query, static_cast<RelatedList>(*list))) break;
  }
  return FromRocksDb(row->status(), rep_->name);
}

uint32_t IndexReader::documents(absl::string_view market) const { return norms(market).documents(); }

const Norms& IndexReader::norms(absl::string_view market) const {
  static const Norms* const kNone = new Norms();
  const auto found = rep_->norms.find(market);
  return found == rep_->norms.end() ? *kNone : found->second;
}

absl::StatusOr<std::vector<GramList>> IndexReader::GramLists(absl::string_view market,
                                                             absl::Span<const Gram> grams) const {
  std::vector<GramList> lists(grams.size());
  const uint32_t documents = this->documents(market);
  if (documents == 0) return lists;
  for (size_t i = 0; i < grams.size(); ++i) {
    ASSIGN_OR_RETURN(lists[i], rep_->ReadGramList(market, grams[i], documents));
  }
  return lists;
}

absl::StatusOr<NormalizedQuery> IndexReader::DocumentQuery(absl::string_view market, DocumentId document) const {
  ASSIGN_OR_RETURN(const std::optional<StoredRow> row, rep_->rows->Get(DocumentKey(market, document)));
  absl::StatusOr<NormalizedQuery> query =
      row.has_value() ? rep_->QueryOf(row->value) : absl::DataLossError("no such row");
  if (query.ok()) return query;
  return Annotate(query.status(), absl::StrCat(rep_->name, ": document ", document, " of \"", market, "\""));
}

}  // namespace kindred
