// Which format a log is in, from its name or else from its first bytes.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/log/event_reader.h"

namespace kindred {

// `beginning`: the log's first bytes, decompressed, as many as are at hand; a line that they cut is not looked at
// unless it is the only one. The name decides between tsv and csv; NDJSON and UBI are told apart by what the first
// objects hold.
//   InvalidArgument: neither the name nor the bytes tell.
absl::StatusOr<LogFormat> DetectFormat(absl::string_view path, absl::string_view beginning);

}  // namespace kindred
