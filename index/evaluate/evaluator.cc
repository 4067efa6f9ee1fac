#include "index/evaluate/evaluator.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/evaluate/baselines.h"
#include "index/evaluate/held_out.h"
#include "index/evaluate/replay.h"
#include "index/lookup/recommender.h"
#include "index/rank/rank_all.h"
#include "index/store/index_reader.h"
#include "index/store/index_writer.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {
namespace {

constexpr size_t kListSize = 10;

std::string IsoDate(absl::Time time) { return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()); }

// Removes a folder when it goes out of scope.
class ScopedFolder {
 public:
  explicit ScopedFolder(std::string path) : path_(std::move(path)) {}
  ScopedFolder(const ScopedFolder&) = delete;
  ScopedFolder& operator=(const ScopedFolder&) = delete;
  ~ScopedFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// One cut: the markets' rows before it and after it.
struct Halves {
  std::vector<EventTable> train, test;
};

Halves Split(const std::vector<EventTable>& markets, absl::Time cut, absl::Time end) {
  Halves halves;
  for (const EventTable& table : markets) {
    halves.train.push_back(table.Between(INT64_MIN, absl::ToUnixMillis(cut)));
    halves.test.push_back(table.Between(absl::ToUnixMillis(cut), absl::ToUnixMillis(end)));
  }
  return halves;
}

enum Method : size_t { kKindred, kUserCountFilled, kPopularity, kMethodCount };
constexpr const char* kMethodNames[kMethodCount] = {"kindred", "user count, filled with popularity", "popularity"};

class CutEvaluator {
 public:
  CutEvaluator(const EvaluateOptions& options, EvaluationReport& report) : options_(options), report_(report) {}

  absl::Status Run(const Halves& halves, EvaluationReport::Cut cut) {
    std::vector<std::vector<HeldOutPair>> held_out;
    for (size_t i = 0; i < halves.train.size(); ++i) {
      cut.train_rows += halves.train[i].rows.size();
      held_out.push_back(HeldOutPairs(halves.test[i], options_.mine.history));
      cut.pairs += held_out.back().size();
    }
    if (cut.train_rows == 0) return absl::NotFoundError(absl::StrCat("the log has no rows before the cut ", cut.from));
    if (cut.pairs == 0) {
      return absl::NotFoundError(
          absl::StrCat("nobody searched two things in one session from ", cut.from, " to ", cut.to));
    }
    MineOptions mine = options_.mine;
    mine.min_pair_users = 1;  // The baselines count every pair.
    std::vector<MinedLog> mined;
    uint64_t searches = 0;
    for (const EventTable& table : halves.train) {
      mined.push_back(Mine(table, mine));
      searches += mined.back().report.searches;
    }
    RankOptions rank = options_.rank;
    if (rank.min_users == 0) rank.min_users = AutoMinUsers(searches);
    cut.min_users = rank.min_users;

    const ScopedFolder folder(absl::StrCat(options_.temp_dir, "/evaluate-", cut.from));
    ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer, IndexWriter::Create(folder.path()));
    for (size_t i = 0; i < mined.size(); ++i) {
      RETURN_IF_ERROR(RankAll(halves.train[i], mined[i], rank, *writer, nullptr).status());
    }
    index::v1::IndexInfo info;
    (*info.mutable_parameters())["min_users"] = absl::StrCat(rank.min_users);  // The recommender asks for it.
    RETURN_IF_ERROR(writer->Finish(std::move(info)).status());
    ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open(folder.path(), {}));
    const Recommender recommender(std::move(reader));
    for (size_t i = 0; i < mined.size(); ++i) {
      ASSIGN_OR_RETURN(const uint64_t unseen, Trial(halves.train[i], mined[i], held_out[i], recommender));
      cut.unseen_pairs += unseen;
    }
    report_.cuts.push_back(std::move(cut));
    return absl::OkStatus();
  }

 private:
  // Returns how many pairs have a source that nobody searched before.
  absl::StatusOr<uint64_t> Trial(const EventTable& train, const MinedLog& mined,
                                 const std::vector<HeldOutPair>& held_out, const Recommender& recommender) {
    ASSIGN_OR_RETURN(const Replay replay, ReplayPairs(recommender, train.market, held_out, kListSize));
    const Baselines baselines(train, mined);
    absl::flat_hash_set<absl::string_view> known;
    for (QueryId query = 0; query < train.queries.size(); ++query) {
      if (mined.counts[query].searches > 0) known.insert(train.queries[query].text());
    }
    const auto rank_of = [&](const NormalizedQuery& target, const std::vector<QueryId>& list) {
      for (size_t i = 0; i < list.size(); ++i) {
        if (train.queries[list[i]] == target) return std::make_optional(static_cast<uint32_t>(i + 1));
      }
      return std::optional<uint32_t>();
    };
    uint64_t unseen_pairs = 0;
    for (size_t i = 0; i < held_out.size(); ++i) {
      const HeldOutPair& pair = held_out[i];
      const bool unseen = !known.contains(pair.source.text());
      unseen_pairs += unseen;
      AddTrial(kKindred, replay.ranks[i], !replay.answer(i).candidates.empty(), unseen);
      const std::vector<QueryId> counted = baselines.List(Baseline::kUserCount, pair.source, kListSize);
      AddTrial(kUserCountFilled, rank_of(pair.target, counted), !counted.empty(), unseen);
      const std::vector<QueryId> popular = baselines.List(Baseline::kPopularity, pair.source, kListSize);
      AddTrial(kPopularity, rank_of(pair.target, popular), !popular.empty(), unseen);
    }
    return unseen_pairs;
  }

  void AddTrial(Method method, std::optional<uint32_t> rank, bool answered, bool unseen) {
    report_.methods[method].all.AddTrial(rank, answered);
    if (unseen) report_.methods[method].unseen.AddTrial(rank, answered);
  }

  const EvaluateOptions& options_;
  EvaluationReport& report_;
};

}  // namespace

absl::Time TimeQuantile(const std::vector<EventTable>& markets, double share) {
  std::vector<int64_t> times;
  for (const EventTable& table : markets) {
    for (const EventRow& row : table.rows) times.push_back(row.time_ms);
  }
  if (times.empty()) return absl::UnixEpoch();
  const size_t at = std::min(times.size() - 1, static_cast<size_t>(share * static_cast<double>(times.size())));
  std::nth_element(times.begin(), times.begin() + at, times.end());
  return absl::FromUnixMillis(times[at]);
}

absl::StatusOr<EvaluationReport> Evaluate(const std::vector<EventTable>& markets, const EvaluateOptions& options) {
  if (options.cuts.empty()) return absl::InvalidArgumentError("no cut to evaluate at");
  if (!std::is_sorted(options.cuts.begin(), options.cuts.end())) {
    return absl::InvalidArgumentError("the cuts are not in ascending order");
  }
  EvaluationReport report;
  for (const char* const name : kMethodNames) report.methods.push_back({name, {}, {}});
  CutEvaluator evaluator(options, report);
  const absl::Time log_end = TimeQuantile(markets, 1) + absl::Milliseconds(1);
  for (size_t i = 0; i < options.cuts.size(); ++i) {
    const bool last = i + 1 == options.cuts.size();
    const absl::Time end = last ? log_end : options.cuts[i + 1];
    RETURN_IF_ERROR(
        evaluator.Run(Split(markets, options.cuts[i], end), {.from = IsoDate(options.cuts[i]), .to = IsoDate(end)}));
  }
  return report;
}

}  // namespace kindred
