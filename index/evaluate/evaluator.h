// Quality on held-out sessions: for each cut, an index is built from the rows before it and asked what shoppers
// searched after it, through the Recommender that the server asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "index/evaluate/evaluation_report.h"
#include "index/evaluate/held_out.h"
#include "index/mine/event_table.h"
#include "index/mine/mined_log.h"
#include "index/rank/rank_options.h"

namespace kindred {

struct EvaluateOptions {
  MineOptions mine;
  // Learn weights from each cut's training rows, and take them where they win (weight_fit.h).
  bool refit_weights = false;
  RankOptions rank;  // min_users of 0: AutoMinUsers() of each training log. Pairs count from rank.min_pair_users on.
  // Each cut's test is the log from there to the next cut; the last one's, to the end of the log. Ascending.
  std::vector<absl::Time> cuts;
  // Pairs that are asked, of all cuts together; of more, each cut's share, chosen by Thin().
  size_t max_pairs = kMaxAskedPairs;
  // Also the baselines, which count every pair, those of one person, too. Texts and pages of the report need them.
  bool baselines = true;
  // Also what --min_users and --min_pair_users cost, EvaluationReport::floors.
  bool measure_floors = false;
  // Also what earlier queries of a visit are worth, EvaluationReport::context.
  bool measure_context = false;
  // Where set, told after each step which share of them is done, 0 to 1.
  std::function<void(double)> progress = nullptr;
};

// The log's markets are measured together: a list is asked within its trial's market.
//   InvalidArgument: no cut, or cuts out of order.  NotFound: a cut with no row before it or no pair after it; it is
//   named. Errors of Mine(), RankTables::Create() and Recommender.
absl::StatusOr<EvaluationReport> Evaluate(const std::vector<EventTable>& markets, const EvaluateOptions& options);

// Share of the rows that train where nobody says at which date to cut.
inline constexpr double kDefaultTrainingShare = .9;

// The minute before which at most `share` of the events lie; the time of the last one where share >= 1.
absl::Time TimeQuantile(const std::vector<EventTable>& markets, double share);

// `count` cuts, equally far apart, over the log's last part. That part is a tenth of the rows a cut, so that each cut's
// test is about the tenth that a build holds out, but at most four tenths: the first cut's index needs a log to learn
// from, and one built from far less than the last would be another index. REQUIRES: count >= 1.
std::vector<absl::Time> RollingCuts(const std::vector<EventTable>& markets, uint32_t count);

}  // namespace kindred
