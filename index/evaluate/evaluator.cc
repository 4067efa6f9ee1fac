#include "index/evaluate/evaluator.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/evaluate/baselines.h"
#include "index/evaluate/held_out.h"
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
  ~ScopedFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

MinedLog OnlyPairsOf(const MinedLog& mined, uint32_t min_users) {
  MinedLog result{mined.counts, {}, mined.clicks, mined.report};
  std::copy_if(mined.pairs.begin(), mined.pairs.end(), std::back_inserter(result.pairs),
               [&](const PairCounts& pair) { return pair.users >= min_users; });
  return result;
}

std::optional<uint32_t> RankOf(uint32_t target, const std::vector<uint32_t>& list) {
  const auto it = std::find(list.begin(), list.end(), target);
  if (it == list.end()) return std::nullopt;
  return static_cast<uint32_t>(it - list.begin() + 1);
}

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

// Asks each distinct source once: a session's next query does not change the answer.
class CutEvaluator {
 public:
  CutEvaluator(const EvaluateOptions& options, EvaluationReport& report) : options_(options), report_(report) {}

  absl::Status Run(const Halves& halves, EvaluationReport::Cut cut) {
    uint64_t searches = 0;
    for (const EventTable& table : halves.train) searches += table.rows.size();
    if (searches == 0) return absl::InvalidArgumentError(absl::StrCat("no rows before the cut ", cut.from));
    cut.train_rows = searches;
    std::vector<MinedLog> mined;
    MineOptions mine = options_.mine;
    mine.min_pair_users = 1;  // The baselines count every pair.
    uint64_t kept_searches = 0;
    for (const EventTable& table : halves.train) {
      mined.push_back(Mine(table, mine));
      kept_searches += mined.back().report.searches;
    }
    RankOptions rank = options_.rank;
    if (rank.min_users == 0) rank.min_users = AutoMinUsers(kept_searches);
    cut.min_users = rank.min_users;
    const ScopedFolder folder(absl::StrCat(options_.temp_dir, "/evaluate-", cut.from));
    std::filesystem::remove_all(folder.path());
    ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer, IndexWriter::Create(folder.path()));
    for (size_t i = 0; i < mined.size(); ++i) {
      RETURN_IF_ERROR(
          RankAll(halves.train[i], OnlyPairsOf(mined[i], options_.mine.min_pair_users), rank, *writer, nullptr)
              .status());
    }
    index::v1::IndexInfo info;
    (*info.mutable_parameters())["min_users"] = absl::StrCat(rank.min_users);  // The recommender asks for it.
    RETURN_IF_ERROR(writer->Finish(std::move(info)).status());
    ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open(folder.path(), {}));
    const Recommender recommender(std::move(reader));
    for (size_t i = 0; i < mined.size(); ++i) {
      RETURN_IF_ERROR(Replay(halves.train[i], mined[i], halves.test[i], recommender, cut));
    }
    if (cut.pairs == 0) return absl::InvalidArgumentError(absl::StrCat("no session pairs after the cut ", cut.from));
    report_.cuts.push_back(std::move(cut));
    return absl::OkStatus();
  }

 private:
  absl::Status Replay(const EventTable& train, const MinedLog& mined, const EventTable& test,
                      const Recommender& recommender, EvaluationReport::Cut& cut) {
    const Baselines baselines(train, mined);
    std::vector<uint32_t> fingerprints;
    absl::flat_hash_set<absl::string_view> known;
    for (const NormalizedQuery& query : train.queries) {
      fingerprints.push_back(QueryFingerprint(query));
      known.insert(query.text());
    }
    const auto fingerprints_of = [&](const std::vector<QueryId>& ids) {
      std::vector<uint32_t> list;
      for (const QueryId id : ids) list.push_back(fingerprints[id]);
      return list;
    };
    absl::flat_hash_map<NormalizedQuery, std::vector<uint32_t>> answers;
    for (const HeldOutPair& pair : HeldOutPairs(test, options_.mine.history)) {
      const auto [answer, fresh] = answers.try_emplace(pair.source);
      if (fresh) {
        ASSIGN_OR_RETURN(const Recommendation recommendation,
                         recommender.Recommend(train.market, pair.source, kListSize));
        for (const Candidate& candidate : recommendation.candidates) {
          answer->second.push_back(candidate.query_fingerprint);
        }
      }
      const bool unseen = !known.contains(pair.source.text());
      ++cut.pairs;
      cut.unseen_pairs += unseen;
      const uint32_t target = QueryFingerprint(pair.target);
      AddTrial(0, answer->second, target, unseen);
      AddTrial(1, fingerprints_of(baselines.UserCountFilled(pair.source, kListSize)), target, unseen);
      AddTrial(2, fingerprints_of(baselines.Popularity(pair.source, kListSize)), target, unseen);
    }
    return absl::OkStatus();
  }

  void AddTrial(size_t method, const std::vector<uint32_t>& list, uint32_t target, bool unseen) {
    const std::optional<uint32_t> rank = RankOf(target, list);
    report_.methods[method].all.AddTrial(rank, !list.empty());
    if (unseen) report_.methods[method].unseen.AddTrial(rank, !list.empty());
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
  for (const char* const method : {"kindred", "user count, filled with popularity", "popularity"}) {
    report.methods.push_back({method, {}, {}});
  }
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
