#include "index/log/log_format.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kindred {
namespace {

constexpr std::array<std::pair<absl::string_view, LogFormat>, 5> kFormats = {{{"auto", LogFormat::kAuto},
                                                                              {"tsv", LogFormat::kTsv},
                                                                              {"csv", LogFormat::kCsv},
                                                                              {"ndjson", LogFormat::kNdjson},
                                                                              {"ubi", LogFormat::kUbi}}};

bool Has(absl::string_view text, absl::string_view member) {
  return absl::StrContains(text, absl::StrCat("\"", member, "\""));
}

// UBI joins queries and events on query_id; flat logs of searches have no use for an action line or for that pair of
// names.
bool LooksLikeUbi(absl::string_view beginning) {
  for (const absl::string_view action : {"index", "create"}) {
    if (absl::StartsWith(beginning, absl::StrCat("{\"", action, "\""))) return true;
  }
  return Has(beginning, "query_id") && (Has(beginning, "user_query") || Has(beginning, "action_name"));
}

}  // namespace

absl::StatusOr<LogFormat> ParseLogFormat(absl::string_view name) {
  for (const auto& [known, format] : kFormats) {
    if (name == known) return format;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown log format \"", name, "\"; known: auto, tsv, csv, ndjson, ubi"));
}

absl::StatusOr<LogFormat> DetectFormat(absl::string_view path, absl::string_view beginning) {
  std::string name = absl::AsciiStrToLower(path);
  for (const absl::string_view packed : {".gz", ".zst"}) {
    if (absl::EndsWith(name, packed)) name.resize(name.size() - packed.size());
  }
  beginning = absl::StripLeadingAsciiWhitespace(beginning);
  if (absl::EndsWith(name, ".tsv")) return LogFormat::kTsv;
  if (absl::EndsWith(name, ".csv")) return LogFormat::kCsv;
  if (absl::StartsWith(beginning, "{")) return LooksLikeUbi(beginning) ? LogFormat::kUbi : LogFormat::kNdjson;
  if (absl::StartsWith(beginning, "[") &&
      absl::StartsWith(absl::StripLeadingAsciiWhitespace(beginning.substr(1)), "{")) {
    return absl::InvalidArgumentError("a JSON array; write one object a line, as jq -c '.[]' does");
  }
  const absl::string_view first_line = beginning.substr(0, beginning.find('\n'));
  if (absl::StrContains(first_line, '\t')) return LogFormat::kTsv;
  if (absl::StrContains(first_line, ',')) return LogFormat::kCsv;
  return absl::InvalidArgumentError(
      "cannot tell the log's format; where it is a log, write --format tsv, csv, ndjson or ubi; where not, move it "
      "away or name the logs by a glob");
}

}  // namespace kindred
