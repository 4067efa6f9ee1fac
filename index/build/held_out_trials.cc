#include "index/build/held_out_trials.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "common/status_macros.h"
#include "index/evaluate/held_out.h"
#include "index/evaluate/replay.h"
#include "index/evaluate/trial_index.h"
#include "index/lookup/recommender.h"
#include "index/mine/user_rows.h"

namespace kindred {
namespace {

using index::v1::HeldOut;
using index::v1::HeldOutTrial;

// An index of the events before a cut, and what it was built from.
class IndexBefore {
 public:
  explicit IndexBefore(const std::vector<EventTable>& markets) : markets_(markets) {}

  static absl::StatusOr<std::unique_ptr<const IndexBefore>> Build(const std::vector<EventTable>& markets,
                                                                  int64_t cut_ms, const TrialOptions& options) {
    auto index = std::make_unique<IndexBefore>(markets);
    uint64_t searches = 0;
    for (const EventTable& table : markets) {
      ASSIGN_OR_RETURN(MinedLog mined, Mine(table, options.mine, {INT64_MIN, cut_ms}));
      searches += index->mined_.emplace_back(std::move(mined)).report.searches;
    }
    RankOptions rank = options.rank;
    if (rank.min_users == 0) rank.min_users = AutoMinUsers(searches);
    index->min_users_ = rank.min_users;
    ASSIGN_OR_RETURN(index->index_,
                     TrialIndex::Build(markets, index->mined_, rank, options.folder, options.mine.threads));
    return index;
  }

  const Recommender& recommender() const { return index_->recommender(); }

  // Queries of a market that were searched by enough people to be shown. An unknown market has none.
  std::set<NormalizedQuery> CommonQueries(absl::string_view name) const {
    std::set<NormalizedQuery> common;
    size_t market = 0;
    while (market < markets_.size() && markets_[market].market != name) ++market;
    if (market == markets_.size()) return common;
    for (QueryId query = 0; query < markets_[market].queries.size(); ++query) {
      if (mined_[market].counts[query].users >= min_users_) common.insert(markets_[market].queries[query]);
    }
    return common;
  }

 private:
  const std::vector<EventTable>& markets_;
  std::vector<MinedLog> mined_;
  uint32_t min_users_ = 0;
  std::unique_ptr<const TrialIndex> index_;
};

// Asks one market's pairs and appends a trial for each.
absl::Status Ask(const Recommender& recommender, const std::string& market, const std::vector<HeldOutPair>& pairs,
                 HeldOut& out) {
  ASSIGN_OR_RETURN(const Replay replay, ReplayPairs(recommender, market, pairs, kEvaluatedListSize));
  for (size_t i = 0; i < pairs.size(); ++i) {
    HeldOutTrial& trial = *out.add_trials();
    trial.set_market(market);
    trial.set_source(std::string(pairs[i].source.text()));
    trial.set_target(std::string(pairs[i].target.text()));
    trial.set_rank(replay.ranks[i].value_or(0));
    if (!replay.answer(i).candidates.empty()) out.set_answered(out.answered() + 1);
  }
  for (const Recommendation& answer : replay.answers) {
    for (const Candidate& candidate : answer.candidates) {
      out.set_keywords(out.keywords() + 1);
      if (!candidate.evidence.any()) out.set_keywords_without_evidence(out.keywords_without_evidence() + 1);
    }
  }
  return absl::OkStatus();
}

// The pairs of users who did nothing before the cut.
absl::StatusOr<std::vector<HeldOutPair>> PairsOfNewUsers(const EventTable& table, int64_t cut_ms,
                                                         const HistoryOptions& history) {
  std::vector<HeldOutPair> pairs;
  HistoryCleaner cleaner(table, history);
  RETURN_IF_ERROR(ForEachUser(table, {}, [&](absl::Span<const EventRow> rows) {
    if (rows.front().time_ms < cut_ms) return;
    if (const UserHistory* later = cleaner.Clean(rows)) AppendHeldOutPairs(table, *later, pairs);
  }));
  return pairs;
}

// The distinct pairs of common queries, those of all markets cut to kMaxTrials, by (market, source, target).
absl::StatusOr<std::vector<std::vector<HeldOutPair>>> ChoosePairs(const std::vector<EventTable>& markets,
                                                                  int64_t cut_ms, const HistoryOptions& history,
                                                                  const IndexBefore& index) {
  using Chosen = std::tuple<uint64_t, size_t, NormalizedQuery, NormalizedQuery>;
  std::set<Chosen> chosen;  // By a hash of the pair.
  for (size_t i = 0; i < markets.size(); ++i) {
    const std::set<NormalizedQuery> common = index.CommonQueries(markets[i].market);
    ASSIGN_OR_RETURN(const std::vector<HeldOutPair> all, PairsOfNewUsers(markets[i], cut_ms, history));
    for (const HeldOutPair& pair : all) {
      if (!common.contains(pair.source) || !common.contains(pair.target)) continue;
      const uint64_t high = QueryFingerprint(pair.source) * uint64_t{0x9e3779b97f4a7c15};
      chosen.emplace(high ^ (QueryFingerprint(pair.target) * uint64_t{0xc2b2ae3d27d4eb4f}), i, pair.source,
                     pair.target);
      if (chosen.size() > kMaxTrials) chosen.erase(std::prev(chosen.end()));
    }
  }
  std::vector<std::vector<HeldOutPair>> pairs(markets.size());
  for (const auto& [hash, market, source, target] : chosen) pairs[market].push_back({source, target});
  for (std::vector<HeldOutPair>& list : pairs) {
    std::sort(list.begin(), list.end(), [](const HeldOutPair& x, const HeldOutPair& y) {
      return std::tie(x.source, x.target) < std::tie(y.source, y.target);
    });
  }
  return pairs;
}

}  // namespace

absl::StatusOr<HeldOut> HoldOut(const std::vector<EventTable>& markets, int64_t cut_ms, const TrialOptions& options) {
  ASSIGN_OR_RETURN(const auto index, IndexBefore::Build(markets, cut_ms, options));
  HeldOut out;
  out.set_cut_ms(cut_ms);
  ASSIGN_OR_RETURN(const auto pairs, ChoosePairs(markets, cut_ms, options.mine.history, *index));
  for (size_t i = 0; i < markets.size(); ++i) {
    RETURN_IF_ERROR(Ask(index->recommender(), markets[i].market, pairs[i], out));
  }
  return out;
}

absl::StatusOr<AskedAgain> AskAgain(const HeldOut& asked, const std::vector<EventTable>& markets, int64_t until_ms,
                                    const TrialOptions& options) {
  ASSIGN_OR_RETURN(const auto index, IndexBefore::Build(markets, until_ms, options));
  AskedAgain again;
  again.answers.set_cut_ms(asked.cut_ms());
  for (int begin = 0; begin < asked.trials_size();) {  // Trials of a market stand together.
    const std::string& market = asked.trials(begin).market();
    const std::set<NormalizedQuery> common = index->CommonQueries(market);
    std::vector<HeldOutPair> pairs;
    int end = begin;
    for (; end < asked.trials_size() && asked.trials(end).market() == market; ++end) {
      ASSIGN_OR_RETURN(NormalizedQuery source, NormalizeQuery(asked.trials(end).source()));
      ASSIGN_OR_RETURN(NormalizedQuery target, NormalizeQuery(asked.trials(end).target()));
      again.known.push_back(common.contains(source) && common.contains(target));
      pairs.push_back({std::move(source), std::move(target)});
    }
    RETURN_IF_ERROR(Ask(index->recommender(), market, pairs, again.answers));
    begin = end;
  }
  return again;
}

}  // namespace kindred
