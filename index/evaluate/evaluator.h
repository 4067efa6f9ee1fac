// Quality on held-out sessions: for each cut, an index is built from the rows before it and asked what shoppers
// searched after it, through the Recommender that the server asks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "index/evaluate/ranking_metrics.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"

namespace kindred {

struct EvaluateOptions {
  MineOptions mine;
  RankOptions rank;  // min_users of 0: AutoMinUsers() of each training log. Pairs count from rank.min_pair_users on.
  // Each cut's test is the log from there to the next cut; the last one's, to the end of the log. Ascending.
  std::vector<absl::Time> cuts;
  // Where the indexes of the cuts are built and removed again.
  std::string temp_dir;
};

// One method on one set of trials.
struct MethodQuality {
  std::string method;
  RankingMetrics all;
  RankingMetrics unseen;  // Trials whose source nobody searched before the cut.
};

struct EvaluationReport {
  struct Cut {
    std::string from, to;  // ISO dates.
    uint64_t train_rows = 0;
    uint64_t pairs = 0;
    uint64_t unseen_pairs = 0;
    uint32_t min_users = 0;
  };
  std::vector<Cut> cuts;
  std::vector<MethodQuality> methods;  // kindred first, then the baselines, on the same trials.
};

// The log's markets are measured together: a list is asked within its trial's market.
//   InvalidArgument: no cut, or cuts out of order.  NotFound: a cut with no row before it or no pair after it; it is
//   named. Errors of RankAll(), IndexWriter and Recommender.
absl::StatusOr<EvaluationReport> Evaluate(const std::vector<EventTable>& markets, const EvaluateOptions& options);

// Share of the rows that train where nobody says at which date to cut.
inline constexpr double kDefaultTrainingShare = .9;

// The time before which `share` of the rows lie.
absl::Time TimeQuantile(const std::vector<EventTable>& markets, double share);

// A table for people, and the same figures as one JSON object.
std::string FormatTable(const EvaluationReport& report);
std::string FormatJson(const EvaluationReport& report);

}  // namespace kindred
