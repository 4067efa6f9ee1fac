#include "index/evaluate/weight_fit.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/evaluate/evaluator.h"
#include "index/evaluate/user_histories.h"
#include "index/mine/user_history.h"
#include "index/rank/ranker.h"
#include "index/rank/sparse_rows.h"

namespace kindred {
namespace {

constexpr int kFirstFold = 3, kFolds = 7;  // In tenths of the rows.
constexpr float kNextSession = .3f;  // What the first query of the next session counts, where one of the same is 1.
constexpr uint32_t kRanks = 10;

// What a shopper searched after a query, and what it counts.
struct Target {
  QueryId source, query;
  float weight;
};

// A session's searches; of one that has more than so many, 0 for no end, the first of each of as many queries, because
// pairs grow by the square. `some` is where these are.
absl::Span<const Search> Counted(absl::Span<const Search> session, size_t most, std::vector<Search>& some) {
  if (most == 0 || session.size() <= most) return session;
  some.clear();
  absl::flat_hash_set<QueryId> met;
  for (const Search& search : session) {
    if (met.insert(search.query).second) some.push_back(search);
    if (some.size() == most) break;
  }
  return some;
}

// Of queries that somebody had searched before; by source, in order of users and time.
absl::StatusOr<SparseRows<Target>> TargetsOf(const RankTables& tables, const TimeWindow& window,
                                             const MineOptions& options) {
  const auto is_known = [&](QueryId query) { return !tables.keywords[query].display.empty(); };
  const auto append = [&](absl::Span<const EventRow>, const UserHistory& history, std::vector<Target>& targets) {
    const auto add = [&](QueryId a, QueryId b, float weight) {
      if (a != b && is_known(a) && is_known(b)) targets.push_back({a, b, weight});
    };
    std::vector<Search> some;
    for (size_t s = 0; s < history.sessions.size(); ++s) {
      const absl::Span<const Search> session = history.sessions[s];
      const absl::Span<const Search> counted = Counted(session, options.pairs.max_session_queries, some);
      for (size_t i = 0; i < counted.size(); ++i) {
        for (size_t j = i + 1; j < counted.size(); ++j) add(counted[i].query, counted[j].query, 1);
      }
      if (s + 1 < history.sessions.size())
        add(session.back().query, history.sessions[s + 1].front().query, kNextSession);
    }
  };
  ASSIGN_OR_RETURN(const std::vector<Target> targets,
                   CollectFromUsers<Target>(tables.table, options.history, window, options.threads, append));
  return SparseRows<Target>::Group(
      static_cast<uint32_t>(tables.keywords.size()), targets, [](const Target& target) { return target.source; },
      [](const Target& target) { return target; });
}

// None where no target is a candidate.
ChoiceGroup GroupOf(Ranker& ranker, absl::Span<const Target> targets, bool without_evidence) {
  absl::flat_hash_map<QueryId, float> wanted;
  for (const Target& target : targets) wanted[target.query] += target.weight;
  const absl::Span<const ScoredQuery> candidates = ranker.Candidates(targets.front().source);
  const auto counts = [&](size_t i) { return without_evidence || ranker.HasEvidence(i); };
  bool any = false;
  for (size_t i = 0; i < candidates.size() && !any; ++i) any = wanted.contains(candidates[i].query) && counts(i);
  ChoiceGroup group;
  if (!any) return group;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!counts(i)) continue;
    const auto it = wanted.find(candidates[i].query);
    group.signals.push_back(candidates[i].signals);
    group.chosen.push_back(it == wanted.end() ? 0 : it->second);
  }
  return group;
}

// Sources by fingerprint: as good as any order, and the same always.
std::vector<QueryId> SourcesOf(const RankTables& tables, const SparseRows<Target>& targets) {
  std::vector<std::pair<uint32_t, QueryId>> order;
  for (QueryId source = 0; source < targets.rows(); ++source) {
    if (!targets[source].empty()) order.emplace_back(QueryFingerprint(tables.table.queries[source]), source);
  }
  std::sort(order.begin(), order.end());
  std::vector<QueryId> sources;
  for (const auto& [fingerprint, source] : order) sources.push_back(source);
  return sources;
}

// The groups of one market.
absl::StatusOr<std::vector<ChoiceGroup>> GroupsOf(const std::shared_ptr<const RankTables>& tables,
                                                  const TimeWindow& window, const FitOptions& options, size_t limit) {
  ASSIGN_OR_RETURN(const SparseRows<Target> targets, TargetsOf(*tables, window, options.mine));
  const std::vector<QueryId> sources = SourcesOf(*tables, targets);
  std::vector<std::unique_ptr<Ranker>> rankers(options.mine.threads);
  std::vector<ChoiceGroup> groups;
  for (size_t done = 0; done < sources.size() && groups.size() < limit;) {
    std::vector<ChoiceGroup> some(std::min(sources.size() - done, limit - groups.size()));
    ParallelFor(options.mine.threads, some.size(), [&](uint32_t worker, size_t i) {
      if (rankers[worker] == nullptr) rankers[worker] = std::make_unique<Ranker>(tables);
      some[i] = GroupOf(*rankers[worker], targets[sources[done + i]], options.rank.popular_fill > 0);
    });
    done += some.size();
    std::copy_if(std::move_iterator(some.begin()), std::move_iterator(some.end()), std::back_inserter(groups),
                 [](const ChoiceGroup& group) { return !group.chosen.empty(); });
  }
  return groups;
}

// Signals that overlap may push each other past zero, where a list would say that people who searched both speak
// against a keyword. Such a signal is left out instead.
Signals Fit(absl::Span<const ChoiceGroup> groups, const FitOptions& options) {
  Signals weights = FitConditionalLogit(groups, options.l2);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] * kDefaultWeights[i] < 0) weights[i] = 0;
  }
  return weights;
}

// Sum over targets of chosen / rank.
double ReciprocalRanks(const ChoiceGroup& group, const Signals& weights) {
  std::vector<float> scores;
  for (const Signals& x : group.signals) scores.push_back(std::inner_product(x.begin(), x.end(), weights.begin(), 0.f));
  double sum = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (group.chosen[i] == 0) continue;
    uint32_t rank = 1;
    for (size_t j = 0; j < scores.size(); ++j) rank += scores[j] > scores[i] || (scores[j] == scores[i] && j < i);
    if (rank <= kRanks) sum += static_cast<double>(group.chosen[i]) / rank;
  }
  return sum;
}

// The gain of each test group and its targets, one observation a source.
class GainMeter {
 public:
  void Add(const ChoiceGroup& group, const Signals& before, const Signals& fitted) {
    differences_.push_back(ReciprocalRanks(group, fitted) - ReciprocalRanks(group, before));
    targets_.push_back(std::accumulate(group.chosen.begin(), group.chosen.end(), 0.));
  }
  // A ratio of sums, its standard error by the deviations of sources from it.
  Figure Gain() const {
    const double targets = std::accumulate(targets_.begin(), targets_.end(), 0.);
    if (targets == 0) return {};
    Figure gain;
    gain.value = std::accumulate(differences_.begin(), differences_.end(), 0.) / targets;
    double squares = 0;
    for (size_t i = 0; i < targets_.size(); ++i) {
      const double deviation = differences_[i] - gain.value * targets_[i];
      squares += deviation * deviation;
    }
    gain.standard_error = std::sqrt(squares) / targets;
    return gain;
  }
  size_t sources() const { return targets_.size(); }

 private:
  std::vector<double> differences_, targets_;
};

}  // namespace

bool FitOptions::IsLarge(const std::vector<EventTable>& markets) const {
  uint64_t events = 0;
  for (const EventTable& market : markets) events += market.EventsBefore(until_ms);
  return events > max_rows_of_all_folds;
}

void Folds::Add(std::vector<ChoiceGroup> fold) {
  std::move(fold.begin(), fold.end(), std::back_inserter(groups));
  ends.push_back(groups.size());
}

void Folds::KeepLast(size_t count) {
  if (ends.size() <= count) return;
  const size_t dropped = ends[ends.size() - count - 1];
  groups.erase(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(dropped));
  ends.erase(ends.begin(), ends.end() - static_cast<std::ptrdiff_t>(count));
  for (size_t& end : ends) end -= dropped;
}

absl::StatusOr<std::vector<ChoiceGroup>> ChoicesOf(const std::vector<std::shared_ptr<const RankTables>>& markets,
                                                   const TimeWindow& window, const FitOptions& options) {
  std::vector<ChoiceGroup> groups;
  for (const std::shared_ptr<const RankTables>& tables : markets) {
    const size_t limit = size_t{options.max_fold_sources} * 2;
    ASSIGN_OR_RETURN(std::vector<ChoiceGroup> some, GroupsOf(tables, window, options, limit));
    std::move(some.begin(), some.end(), std::back_inserter(groups));
  }
  return groups;
}

absl::StatusOr<Folds> MakeFolds(const std::vector<EventTable>& markets, const FitOptions& options) {
  uint64_t all_events = 0, events = 0;
  for (const EventTable& market : markets) {
    all_events += market.events();
    events += market.EventsBefore(options.until_ms);
  }
  const double share = all_events == 0 ? 0 : static_cast<double>(events) / static_cast<double>(all_events);
  const bool large = options.IsLarge(markets);
  Folds folds;
  const int first = large ? kFolds - kFoldsOfLargeLog : 0;
  size_t steps = 0;
  const auto tell = [&] {
    if (!options.progress) return;
    const size_t all = 2 * markets.size() * static_cast<size_t>(kFolds - first) + 1;  // Fitting to them is one.
    options.progress(static_cast<double>(++steps) / static_cast<double>(all));
  };
  for (int fold = first; fold < kFolds; ++fold) {
    TimeWindow window{absl::ToUnixMillis(TimeQuantile(markets, share * (kFirstFold + fold) / 10)), options.until_ms};
    if (fold + 1 < kFolds) {
      window.to_ms = absl::ToUnixMillis(TimeQuantile(markets, share * (kFirstFold + fold + 1) / 10));
    }
    std::vector<ChoiceGroup> groups;
    for (const EventTable& market : markets) {
      if (market.first_ms() >= window.from_ms) {
        steps += 2;
        continue;
      }
      ASSIGN_OR_RETURN(MinedLog mined, Mine(market, options.mine, {INT64_MIN, window.from_ms}));
      RankOptions rank = options.rank;
      if (rank.min_users == 0) rank.min_users = AutoMinUsers(mined.report.searches);
      rank.drop_respellings = false;  // Its digests are not asked for.
      ASSIGN_OR_RETURN(const auto tables, RankTables::Create(market, std::move(mined), rank, options.mine.threads));
      tell();
      const size_t limit = size_t{options.max_fold_sources} * (large ? 2 : 1);
      ASSIGN_OR_RETURN(std::vector<ChoiceGroup> some, GroupsOf(tables, window, options, limit));
      std::move(some.begin(), some.end(), std::back_inserter(groups));
      tell();
    }
    folds.Add(std::move(groups));
  }
  return folds;
}

FittedWeights FitToFolds(const Folds& folds, const FitOptions& options) {
  FittedWeights result;
  result.before = result.fitted = options.rank.weights;
  if (folds.groups.empty()) return result;
  const absl::Span<const ChoiceGroup> all = folds.groups;
  const size_t count = folds.ends.size();
  GainMeter meter;
  for (size_t fold = count - (count + 1) / 2; fold < count; ++fold) {
    const size_t begin = fold == 0 ? 0 : folds.ends[fold - 1];
    if (begin == 0) continue;
    const Signals fitted = Fit(all.first(begin), options);
    for (const ChoiceGroup& group : all.subspan(begin, folds.ends[fold] - begin)) {
      meter.Add(group, result.before, fitted);
    }
  }
  result.sources = all.size();
  result.test_sources = meter.sources();
  result.fitted = Fit(all, options);
  result.gain = meter.Gain();
  result.taken = result.test_sources >= kMinTestSources && result.gain.value > result.gain.standard_error;
  return result;
}

absl::StatusOr<FittedWeights> FitWeights(const std::vector<EventTable>& markets, const FitOptions& options) {
  ASSIGN_OR_RETURN(const Folds folds, MakeFolds(markets, options));
  return FitToFolds(folds, options);
}

std::string FormatWeights(const FittedWeights& weights) {
  if (weights.test_sources < kMinTestSources) {
    return "weights: constants; the log is too thin to learn any from\n";
  }
  std::string text;
  for (int i = 0; i < kSignalCount; ++i) {
    absl::StrAppendFormat(&text, "%s%s %.3f (constant %.3f)", i == 0 ? "" : ", ", kSignalNames[static_cast<size_t>(i)],
                          weights.fitted[static_cast<size_t>(i)], weights.before[static_cast<size_t>(i)]);
  }
  return absl::StrFormat(
      "weights tried, learned from %d queries: %s; MRR@10 on %d later ones %+.4f (standard error %.4f): %s\n",
      weights.sources, text, weights.test_sources, weights.gain.value, weights.gain.standard_error,
      weights.taken ? "taken" : "not above one standard error, the constants stay");
}

absl::StatusOr<WeightChoice> ParseWeights(absl::string_view text) {
  WeightChoice choice;
  if (text == "default") return choice;
  if (text == "auto") {
    choice.refit = true;
    return choice;
  }
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  bool numbers = parts.size() == kSignalCount;
  for (size_t i = 0; numbers && i < parts.size(); ++i) {
    numbers = absl::SimpleAtof(parts[i], &choice.weights[i]) && std::isfinite(choice.weights[i]);
  }
  if (numbers) return choice;
  return absl::InvalidArgumentError(absl::StrCat("--weights=", text, ": give auto, default or ", int{kSignalCount},
                                                 " numbers, for ", absl::StrJoin(kSignalNames, ",")));
}

}  // namespace kindred
