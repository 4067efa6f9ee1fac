#include "client/response_format.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "client/display_width.h"
#include "google/protobuf/util/json_util.h"

namespace kindred {
namespace {

std::string MatchText(v1::Match match) {
  switch (match) {
    case v1::MATCH_EXACT:
      return "known query";
    case v1::MATCH_SIMILAR:
      return "through similar queries";
    default:
      return "unknown query";
  }
}

// "120 users (80 after), 14 shared products, 2 shared words; via "gears of war 2"; pair 4.10, token 0.30". Kinds of
// evidence that there is none of are left out, and signals that would show as 0.00.
std::string ExplanationText(const v1::Explanation& explanation) {
  std::vector<std::string> evidence;
  const auto add = [&evidence](uint32_t count, absl::string_view what, const std::string& more = "") {
    if (count > 0) evidence.push_back(absl::StrCat(count, " ", what, count == 1 ? "" : "s", more));
  };
  add(explanation.users(), "user", absl::StrCat(" (", explanation.users_after(), " after)"));
  add(explanation.shared_products(), "shared product");
  add(explanation.shared_words(), "shared word");
  std::string text = evidence.empty() ? "no evidence but popularity" : absl::StrJoin(evidence, ", ");
  if (!explanation.via_query().empty()) absl::StrAppend(&text, "; via \"", explanation.via_query(), "\"");
  const char* separator = "; ";
  for (const v1::Signal& signal : explanation.signals()) {
    if (std::abs(signal.contribution()) < .005) continue;
    absl::StrAppendFormat(&text, "%s%s %.2f", separator, signal.name(), signal.contribution());
    separator = ", ";
  }
  return text;
}

}  // namespace

std::string FormatAsText(const v1::GetRelatedKeywordsRequest& request, const v1::GetRelatedKeywordsResponse& response) {
  std::string text = absl::StrCat("\"", request.query(), "\": ", MatchText(response.match()));
  if (response.match() == v1::MATCH_NONE && !request.market().empty()) {
    absl::StrAppend(&text, ", or no market \"", request.market(), "\"");
  }
  absl::StrAppend(&text, ", index version ", response.index_version(), "\n");
  if (response.keywords().empty()) return absl::StrCat(text, "  no related keywords\n");
  int width = 0;
  for (const v1::RelatedKeyword& keyword : response.keywords()) {
    width = std::max(width, DisplayWidth(keyword.keyword()));
  }
  int position = 0;
  for (const v1::RelatedKeyword& keyword : response.keywords()) {
    const std::string padding(width - DisplayWidth(keyword.keyword()), ' ');
    absl::StrAppendFormat(&text, "%4d  %s%s  %8.3f", ++position, keyword.keyword(), padding, keyword.score());
    if (keyword.has_explanation()) absl::StrAppend(&text, "  ", ExplanationText(keyword.explanation()));
    text += '\n';
  }
  return text;
}

absl::StatusOr<std::string> FormatAsJson(const v1::GetRelatedKeywordsResponse& response) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(response, &json, options);
  if (!status.ok()) return absl::InternalError(absl::StrCat("response to JSON: ", status.ToString()));
  return json;
}

}  // namespace kindred
