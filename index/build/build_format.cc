#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "index/build/build_index.h"
#include "index/build/build_report.h"
#include "index/build/gate.h"
#include "index/build/load_log.h"

namespace kindred {
namespace {

std::string MarketLines(const index::v1::MarketInfo& market, const MineReport& mined, const RankedCounts& ranked) {
  std::string text;
  if (!market.name().empty()) absl::StrAppendFormat(&text, "market %s\n", market.name());
  absl::StrAppendFormat(&text, "  %d users, %d sessions, %d searches of %d distinct queries\n", mined.users,
                        mined.sessions, mined.searches, market.queries());
  absl::StrAppendFormat(&text, "  left out: %d robots (%d events), %d half-typed searches\n", mined.robots,
                        mined.robot_events, mined.half_typed);
  absl::StrAppendFormat(&text, "  %d pairs of queries, %d of them of enough people\n", mined.pairs.pairs,
                        mined.pairs.kept_pairs);
  absl::StrAppendFormat(&text, "  %d lists, %d keywords\n", market.lists(), market.keywords());
  absl::StrAppend(
      &text, "  caps cut: ",
      absl::StrJoin(CapsCut(mined, ranked), ", ",
                    [](std::string* out, const auto& cap) { absl::StrAppend(out, cap.second, " ", cap.first); }),
      "\n");
  return text;
}

}  // namespace

std::string FormatBuild(const BuildResult& result) {
  std::string text;
  for (const std::string& line : ReportLines(result.rows)) absl::StrAppend(&text, line, "\n");
  const std::map<std::string, uint64_t> dropped(result.info.log().dropped().begin(), result.info.log().dropped().end());
  for (const auto& [reason, count] : dropped) {
    // What the reader skipped is among its own lines.
    if (!result.rows.skipped.contains(reason)) {
      absl::StrAppendFormat(&text, "left out: %s: %d %s\n", reason, count,
                            reason == kHalfTyped ? "searches" : "events");
    }
  }
  for (int i = 0; i < result.info.markets_size(); ++i) {
    text += MarketLines(result.info.markets(i), result.mined[i], result.ranked[i]);
  }
  if (result.weights.has_value()) absl::StrAppend(&text, "\n", FormatWeights(*result.weights));
  if (result.quality.has_value()) absl::StrAppend(&text, "\n", FormatTable(*result.quality));
  if (result.info.has_comparison()) absl::StrAppend(&text, "\n", FormatComparison(result.info.comparison()));
  if (result.spilled_bytes > 0) {
    absl::StrAppendFormat(&text, "\n%d MiB went through --temp_dir to be counted and ranked (--memory_budget %d MiB)\n",
                          result.spilled_bytes >> 20, result.memory_budget_bytes >> 20);
  }
  absl::StrAppendFormat(&text, "\nversion %d %s: %d stored rows, %d bytes, %.1f s, %d MiB of memory, checksum %s\n",
                        result.info.version(),
                        result.published ? "is active" : "is kept, not published (kindred-index publish)",
                        result.info.rows(), result.info.bytes(), result.info.build_seconds(),
                        result.info.peak_memory_bytes() >> 20, result.info.content_checksum());
  return text + result.size_note;
}

}  // namespace kindred
