// Whether a new version may take the place of the active one by itself.
//
// Both are asked the same pairs of queries: those that the active version's build held out of its own log and kept. The
// answers of the active side are those of an index that was built from the rows before them; the new side is an index
// of the new log's rows before the same cut. Neither has seen the pairs, neither has had more time to learn, and a new
// log that is spoiled cannot soften the test with its own sessions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "index/build/held_out_trials.h"
#include "index/build/load_log.h"
#include "index/store/index_root.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// Worse is only what lies further from the active version than this many standard errors and this share of its figure.
// The share lets pass what is too little to hold a version back for, however sure it is.
inline constexpr double kGateErrors = 2;
inline constexpr double kGateLoss = .02;
// An index of the rows that a sliding window leaves is a thinner one: for each share of the active log's time before
// the cut that the new log lacks, so much of that share may be lost besides. (Of a sample log of 100,000 rows whose
// window slid by 1, 3, 5, 8 and 10% of its rows, 1.6 to 16% of that time, hit@10 of .36 fell by .003, .009, .011, .013,
// .017.)
inline constexpr double kGateMissingLoss = .5;
// So much holds for the pairs whose queries both logs know. A pair that was held out is one that the active version's
// log knows: another sample of the same shoppers does not know all of them, and is not worse for that. (Sample logs of
// 100,000 rows, cut in two by shoppers, know .84 to .88 of each other's pairs; on all pairs each half seems .011 of
// hit@10 worse than the other.) Of all pairs only such a loss counts as no sample brings.
inline constexpr double kGateAllLoss = .25;
// Smaller: in queries that have a list, or in asked queries that are answered.
inline constexpr double kGateShrink = .1;
// More keywords without evidence, as a share of those shown.
inline constexpr double kGateNoEvidence = .001;
// The new log's own held-out sessions are other ones: nothing is paired, and weeks differ by more than their errors
// tell. On the log of docs/relevance.md, built anew each week, MRR@10 once fell by .55 and 2.1 errors and nothing was
// wrong; with the last week's users shuffled it falls to 0, by 5 errors.
inline constexpr double kGateOwnErrors = 3;
inline constexpr double kGateOwnLoss = .25;
// Fewer searches that follow another one in a session, as a share of all: sessions are what pairs are counted from, and
// a log whose users are mixed up loses them long before its rankings fall. On the same log its months differ by .2, and
// with half the rows' users shuffled it loses .73.
inline constexpr double kGateFollowUps = .3;

// The rows before the trials that a version keeps, at most. Less than kDefaultTrainingShare, so that a thin log has
// trials enough.
inline constexpr double kGateTrainingShare = .7;
// As the log grows or its window slides, the share before a cut that stays falls; at less than this, the cut moves on.
// Chosen, not measured: a window of ninety days gets there in four or five days.
inline constexpr double kGateLeastTrainingShare = .65;

// What was asked of both, and how it may be read.
struct AskedBoth {
  index::v1::HeldOut before, after;  // The same trials.
  std::vector<bool> known;           // By trial: the new log knows its queries, too (AskedAgain).
  double missing = 0;                // Of the active log's time before the cut, the share that the new log lacks.
  bool ranks_count = true;           // False: an index of all rows was asked, so only coverage is compared.
  std::string note;
};

// Where a new version's trials begin: at the same time as the active one's while about as much of the log comes before
// it, so that one index is asked what is kept and what was kept.
int64_t GateCutMs(const LoadedLog& log, const index::v1::IndexInfo* active);

// Asks an index of the new log what the active version's build kept. Of a log that begins so late that its rows before
// the cut are few, all rows are taken, which hold the answers: then only whether it answers counts. `index`: of the new
// log, to be used if it is of the rows that are wanted, or else given back before another is built.
//   Errors of IndexBefore.
absl::StatusOr<AskedBoth> AskBoth(const index::v1::IndexInfo& active, const LoadedLog& log, const TrialOptions& options,
                                  std::unique_ptr<const IndexBefore> index);

// The verdict. `fresh` has markets[].lists and quality set. `asked` of nullopt: the active version kept no trials,
// which the note says; sizes and figures of the builds are compared all the same.
index::v1::Comparison Compare(const index::v1::IndexInfo& active, const index::v1::IndexInfo& fresh,
                              const std::optional<AskedBoth>& asked);

// A table of its figures, and its note.
std::string FormatComparison(const index::v1::Comparison& comparison);

// The paragraph that says why `version` was kept and not published, by its first objection, and how to go on. REQUIRES:
// there are objections.
std::string FormatRefusal(const index::v1::Comparison& comparison, uint64_t version, const std::string& index_dir);

// A line for whoever publishes `next` where `before` was active: servers refuse it for its size, unless they were told
// otherwise. Empty: they do not.
std::string SizeNote(const IndexRoot& root, const index::v1::IndexInfo& next, const index::v1::IndexInfo& before);

}  // namespace kindred
