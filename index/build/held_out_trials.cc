#include "index/build/held_out_trials.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/types/span.h"
#include "common/status_macros.h"
#include "index/evaluate/held_out.h"
#include "index/evaluate/replay.h"
#include "index/evaluate/trial_index.h"
#include "index/lookup/recommender.h"

namespace kindred {
namespace {

using index::v1::HeldOutTrial;

}  // namespace

absl::StatusOr<std::unique_ptr<const IndexBefore>> IndexBefore::Build(const std::vector<EventTable>& markets,
                                                                      int64_t cut_ms, const TrialOptions& options) {
  std::unique_ptr<IndexBefore> index(new IndexBefore(markets, cut_ms, options.mine));
  uint64_t searches = 0;
  for (const EventTable& table : markets) {
    ASSIGN_OR_RETURN(MinedLog mined, Mine(table, options.mine, {INT64_MIN, cut_ms}));
    searches += index->mined_.emplace_back(std::move(mined)).report.searches;
  }
  RankOptions rank = options.rank;
  if (rank.min_users == 0) rank.min_users = AutoMinUsers(searches);
  index->min_users_ = rank.min_users;
  ASSIGN_OR_RETURN(index->index_, TrialIndex::Build(markets, index->mined_, rank, options.mine.threads));
  return index;
}

bool IndexBefore::IsCommon(absl::string_view name, const NormalizedQuery& query) const {
  for (size_t market = 0; market < markets_.size(); ++market) {
    if (markets_[market].market != name) continue;
    const std::optional<QueryId> id = markets_[market].Find(query);
    return id.has_value() && IsCommon(market, *id);
  }
  return false;
}

absl::Status IndexBefore::Ask(const std::string& market, const std::vector<HeldOutPair>& pairs,
                              index::v1::HeldOut& out) const {
  ASSIGN_OR_RETURN(const Replay replay,
                   ReplayPairs(index_->recommender(), market, pairs, kEvaluatedListSize, mine_.threads));
  for (size_t i = 0; i < pairs.size(); ++i) {
    HeldOutTrial& trial = *out.add_trials();
    trial.set_market(market);
    trial.set_source(std::string(pairs[i].source.text()));
    trial.set_target(std::string(pairs[i].target.text()));
    trial.set_rank(replay.ranks[i].value_or(0));
    if (!replay.answer(i).empty()) out.set_answered(out.answered() + 1);
  }
  for (const std::vector<Candidate>& answer : replay.answers) {
    for (const Candidate& candidate : answer) {
      out.set_keywords(out.keywords() + 1);
      if (!candidate.evidence.any()) out.set_keywords_without_evidence(out.keywords_without_evidence() + 1);
    }
  }
  return absl::OkStatus();
}

// The distinct pairs of common queries, of users who did nothing before the cut; those of all markets cut to
// kMaxTrials, by (market, source, target).
absl::StatusOr<std::vector<std::vector<HeldOutPair>>> IndexBefore::ChoosePairs() const {
  using Chosen = std::tuple<uint64_t, size_t, NormalizedView, NormalizedView>;
  std::set<Chosen> chosen;  // By a hash of the pair.
  for (size_t i = 0; i < markets_.size(); ++i) {
    ASSIGN_OR_RETURN(const std::vector<HeldOutIds> all,
                     FindHeldOut(markets_[i], mine_.history, {.users_since_ms = cut_ms_}, mine_.threads));
    const absl::Span<const NormalizedView> queries = markets_[i].queries;
    for (const HeldOutIds& pair : all) {
      if (!IsCommon(i, pair.source) || !IsCommon(i, pair.target)) continue;
      const uint64_t high = QueryFingerprint(queries[pair.source]) * uint64_t{0x9e3779b97f4a7c15};
      const uint64_t hash = high ^ (QueryFingerprint(queries[pair.target]) * uint64_t{0xc2b2ae3d27d4eb4f});
      if (chosen.size() == kMaxTrials && hash > std::get<0>(*chosen.rbegin())) continue;
      chosen.emplace(hash, i, queries[pair.source], queries[pair.target]);
      if (chosen.size() > kMaxTrials) chosen.erase(std::prev(chosen.end()));
    }
  }
  std::vector<std::vector<HeldOutPair>> pairs(markets_.size());
  for (const auto& [hash, market, source, target] : chosen)
    pairs[market].push_back({NormalizedQuery(source), NormalizedQuery(target)});
  for (std::vector<HeldOutPair>& list : pairs) {
    std::sort(list.begin(), list.end(), [](const HeldOutPair& x, const HeldOutPair& y) {
      return std::tie(x.source, x.target) < std::tie(y.source, y.target);
    });
  }
  return pairs;
}

absl::StatusOr<index::v1::HeldOut> IndexBefore::HoldOut() const {
  index::v1::HeldOut out;
  out.set_cut_ms(cut_ms_);
  ASSIGN_OR_RETURN(const auto pairs, ChoosePairs());
  for (size_t i = 0; i < pairs.size(); ++i) RETURN_IF_ERROR(Ask(markets_[i].market, pairs[i], out));
  return out;
}

absl::StatusOr<AskedAgain> IndexBefore::AskAgain(const index::v1::HeldOut& asked) const {
  AskedAgain again;
  again.answers.set_cut_ms(asked.cut_ms());
  for (int begin = 0; begin < asked.trials_size();) {  // Trials of a market stand together.
    const std::string& market = asked.trials(begin).market();
    std::vector<HeldOutPair> pairs;
    int end = begin;
    for (; end < asked.trials_size() && asked.trials(end).market() == market; ++end) {
      ASSIGN_OR_RETURN(NormalizedQuery source, NormalizeQuery(asked.trials(end).source()));
      ASSIGN_OR_RETURN(NormalizedQuery target, NormalizeQuery(asked.trials(end).target()));
      again.known.push_back(IsCommon(market, source) && IsCommon(market, target));
      pairs.push_back({std::move(source), std::move(target)});
    }
    RETURN_IF_ERROR(Ask(market, pairs, again.answers));
    begin = end;
  }
  return again;
}

}  // namespace kindred
