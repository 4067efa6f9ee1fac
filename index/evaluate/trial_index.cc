#include "index/evaluate/trial_index.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/lookup/scratch_pool.h"
#include "index/mine/string_arena.h"
#include "index/rank/ranker.h"
#include "index/store/format.h"
#include "index/store/index_reader.h"
#include "index/store/near_index_builder.h"
#include "index/store/row_source.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

// Queries that are looked at in one go.
constexpr uint32_t kQueryBlock = 1024;

class MemoryRows : public RowSink {
 public:
  absl::Status Add(absl::string_view key, absl::string_view value) override {
    rows_.emplace(bytes_.Add(key), bytes_.Add(value));
    return absl::OkStatus();
  }
  std::optional<StoredRow> Get(const std::string& key) const {
    const auto found = rows_.find(key);
    if (found == rows_.end()) return std::nullopt;
    return StoredRow{found->second, nullptr};
  }

 private:
  StringArena bytes_;
  absl::flat_hash_map<absl::string_view, absl::string_view> rows_;
};

class MarketRows {
 public:
  explicit MarketRows(std::shared_ptr<const RankTables> tables) : tables_(std::move(tables)) {}

  // What finds near queries: of all that have a list, though none is made.
  absl::StatusOr<uint64_t> AddNearRows(uint32_t threads) {
    const EventTable& table = tables_->table;
    const std::vector<uint8_t> has_list = FindLists(threads);
    const auto lists = static_cast<uint64_t>(std::count(has_list.begin(), has_list.end(), 1));
    if (lists == 0) return lists;
    NearIndexBuilder near(table.market);
    for (QueryId query = 0; query < has_list.size(); ++query) {
      if (has_list[query] != 0) near.Add(table.queries[query], tables_->keywords[query].users);
    }
    RETURN_IF_ERROR(near.WriteStripped(near_));
    RETURN_IF_ERROR(near.WriteGrams(near_));
    RETURN_IF_ERROR(near.WriteNorms(near_));
    RETURN_IF_ERROR(near.WriteDocuments(near_));
    return lists;
  }

  std::optional<StoredRow> NearRow(const std::string& key) const { return near_.Get(key); }

  absl::StatusOr<std::optional<StoredRow>> List(absl::string_view query) const {
    const absl::Span<const NormalizedView> queries = tables_->table.queries;
    const auto found = std::lower_bound(queries.begin(), queries.end(), query,
                                        [](NormalizedView x, absl::string_view text) { return x.text() < text; });
    if (found == queries.end() || found->text() != query) return std::nullopt;
    const auto ranker = rankers_.Borrow();
    if (*ranker == nullptr) *ranker = std::make_unique<Ranker>(tables_);
    auto list = std::make_shared<EncodedList>();
    ASSIGN_OR_RETURN(const bool any, (*ranker)->Encode(static_cast<QueryId>(found - queries.begin()), *list));
    if (!any) return std::nullopt;
    const absl::string_view value = list->value;
    return StoredRow{value, std::move(list)};
  }

 private:
  std::vector<uint8_t> FindLists(uint32_t threads) const {
    const auto queries = static_cast<QueryId>(tables_->table.queries.size());
    std::vector<uint8_t> has_list(queries);
    std::vector<std::unique_ptr<Ranker>> rankers(threads);
    ParallelFor(threads, (queries + kQueryBlock - 1) / kQueryBlock, [&](uint32_t worker, size_t i) {
      std::unique_ptr<Ranker>& ranker = rankers[worker];
      if (ranker == nullptr) ranker = std::make_unique<Ranker>(tables_);
      const auto begin = static_cast<QueryId>(i * kQueryBlock);
      for (QueryId query = begin; query < std::min(queries, begin + kQueryBlock); ++query) {
        has_list[query] = ranker->HasList(query) ? 1 : 0;
      }
    });
    return has_list;
  }

  const std::shared_ptr<const RankTables> tables_;
  MemoryRows near_;
  mutable ScratchPool<std::unique_ptr<Ranker>> rankers_;
};

class TrialRows : public RowSource {
 public:
  // Returns how many lists the market has.
  absl::StatusOr<uint64_t> AddMarket(std::shared_ptr<const RankTables> tables, uint32_t threads) {
    const std::string& name = tables->table.market;
    std::unique_ptr<MarketRows>& market = markets_[name];
    market = std::make_unique<MarketRows>(std::move(tables));
    return market->AddNearRows(threads);
  }

  absl::StatusOr<std::optional<StoredRow>> Get(const std::string& key) const override {
    ASSIGN_OR_RETURN(const absl::string_view name, MarketOfKey(key));
    const auto market = markets_.find(name);
    if (market == markets_.end()) return std::nullopt;
    if (key[0] != static_cast<char>(RowKind::kQuery)) return market->second->NearRow(key);
    return market->second->List(absl::string_view(key).substr(KeyPrefix(RowKind::kQuery, name).size()));
  }

 private:
  absl::flat_hash_map<std::string, std::unique_ptr<MarketRows>> markets_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const TrialIndex>> TrialIndex::Build(const std::vector<EventTable>& tables,
                                                                    const std::vector<MinedLog>& mined,
                                                                    const RankOptions& rank, uint32_t threads) {
  std::unique_ptr<TrialIndex> index(new TrialIndex());
  auto rows = std::make_unique<TrialRows>();
  index::v1::IndexInfo info;
  (*info.mutable_parameters())["min_users"] = absl::StrCat(rank.min_users);  // The recommender asks for it.
  for (size_t i = 0; i < tables.size(); ++i) {
    ASSIGN_OR_RETURN(auto of_market, RankTables::Create(tables[i], mined[i], rank, threads));
    index->rank_tables_.push_back(of_market);
    ASSIGN_OR_RETURN(const uint64_t lists, rows->AddMarket(std::move(of_market), threads));
    if (mined[i].memory != nullptr) mined[i].memory->TrimHeap();
    index->lists_ += lists;
    info.add_markets()->set_name(tables[i].market);
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Over(std::move(rows), info));
  index->recommender_ = std::make_unique<Recommender>(std::move(reader));
  return index;
}

}  // namespace kindred
