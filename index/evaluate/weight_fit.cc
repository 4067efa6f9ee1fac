#include "index/evaluate/weight_fit.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "index/evaluate/conditional_logit.h"
#include "index/evaluate/evaluator.h"
#include "index/mine/user_history.h"
#include "index/mine/user_rows.h"
#include "index/rank/rank_tables.h"
#include "index/rank/ranker.h"

namespace kindred {
namespace {

constexpr int kFirstFold = 3, kFolds = 7;  // In tenths of the rows.
constexpr int kFoldsOfLargeLog = 2;
constexpr float kNextSession = .3f;  // What the first query of the next session counts, where one of the same is 1.
constexpr uint32_t kRanks = 10;

// What shoppers searched after each query, in ids of the fold's training table.
using Targets = std::map<QueryId, std::map<QueryId, float>>;

class TargetCollector {
 public:
  // Queries that nobody had searched before have no targets and are none.
  explicit TargetCollector(const std::vector<QueryCounts>& known) : known_(known) {}

  void AddUser(const UserHistory& history) {
    for (size_t s = 0; s < history.sessions.size(); ++s) {
      const absl::Span<const Search> session = history.sessions[s];
      for (size_t i = 0; i < session.size(); ++i) {
        for (size_t j = i + 1; j < session.size(); ++j) Add(session[i].query, session[j].query, 1);
      }
      if (s + 1 < history.sessions.size())
        Add(session.back().query, history.sessions[s + 1].front().query, kNextSession);
    }
  }

  const Targets& targets() const { return targets_; }

 private:
  void Add(QueryId a, QueryId b, float weight) {
    if (a != b && known_[a].searches > 0 && known_[b].searches > 0) targets_[a][b] += weight;
  }

  const std::vector<QueryCounts>& known_;
  Targets targets_;
};

std::optional<ChoiceGroup> GroupOf(Ranker& ranker, QueryId source, const std::map<QueryId, float>& targets,
                                   bool without_evidence) {
  ChoiceGroup group;
  float sum = 0;
  for (const ScoredQuery& scored : ranker.Candidates(source)) {
    if (!without_evidence && !ranker.HasEvidence(source, scored)) continue;
    const auto it = targets.find(scored.query);
    group.signals.push_back(scored.signals);
    group.chosen.push_back(it == targets.end() ? 0 : it->second);
    sum += group.chosen.back();
  }
  if (sum == 0) return std::nullopt;
  return group;
}

// The groups of one market in one fold: what was searched in `fold` by what was known before it.
absl::StatusOr<std::vector<ChoiceGroup>> GroupsOf(const EventTable& table, const TimeWindow& fold,
                                                  const FitOptions& options) {
  ASSIGN_OR_RETURN(const MinedLog mined, Mine(table, options.mine, {INT64_MIN, fold.from_ms}));
  RankOptions rank = options.rank;
  if (rank.min_users == 0) rank.min_users = AutoMinUsers(mined.report.searches);
  rank.drop_respellings = false;  // Its digests are not asked for.
  ASSIGN_OR_RETURN(std::shared_ptr<const RankTables> tables,
                   RankTables::Create(table, mined, rank, options.mine.threads));
  Ranker ranker(std::move(tables));
  TargetCollector collector(mined.counts);
  HistoryCleaner cleaner(table, options.mine.history);
  RETURN_IF_ERROR(ForEachUser(table, fold, [&](absl::Span<const EventRow> rows) {
    if (const UserHistory* history = cleaner.Clean(rows)) collector.AddUser(*history);
  }));
  std::vector<std::pair<uint32_t, QueryId>> sources;  // By fingerprint: as good as any order, and the same always.
  for (const auto& [source, targets] : collector.targets()) {
    sources.emplace_back(QueryFingerprint(table.queries[source]), source);
  }
  std::sort(sources.begin(), sources.end());
  std::vector<ChoiceGroup> groups;
  for (const auto& [fingerprint, source] : sources) {
    if (groups.size() == options.max_fold_sources) break;
    auto group = GroupOf(ranker, source, collector.targets().at(source), rank.popular_fill > 0);
    if (group.has_value()) groups.push_back(*std::move(group));
  }
  return groups;
}

// Signals that overlap may push each other past zero, where a list would say that people who searched both speak
// against a keyword. Such a signal is left out instead.
Signals Fit(const std::vector<ChoiceGroup>& groups, const FitOptions& options) {
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

absl::StatusOr<FittedWeights> FitWeights(const std::vector<EventTable>& markets, const FitOptions& options) {
  FittedWeights result;
  result.before = result.fitted = options.rank.weights;
  uint64_t all_events = 0, events = 0;
  for (const EventTable& market : markets) {
    all_events += market.events();
    events += market.EventsBefore(options.until_ms);
  }
  const double share = all_events == 0 ? 0 : static_cast<double>(events) / static_cast<double>(all_events);
  const int folds = events > options.max_rows_of_all_folds ? kFoldsOfLargeLog : kFolds;
  std::vector<ChoiceGroup> known;
  GainMeter meter;
  for (int fold = kFolds - folds; fold < kFolds; ++fold) {
    TimeWindow window{absl::ToUnixMillis(TimeQuantile(markets, share * (kFirstFold + fold) / 10)), options.until_ms};
    if (fold + 1 < kFolds) {
      window.to_ms = absl::ToUnixMillis(TimeQuantile(markets, share * (kFirstFold + fold + 1) / 10));
    }
    std::vector<ChoiceGroup> groups;
    for (const EventTable& market : markets) {
      if (market.first_ms() >= window.from_ms) continue;
      ASSIGN_OR_RETURN(std::vector<ChoiceGroup> some, GroupsOf(market, window, options));
      std::move(some.begin(), some.end(), std::back_inserter(groups));
    }
    if (kFolds - fold <= (folds + 1) / 2 && !known.empty()) {
      const Signals fitted = Fit(known, options);
      for (const ChoiceGroup& group : groups) meter.Add(group, result.before, fitted);
    }
    std::move(groups.begin(), groups.end(), std::back_inserter(known));
  }
  if (known.empty()) return result;
  result.sources = known.size();
  result.test_sources = meter.sources();
  result.fitted = Fit(known, options);
  result.gain = meter.Gain();
  result.taken = result.test_sources >= kMinTestSources && result.gain.value > result.gain.standard_error;
  return result;
}

std::string FormatWeights(const FittedWeights& weights) {
  if (weights.test_sources < kMinTestSources) {
    return "weights: constants; the log is too thin to learn any from\n";
  }
  std::string text;
  for (int i = 0; i < kSignalCount; ++i) {
    absl::StrAppendFormat(&text, "%s%s %.3f (was %.3f)", i == 0 ? "" : ", ", kSignalNames[static_cast<size_t>(i)],
                          weights.fitted[static_cast<size_t>(i)], weights.before[static_cast<size_t>(i)]);
  }
  return absl::StrFormat(
      "weights learned from %d queries: %s; MRR@10 on %d later ones %+.4f (standard error %.4f): %s\n", weights.sources,
      text, weights.test_sources, weights.gain.value, weights.gain.standard_error,
      weights.taken ? "taken" : "not above one standard error, the old ones stay");
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
