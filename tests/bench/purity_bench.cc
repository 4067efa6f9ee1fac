// How much of what the lists show belongs to the planted topic of its query: mines and ranks a sample log in memory as
// kindred-index build does by default, and prints a table for each market. Nothing is asserted.
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/program.h"
#include "common/status_macros.h"
#include "index/build/sample_truth.h"
#include "index/mine/mined_log.h"
#include "index/rank/ranker.h"
#include "tests/index/build/sample_events.h"
#include "tests/index/build/sample_purity.h"

ABSL_FLAG(uint64_t, rows, 100'000, "of the sample log");
ABSL_FLAG(uint64_t, seed, 1, "of the sample log");
ABSL_FLAG(uint32_t, wanted_days, 7, "MineOptions::max_wanted_days");
ABSL_FLAG(uint32_t, worst, 20, "how many of the worst lists to print");

namespace kindred {
namespace {

absl::Status Measure(const SampleOptions& options) {
  ASSIGN_OR_RETURN(const testing::SampleEvents sample, testing::MakeSampleEvents(options));
  ASSIGN_OR_RETURN(const std::vector<EventTable> tables, testing::TablesOf(sample.events));
  std::vector<MinedLog> mined;
  uint64_t searches = 0;
  MineOptions mine;
  mine.max_wanted_days = absl::GetFlag(FLAGS_wanted_days);
  for (const EventTable& table : tables) searches += mined.emplace_back(*Mine(table, mine)).report.searches;
  RankOptions rank;
  rank.min_users = AutoMinUsers(searches);
  for (size_t i = 0; i < tables.size(); ++i) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Ranker> ranker, Ranker::Create(tables[i], mined[i], rank));
    const bool japan = tables[i].market == SampleMarketName(SampleMarket::kJapan);
    const SampleTruth truth(japan ? SampleMarket::kJapan : SampleMarket::kTaiwan, options);
    testing::PurityMeter meter(truth);
    for (QueryId query = 0; query < tables[i].queries.size(); ++query) {
      const std::optional<RelatedList> list = ranker->Rank(query);
      if (list.has_value()) meter.Add(*list, mined[i].counts[query].searches);
    }
    std::cout << "market \"" << tables[i].market << "\": " << mined[i].report.searches << " searches, "
              << tables[i].queries.size() << " queries, min_users " << rank.min_users << "\n"
              << meter.Table() << "worst lists (searches):\n"
              << meter.Worst(absl::GetFlag(FLAGS_worst)) << "\n";
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace kindred

int main(int argc, char** argv) {
  kindred::ParseProgramFlags("purity_bench [--rows N]: do lists keep to the planted topic of their query?", argc, argv);
  const absl::Status status = kindred::Measure({.rows = absl::GetFlag(FLAGS_rows), .seed = absl::GetFlag(FLAGS_seed)});
  return kindred::Finish("purity_bench", status);
}
