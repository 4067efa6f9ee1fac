#include "index/evaluate/quality_collector.h"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "common/parallel_for.h"
#include "index/evaluate/list_traits.h"
#include "index/evaluate/query_slices.h"
#include "index/rank/sparse_rows.h"

namespace kindred {
namespace {

constexpr size_t kExamples = 24;
// Of slices; names that are not here stand behind, those with most trials first.
constexpr std::array<absl::string_view, 15> kOrder = {
    "all",   "source", "known",   "unseen",  "popularity",       "head",   "torso", "tail",
    "words", "1 word", "2 words", "3 words", "4 words and more", "script", "Latin"};

size_t PlaceOf(absl::string_view name) { return std::find(kOrder.begin(), kOrder.end(), name) - kOrder.begin(); }

bool InReportOrder(const SliceQuality& x, const SliceQuality& y) {
  const auto key = [](const SliceQuality& slice) {
    const uint64_t trials = slice.methods.front().trials();
    return std::make_tuple(PlaceOf(slice.kind), PlaceOf(slice.name), UINT64_MAX - trials, slice.name);
  };
  return key(x) < key(y);
}

std::optional<uint32_t> PlaceIn(const std::vector<QueryId>& list, std::optional<QueryId> target) {
  if (!target.has_value()) return std::nullopt;
  const auto found = std::find(list.begin(), list.end(), *target);
  if (found == list.end()) return std::nullopt;
  return static_cast<uint32_t>(found - list.begin() + 1);
}

// How often each pair's source was searched before; pairs of unseen ones left out.
std::vector<uint32_t> SearchesOfKnown(const MarketTrials& trials) {
  std::vector<uint32_t> searches;
  for (const HeldOutPair& pair : trials.held_out) {
    const std::optional<QueryId> id = trials.train.Find(pair.source);
    if (id.has_value() && trials.mined.counts[*id].searches > 0) searches.push_back(trials.mined.counts[*id].searches);
  }
  return searches;
}

// What the baselines show for a source, and what is in kindred's list.
struct SourceLists {
  Baselines::Lists baselines;
  ListTraits traits;
};

// Of each answer of the replay.
std::vector<SourceLists> ReadLists(const MarketTrials& trials) {
  const std::vector<std::vector<Candidate>>& answers = trials.replay.answers;
  std::vector<NormalizedView> sources(answers.size());
  for (size_t i = 0; i < trials.held_out.size(); ++i) sources[trials.replay.answer_of[i]] = trials.held_out[i].source;
  std::vector<std::unique_ptr<ListReader>> readers(trials.threads);
  std::vector<SourceLists> lists(answers.size());
  ParallelFor(trials.threads, answers.size(), [&](uint32_t worker, size_t i) {
    if (readers[worker] == nullptr) readers[worker] = std::make_unique<ListReader>(trials.train, trials.mined);
    if (trials.baselines != nullptr) lists[i].baselines = trials.baselines->ListsOf(sources[i]);
    lists[i].traits = readers[worker]->Read(sources[i], answers[i]);
  });
  return lists;
}

// As most shoppers type it, or as some do who came after the log that was mined.
std::string DisplayOf(const MarketTrials& trials, QueryId query) {
  const QueryCounts& counts = trials.mined.counts[query];
  const auto& spellings = trials.train.spellings;
  if (counts.searches > 0) return std::string(spellings[counts.display].display);
  const auto first = std::partition_point(spellings.begin(), spellings.end(),
                                          [query](const auto& spelling) { return spelling.query < query; });
  return std::string(first->display);
}

}  // namespace

// A distinct source with everything that its pairs need.
struct QualityCollector::Source {
  const MarketTrials& trials;
  const SourceLists& lists;
  absl::Span<const uint32_t> pairs;
  std::vector<size_t> slices = {};
  bool unseen = false;
  std::string display = {};  // As shoppers type it; its normal form where the log lacks it.

  const NormalizedQuery& query() const { return trials.held_out[pairs.front()].source; }
  const std::vector<Candidate>& list() const { return trials.replay.answer(pairs.front()); }
};

QualityCollector::QualityCollector(std::unique_ptr<WordSegmenter> segmenter, bool baselines)
    : segmenter_(std::move(segmenter)),
      baselines_(baselines ? absl::MakeConstSpan(kBaselines) : absl::Span<const Baseline>()) {}

size_t QualityCollector::SliceOf(absl::string_view kind, const std::string& name) {
  for (size_t i = 0; i < slices_.size(); ++i) {
    if (slices_[i].kind == kind && slices_[i].name == name) return i;
  }
  SliceQuality& slice = slices_.emplace_back();
  slice.kind = std::string(kind);
  slice.name = name;
  slice.methods.resize(1 + baselines_.size());
  slice.differences.resize(baselines_.size());
  return slices_.size() - 1;
}

std::vector<size_t> QualityCollector::SlicesOf(const NormalizedQuery& source, absl::string_view popularity) {
  std::vector<size_t> slices = {SliceOf("all", "all"), SliceOf("source", popularity.empty() ? "unseen" : "known"),
                                SliceOf("words", WordCountName(segmenter_->DistinctWords(source).size())),
                                SliceOf("script", ScriptOf(source))};
  if (!popularity.empty()) slices.push_back(SliceOf("popularity", std::string(popularity)));
  return slices;
}

void QualityCollector::AddSource(const Source& source, EvaluationReport::Cut& cut) {
  const Baselines::Lists& lists = source.lists.baselines;
  for (const uint32_t pair : source.pairs) {
    const std::optional<uint32_t> ours = source.trials.replay.ranks[pair];
    const std::optional<QueryId> target = source.trials.train.Find(source.trials.held_out[pair].target);
    cut.methods[0].AddTrial(ours, !source.list().empty());
    for (const size_t s : source.slices) slices_[s].methods[0].AddTrial(ours, !source.list().empty());
    for (size_t b = 0; b < baselines_.size(); ++b) {
      const std::optional<uint32_t> theirs = PlaceIn(lists[b], target);
      cut.methods[b + 1].AddTrial(theirs, !lists[b].empty());
      for (const size_t s : source.slices) {
        slices_[s].methods[b + 1].AddTrial(theirs, !lists[b].empty());
        slices_[s].differences[b].AddTrial(ours, theirs);
      }
    }
  }
  if (source.list().empty()) return;
  for (const size_t s : source.slices) {
    ListQuality& quality = slices_[s].lists;
    quality.lists += source.pairs.size();
    if (source.lists.traits.respelling) quality.respelling += source.pairs.size();
    if (source.lists.traits.alias) quality.alias += source.pairs.size();
    if (source.lists.traits.no_evidence) quality.no_evidence += source.pairs.size();
    for (const Candidate& candidate : source.list()) quality.keywords.insert(candidate.query_fingerprint);
  }
}

void QualityCollector::KeepExample(const Source& source) {
  const auto before = [](const ExampleList& x, const ExampleList& y) {
    return x.asked != y.asked ? x.asked > y.asked : x.query < y.query;
  };
  ExampleList example{source.display, source.pairs.size(), {}};
  if (examples_.size() == kExamples && !before(example, examples_.back())) return;
  for (const Candidate& candidate : source.list()) example.keywords.emplace_back(candidate.keyword, 0);
  for (const uint32_t pair : source.pairs) {
    if (const std::optional<uint32_t> rank = source.trials.replay.ranks[pair]; rank.has_value()) {
      ++example.keywords[*rank - 1].second;
    }
  }
  examples_.insert(std::upper_bound(examples_.begin(), examples_.end(), example, before), std::move(example));
  if (examples_.size() > kExamples) examples_.pop_back();
}

void QualityCollector::Add(const MarketTrials& trials, EvaluationReport::Cut& cut) {
  cut.methods.resize(1 + baselines_.size());
  const std::vector<SourceLists> lists = ReadLists(trials);
  const PopularityClasses classes(SearchesOfKnown(trials));
  std::vector<uint32_t> pairs(trials.held_out.size());
  std::iota(pairs.begin(), pairs.end(), 0);
  const auto pairs_of = SparseRows<uint32_t>::Group(
      static_cast<uint32_t>(trials.replay.answers.size()), pairs,
      [&](uint32_t pair) { return trials.replay.answer_of[pair]; }, [](uint32_t pair) { return pair; });
  for (uint32_t answer = 0; answer < pairs_of.rows(); ++answer) {
    Source source{.trials = trials, .lists = lists[answer], .pairs = pairs_of[answer]};
    const std::optional<QueryId> id = trials.train.Find(source.query());
    source.unseen = !id.has_value() || trials.mined.counts[*id].searches == 0;
    source.display = id.has_value() ? DisplayOf(trials, *id) : std::string(source.query().text());
    source.slices = SlicesOf(source.query(), source.unseen ? "" : classes.ClassOf(trials.mined.counts[*id].searches));
    if (source.unseen) cut.unseen_pairs += source.pairs.size();
    AddSource(source, cut);
    KeepExample(source);
  }
}

void QualityCollector::StartCut() { examples_.clear(); }

void QualityCollector::Finish(EvaluationReport& report) {
  report.methods.push_back({"kindred", {}, {}});
  for (const Baseline baseline : baselines_) report.methods.push_back({std::string(BaselineName(baseline)), {}, {}});
  std::sort(slices_.begin(), slices_.end(), InReportOrder);
  for (const SliceQuality& slice : slices_) {
    for (size_t m = 0; m < report.methods.size(); ++m) {
      if (slice.kind == "all") report.methods[m].all = slice.methods[m];
      if (slice.name == "unseen") report.methods[m].unseen = slice.methods[m];
    }
  }
  report.slices = std::move(slices_);
  report.examples = std::move(examples_);
}

}  // namespace kindred
