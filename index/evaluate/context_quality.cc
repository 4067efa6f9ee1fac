#include "index/evaluate/context_quality.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/parallel_for.h"
#include "common/status_macros.h"
#include "index/evaluate/replay.h"
#include "index/evaluate/user_histories.h"
#include "index/lookup/list_merger.h"
#include "index/text/stripped_form.h"

namespace kindred {
namespace {

constexpr size_t kEarlier = 5;  // As many recent queries as the server looks at: kMaxRecentQueries.
constexpr size_t kListSize = 30;
constexpr double kShare = .1;  // Of the list of the query before, where it is mixed in; 1 of the own.
constexpr const char* kNames[] = {"the list alone", "without what was searched", "filled from the query before",
                                  "mixed with the query before"};
constexpr size_t kMethods = std::size(kNames);

struct Trial {
  QueryId source, target;
  std::array<QueryId, kEarlier> earlier;  // The last first; distinct, and not the source.
  size_t earlier_count = 0;
};

struct Outcome {
  std::array<std::optional<uint32_t>, kMethods> ranks;
  std::array<bool, kMethods> answered = {};
};

void AddTrials(absl::Span<const Search> session, std::vector<Trial>& trials) {
  for (size_t i = 2; i < session.size(); ++i) {
    Trial trial{session[i - 1].query, session[i].query, {}, 0};
    if (trial.source == trial.target) continue;
    for (size_t j = i - 1; j-- > 0 && trial.earlier_count < kEarlier;) {
      const auto known = absl::MakeConstSpan(trial.earlier).first(trial.earlier_count);
      if (session[j].query == trial.source || absl::c_linear_search(known, session[j].query)) continue;
      trial.earlier[trial.earlier_count++] = session[j].query;
    }
    if (trial.earlier_count > 0) trials.push_back(trial);
  }
}

// Asks one trial in every way.
class Asker {
 public:
  Asker(const EventTable& table, const Recommender& recommender) : table_(table), recommender_(recommender) {}

  absl::StatusOr<Outcome> Ask(const Trial& trial) const {
    ASSIGN_OR_RETURN(const RelatedListView own, ListOf(trial.source));
    ASSIGN_OR_RETURN(const RelatedListView before, ListOf(trial.earlier.front()));
    std::vector<uint32_t> searched = {StrippedFingerprint(table_.queries[trial.source])};
    const uint32_t target = QueryFingerprint(table_.queries[trial.target]);
    Outcome outcome;
    const auto set = [&](size_t method, const std::vector<CandidateView>& list) {
      uint32_t rank = 0;
      for (const CandidateView& candidate : list) {
        const auto query = NormalizeQuery(candidate.keyword);
        if (query.ok() && absl::c_linear_search(searched, StrippedFingerprint(*query))) continue;
        if (++rank > kEvaluatedListSize) break;
        if (candidate.query_fingerprint == target) outcome.ranks[method] = rank;
      }
      outcome.answered[method] = rank > 0;
    };
    set(0, own.candidates);
    for (size_t i = 0; i < trial.earlier_count; ++i) {
      searched.push_back(StrippedFingerprint(table_.queries[trial.earlier[i]]));
    }
    set(1, own.candidates);
    set(2, Filled(own, before));
    set(3, Mixed(own, before));
    return outcome;
  }

 private:
  absl::StatusOr<RelatedListView> ListOf(QueryId query) const {
    ASSIGN_OR_RETURN(Recommendation answer,
                     recommender_.Recommend(table_.market, NormalizedQuery(table_.queries[query]), kListSize));
    RelatedListView list;
    list.candidates = std::move(answer.candidates);
    list.owner = std::move(answer.owner);
    return list;
  }

  static std::vector<CandidateView> Filled(const RelatedListView& own, const RelatedListView& before) {
    std::vector<CandidateView> filled = own.candidates;
    if (filled.empty()) return filled;
    for (const CandidateView& candidate : before.candidates) {
      const bool known = absl::c_any_of(own.candidates, [&](const CandidateView& other) {
        return other.query_fingerprint == candidate.query_fingerprint;
      });
      if (!known) filled.push_back(candidate);
    }
    return filled;
  }

  static std::vector<CandidateView> Mixed(const RelatedListView& own, const RelatedListView& before) {
    const std::vector<WeightedList> lists = {{own, 1}, {before, kShare}};
    std::vector<CandidateView> mixed;
    for (const MergedCandidate& merged : MergeLists(lists)) {
      mixed.push_back(lists[merged.list].list.candidates[merged.place]);
      mixed.back().score = merged.score;
    }
    return mixed;
  }

  const EventTable& table_;
  const Recommender& recommender_;
};

}  // namespace

absl::Status AddContextQuality(const EventTable& table, const HistoryOptions& history, const TimeWindow& window,
                               const Recommender& recommender, size_t max_trials, uint32_t threads,
                               std::vector<ContextQuality>& methods) {
  const auto append = [](absl::Span<const EventRow> /*rows*/, const UserHistory& user, std::vector<Trial>& trials) {
    for (const absl::Span<const Search> session : user.sessions) AddTrials(session, trials);
  };
  ASSIGN_OR_RETURN(const std::vector<Trial> all, CollectFromUsers<Trial>(table, history, window, threads, append));
  const size_t count = std::min(all.size(), max_trials);
  const Asker asker(table, recommender);
  std::vector<Outcome> outcomes(count);
  std::vector<absl::Status> failures(threads);  // By worker.
  ParallelFor(threads, count, [&](uint32_t worker, size_t i) {
    absl::StatusOr<Outcome> outcome = asker.Ask(all[i * all.size() / count]);
    if (outcome.ok()) {
      outcomes[i] = *outcome;
    } else {
      failures[worker] = outcome.status();
    }
  });
  for (const absl::Status& failure : failures) RETURN_IF_ERROR(failure);
  if (methods.empty()) {
    for (const char* name : kNames) methods.push_back({.method = name});
  }
  for (const Outcome& outcome : outcomes) {
    for (size_t i = 0; i < kMethods; ++i) {
      methods[i].metrics.AddTrial(outcome.ranks[i], outcome.answered[i]);
      methods[i].difference.AddTrial(outcome.ranks[i], outcome.ranks[0]);
    }
  }
  return absl::OkStatus();
}

}  // namespace kindred
