#include "index/build/history_page.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/status_macros.h"
#include "index/build/history_assets.h"
#include "index/build/history_format.h"
#include "index/evaluate/report_assets.h"
#include "index/evaluate/report_json.h"

namespace kindred {
namespace {

// Protobuf's JSON writes < and > as escapes, so that no text closes the element that it stands in.
template <typename Message>
absl::StatusOr<std::string> Array(const std::vector<Message>& messages) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::vector<std::string> elements;
  for (const Message& message : messages) {
    if (!google::protobuf::util::MessageToJsonString(message, &elements.emplace_back(), options).ok()) {
      return absl::InvalidArgumentError("the index's history cannot be written as JSON");
    }
  }
  return absl::StrCat("[", absl::StrJoin(elements, ",\n"), "]");
}

// What the page shows of a version; held-out pairs, for one, stay where they are.
index::v1::IndexInfo Shown(const index::v1::IndexInfo& info) {
  index::v1::IndexInfo shown;
  shown.set_version(info.version());
  shown.set_built_at_ms(info.built_at_ms());
  shown.mutable_log()->set_last_event_ms(info.log().last_event_ms());
  *shown.mutable_quality() = info.quality();
  for (const index::v1::MarketInfo& market : info.markets()) shown.add_markets()->set_lists(market.lists());
  if (info.has_comparison()) *shown.mutable_comparison() = info.comparison();
  return shown;
}

std::string Json(const std::optional<Decay>& decay) {
  if (!decay.has_value()) return "null";
  return absl::StrFormat("{\"per_day\": %.8f, \"standard_error\": %.8f, \"start\": %.8f, \"max_days\": %.4f}",
                         decay->per_day, decay->standard_error, decay->start, decay->max_days);
}

}  // namespace

absl::StatusOr<std::string> FormatHistoryPage(const std::vector<index::v1::IndexInfo>& versions,
                                              const std::vector<IndexVersion>& published,
                                              const std::vector<index::v1::Measurement>& measurements) {
  std::vector<index::v1::IndexInfo> shown;
  for (const index::v1::IndexInfo& info : versions) shown.push_back(Shown(info));
  ASSIGN_OR_RETURN(const std::string versions_json, Array(shown));
  ASSIGN_OR_RETURN(const std::string measurements_json, Array(measurements));
  const std::optional<Decay> decay = FitDecay(measurements);
  const std::string data =
      absl::StrCat("{\"published\": [", absl::StrJoin(published, ", "),
                   "], \"advice\": ", JsonString(DecayAdvice(decay)), ", \"decay\": ", Json(decay),
                   ",\n\"versions\": ", versions_json, ",\n\"measurements\": ", measurements_json, "}\n");
  // One pass: what is put in is not searched again.
  return absl::StrReplaceAll(HistoryTemplate(), {{"{{PAGE_STYLE}}", PageStyle()},
                                                 {"{{CHART_LIBRARY}}", ChartLibrary()},
                                                 {"{{PAGE_SCRIPT}}", PageScript()},
                                                 {"{{HISTORY_SCRIPT}}", HistoryScript()},
                                                 {"{{HISTORY_DATA}}", data}});
}

}  // namespace kindred
