#include "index/build/build_report.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "index/store/files.h"

namespace kindred {
namespace {

void DescribeMarket(const index::v1::MarketInfo& info, const MineReport& mined, const RankedCounts& ranked,
                    index::v1::MarketReport& market) {
  market.set_name(info.name());
  market.set_users(mined.users);
  market.set_robots(mined.robots);
  market.set_sessions(mined.sessions);
  market.set_searches(mined.searches);
  market.set_clicks(mined.clicks);
  market.set_pairs(mined.pairs.pairs);
  market.set_kept_pairs(mined.pairs.kept_pairs);
  market.set_lists(info.lists());
  market.set_keywords(info.keywords());
  for (const auto& [cap, cut] : CapsCut(mined, ranked)) (*market.mutable_caps_cut())[cap] = cut;
}

}  // namespace

std::vector<std::pair<const char*, uint64_t>> CapsCut(const MineReport& mined, const RankedCounts& ranked) {
  return {{"user histories", mined.pairs.users_over_history_cap},
          {"user products", mined.users_over_item_cap},
          {"sessions", mined.pairs.sessions_over_cap},
          {"rows", ranked.caps.rows_cut},
          {"word pools", ranked.caps.word_pools_cut},
          {"query products", ranked.caps.products_of_query_cut},
          {"product queries", ranked.caps.queries_of_product_cut},
          {"walks", ranked.caps.walks_cut}};
}

index::v1::BuildReport MakeBuildReport(const BuildResult& result, const std::vector<StageTime>& stages) {
  const index::v1::IndexInfo& info = result.info;
  index::v1::BuildReport report;
  report.set_version(info.version());
  report.set_builder(info.builder());
  report.set_built_at_ms(info.built_at_ms());
  report.set_build_seconds(info.build_seconds());
  report.set_peak_memory_bytes(info.peak_memory_bytes());
  report.set_memory_budget_bytes(result.memory_budget_bytes);
  report.set_spilled_bytes(result.spilled_bytes);
  *report.mutable_inputs() = info.inputs();
  for (const StageTime& stage : stages) {
    index::v1::BuildStage& added = *report.add_stages();
    added.set_name(stage.name);
    added.set_seconds(stage.seconds);
    added.set_summary(stage.summary);
  }
  *report.mutable_log() = info.log();
  for (int i = 0; i < info.markets_size(); ++i) {
    const auto market = static_cast<size_t>(i);
    DescribeMarket(info.markets(i), result.mined[market], result.ranked[market], *report.add_markets());
  }
  return report;
}

absl::Status WriteBuildReport(const std::string& folder, const BuildResult& result,
                              const std::vector<StageTime>& stages) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;  // So that who reads it finds a 0 as such.
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(MakeBuildReport(result, stages), &json, options).ok()) {
    return absl::InvalidArgumentError(absl::StrCat(folder, ": ", kBuildReportName, " cannot be written as JSON"));
  }
  return ReplaceFile(folder, kBuildReportName, json);
}

}  // namespace kindred
