// What the earlier queries of a visit are worth to the list of its next one: the server leaves out what was searched
// already; mixing in the lists of earlier queries is only tried here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "index/evaluate/evaluation_report.h"
#include "index/lookup/recommender.h"
#include "index/mine/event_table.h"
#include "index/mine/user_history.h"

namespace kindred {

// So many trials tell half a point of hit@10 apart, where two methods differ in a tenth of them.
inline constexpr size_t kMaxContextTrials = 20'000;

// Adds to `methods` what each makes of the held-out pairs of `window` whose session has another query before the
// source; of more than `max_trials` pairs, so many count, evenly spread. Methods: the list alone; without the last five
// other queries, about as the server answers; the same, with the list of the query before behind it, where it is not
// empty; the same of both lists, mixed by MergeLists(), that of the query before counting a tenth. The same for any
// number of threads, which must be above 0. Errors of CollectFromUsers() and Recommender::Recommend().
absl::Status AddContextQuality(const EventTable& table, const HistoryOptions& history, const TimeWindow& window,
                               const Recommender& recommender, size_t max_trials, uint32_t threads,
                               std::vector<ContextQuality>& methods);

}  // namespace kindred
