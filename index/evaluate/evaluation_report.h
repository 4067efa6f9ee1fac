// What an evaluation found. Every figure comes from counts, so that a report's size does not grow with the log.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "index/evaluate/ranking_metrics.h"

namespace kindred {

// One method on one set of trials.
struct MethodQuality {
  std::string method;
  RankingMetrics all;
  RankingMetrics unseen;  // Trials whose source nobody searched before the cut.
};

// What is in kindred's lists, each counted as often as it was asked for. Empty lists do not count.
struct ListQuality {
  uint64_t lists = 0;
  uint64_t respelling = 0, alias = 0, no_evidence = 0;  // Lists that hold one; see ListTraits.
  absl::flat_hash_set<uint32_t> keywords;               // Distinct keywords shown, by fingerprint.
};

// All methods on the trials whose source is of one kind.
struct SliceQuality {
  std::string kind;  // "all", "source", "popularity", "words" or "script".
  std::string name;
  std::vector<RankingMetrics> methods;   // As EvaluationReport::methods.
  std::vector<PairedRanks> differences;  // kindred against methods[i + 1].
  ListQuality lists;
};

// Quality where a flag that keeps rare things out of the lists has another value than the evaluation's.
struct FloorCost {
  std::string flag;
  uint32_t value = 0;
  RankingMetrics metrics;
};

// One way to use what a visit searched earlier, on the trials that have an earlier query.
struct ContextQuality {
  std::string method;
  RankingMetrics metrics = {};
  PairedRanks difference = {};  // Against the list alone, the first of all.
};

// A query that shoppers often searched after the last cut, and what they would have seen.
struct ExampleList {
  std::string query;
  uint64_t asked = 0;
  std::vector<std::pair<std::string, uint64_t>> keywords;  // With how many of the askers searched it next.
};

struct NamedCount {
  std::string name;
  uint64_t count;
};

struct EvaluationReport {
  struct Cut {
    std::string from, to;  // ISO dates.
    uint64_t train_rows = 0;
    uint64_t pairs = 0;        // Held out.
    uint64_t asked_pairs = 0;  // Of those; all other counts and figures are of them.
    uint64_t unseen_pairs = 0;
    uint32_t min_users = 0;
    bool weights_learned = false;              // From the rows before it; else they are what was asked for.
    std::vector<NamedCount> index = {};        // Sizes of what was mined and built.
    std::vector<RankingMetrics> methods = {};  // As EvaluationReport::methods.
  };
  std::vector<Cut> cuts;
  std::vector<MethodQuality> methods;   // kindred first, then the baselines, if any, on the same trials.
  std::vector<SliceQuality> slices;     // The one of all trials first; by kind.
  std::vector<FloorCost> floors;        // Where asked for; by flag and value.
  std::vector<ContextQuality> context;  // Where asked for.
  std::vector<ExampleList> examples;    // The most asked first.
  // For the reader, set by the caller.
  std::vector<NamedCount> log;
  std::vector<std::pair<std::string, std::string>> parameters;
};

// The baseline of the highest hit@10: its index, from 0, of SliceQuality::differences.
size_t StrongestBaseline(const EvaluationReport& report);

// For people: the methods and their differences; then the slices.
std::string FormatTable(const EvaluationReport& report);
std::string FormatSlices(const EvaluationReport& report);
// Empty where it was not measured.
std::string FormatContext(const EvaluationReport& report);

// In plain words, for somebody who knows no metric: how good, and whether better than the strongest baseline by more
// than two standard errors.
std::string Headline(const EvaluationReport& report);
std::string Verdict(const EvaluationReport& report);

}  // namespace kindred
